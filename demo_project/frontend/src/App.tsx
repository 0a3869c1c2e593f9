import type { ReactNode } from "react"
import { BoardContext } from "./api"
import { Board } from "./board/Board"
import { About } from "./layout/About"
import { ErrorBoundary } from "./layout/ErrorBoundary"
import { Header } from "./layout/Header"
import { BoardSkeleton, SideSkeleton } from "./layout/Skeleton"
import { VisitorNote } from "./account/VisitorNote"
import { ActivityFeed } from "./side/ActivityFeed"
import { EchoBox } from "./side/EchoBox"
import { OpenTask } from "./task/OpenTask"
import { Suspense } from "react"

export function App(): ReactNode {
  return (
    <>
      <Header />
      <About />
      <VisitorNote />
      <div className="page">
        <BoardContext>
          <main className="page-board" aria-label="Board">
            <ErrorBoundary>
              <Suspense fallback={<BoardSkeleton />}>
                <Board />
              </Suspense>
            </ErrorBoundary>
          </main>
          <aside className="page-side" aria-label="Around the board">
            <ErrorBoundary>
              <Suspense fallback={<SideSkeleton />}>
                <ActivityFeed />
              </Suspense>
            </ErrorBoundary>
            <EchoBox />
          </aside>
          <OpenTask />
        </BoardContext>
      </div>
    </>
  )
}
