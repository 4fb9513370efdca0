/** `GetUser` of `-- name: GetUser :one`, as sqlc, aiosql and PugSQL write it. */
const NAMED = /name:\s*([\w.$!?<>-]+)/;

/** What the comments in front of a query call it, the last one that does; null where none does. */
export const queryName = (comments: readonly { readonly text: string }[]): string | null =>
  comments.map((c) => NAMED.exec(c.text)?.[1] ?? null).findLast((name) => name !== null) ?? null;
