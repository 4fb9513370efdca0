import type { Blocker } from "../model/event.js";

/** A transaction that somebody has prepared: it holds its locks without a session, also over a restart. */
export interface Prepared {
  /** What it is called; "" where this user may not see that. */
  readonly name: string;
  /** Who has prepared it; "" where the server does not say. */
  readonly user: string;
  readonly ageMs: number | null;
  /** What can be said of it, for people, with what ends it. */
  readonly text: string;
}

/** Who ends a prepared transaction, with the two statements that do, for people. */
export const endedBy = (commit: string, rollback: string): string =>
  `no session is in it, and only its coordinator, or a person, ends it: ${commit} or ${rollback}`;

/** A prepared transaction as a holder of locks. */
export const preparedBlocker = ({ name, user, ageMs, text }: Prepared): Blocker => ({
  pid: 0,
  prepared: name,
  user,
  application: "",
  ageMs,
  query: text,
});
