"""
How far a request walks through Mizan: ``python -m benchmarks.walks [--trace NAME]``.

A move is a call from a module of Mizan into another one. Fewer moves are fewer places that a reader of the code must know.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from benchmarks.cache import redis_server
from benchmarks.wsgi import request_to, start_project

PACKAGE = str(Path(__file__).resolve().parent.parent / "mizan") + os.sep


class Walk:
    """The moves of what runs inside."""

    def __init__(self) -> None:
        self.moves: list[tuple[int, str, str]] = []
        """How deep in Mizan's own frames, the module and the function that is called."""
        self.modules: set[str] = set()
        self._stack: list[str] = []

    def __enter__(self) -> Self:
        sys.setprofile(self._follow)
        return self

    def __exit__(self, *args: object) -> None:
        sys.setprofile(None)

    def _follow(self, frame: Any, event: str, argument: Any) -> None:
        code = frame.f_code
        if event not in ("call", "return") or not code.co_filename.startswith(PACKAGE):
            return
        module = code.co_filename.removeprefix(PACKAGE).removesuffix(".py").replace(os.sep, ".")
        if event == "return":
            self._stack.pop()
            return
        if self._stack and self._stack[-1] != module:
            self.moves.append((len(self._stack), module, code.co_qualname))
        self._stack.append(module)
        self.modules.add(module)


def main() -> None:
    """Print moves and modules of five requests: ``miss`` is asked again after a change, ``first`` was never asked before."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trace", metavar="NAME", help="also print each move of one of the requests")
    options = parser.parse_args()
    with redis_server() as url:
        os.environ["BENCHMARK_REDIS"] = url
        handler, _ = start_project()
        declare()
        requests: dict[str, tuple[Callable[[], bytes], int]] = {
            "echo": (request_to(handler, "/api/mizan/call/echo/", {"text": "hi"}), 12),
            "hit": (request_to(handler, "/api/mizan/ctx/one/?id=0"), 18),
            "miss": (request_to(handler, "/api/mizan/ctx/one/?id=0"), 35),
            "first": (request_to(handler, "/api/mizan/ctx/one/?id={}"), 35),
            "affects": (request_to(handler, "/api/mizan/call/change/", {"id": 0}), 25),
        }
        print(f"{'request':<10}{'moves':>7}{'target':>8}{'modules':>9}")
        for name, (send, target) in requests.items():
            send()
            if name == "miss":
                requests["affects"][0]()
            with Walk() as walk:
                send()
            print(f"{name:<10}{len(walk.moves):>7}{target:>8}{len(walk.modules):>9}")
            if name == options.trace:
                for depth, module, function in walk.moves:
                    print(f"{'  ' * depth}{module}.{function}")


def declare() -> None:
    """A context with one reader, and a mutation that makes it stale."""
    from mizan.client import client
    from mizan.setup import register

    @client(auth=False, context="one")
    def one(request: Any, id: int) -> int:
        return id

    @client(auth=False, affects="one")
    def change(request: Any, id: int) -> None: ...

    register(one)
    register(change)


if __name__ == "__main__":
    main()
