import { type ReactNode, useRef } from "react"
import { useAddComment, useComments, useCurrentUser } from "../api"
import { Field } from "../form/Field"
import { FormError } from "../form/FormError"
import { SubmitButton } from "../form/SubmitButton"
import { errorsOf } from "../form/errors"
import { textOf } from "../form/values"
import { formatAgo } from "../format"
import { Avatar } from "../layout/Avatar"

export function Comments({ id }: { id: number }): ReactNode {
  const comments = useComments({ id })
  const me = useCurrentUser()
  return (
    <section className="comments" aria-label="Comments">
      <h3>Comments</h3>
      {comments.length === 0 && <p className="empty">Nobody has said anything yet.</p>}
      <ul>
        {comments.map((comment) => (
          <li key={comment.id} className="comment">
            <Avatar person={comment.author} />
            <div>
              <p className="comment-head">
                <strong>{comment.author.name}</strong> <time dateTime={comment.created_at}>{formatAgo(comment.created_at)}</time>
              </p>
              <p className="comment-text">{comment.text}</p>
            </div>
          </li>
        ))}
      </ul>
      {me === null ? <p className="empty">Log in to say something.</p> : <CommentForm id={id} />}
    </section>
  )
}

function CommentForm({ id }: { id: number }): ReactNode {
  const form = useRef<HTMLFormElement>(null)
  const add = useAddComment({ onSuccess: () => form.current?.reset() })
  return (
    <form
      ref={form}
      className="form"
      aria-label="Add a comment"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        add.mutate({ id, text: textOf(new FormData(event.currentTarget), "text") })
      }}
    >
      <FormError error={add.error} fields={["text"]} />
      <Field label="Your comment" errors={errorsOf(add.error, "text")}>
        {(control) => <textarea name="text" rows={2} {...control} />}
      </Field>
      <div className="form-end">
        <SubmitButton isPending={add.isPending}>Comment</SubmitButton>
      </div>
    </form>
  )
}
