/**
 * What was seen on a server. A statement in which none of these was seen is safe.
 *
 * - `stalls-reads`, `stalls-writes`: a lock that keeps readers, or writers, out is held while a table or an index is read
 *   through or written anew, so that it is held longer the larger the table is.
 * - `queues`: while one transaction that has read a table goes on, code that uses another table, or the same one, waits
 *   behind the migration, and does not behind a gentler form of it that the case names.
 * - `rebuilds`: the table is written anew beside running code; replicas stand still for as long (MySQL, MariaDB).
 * - `writes-all`: one transaction writes as many rows as the table has.
 * - `breaks`: a statement of the code that runs now fails afterwards, or finds fewer rows.
 * - `fails`: the migration itself is refused.
 * - `not-done`: the migration ends, and what it was written for is not there.
 */
export type Danger =
  | "stalls-reads"
  | "stalls-writes"
  | "queues"
  | "rebuilds"
  | "writes-all"
  | "breaks"
  | "fails"
  | "not-done";

/** How it is seen whether code waits behind a migration that itself waits. */
export interface Queue {
  /** Read in a transaction that stays open. */
  readonly reader: string;
  /** Run while the migration waits for the reader. */
  readonly victim: string;
  /** The same change in a form behind which the victim does not wait. */
  readonly gentler?: string;
}

/** A migration whose truth is measured, not stated: `dangers` is what the server showed, and a test asks it again. */
export interface Case {
  /** A sentence in kebab case, unique among those of its engine. */
  readonly id: string;
  /** The migration as it stands in its file, behind the schema that all cases share. */
  readonly sql: string;
  /** Empty: safe. */
  readonly dangers: readonly Danger[];
  /** Why, for people. */
  readonly why: string;
  /** What code that runs now sends besides what all cases share. Works before the migration. */
  readonly old?: readonly string[];
  /** What code that comes with the migration sends: works after it, or the migration has not done what it is for. */
  readonly fresh?: readonly string[];
  readonly queue?: Queue;
  /** Somebody has a transaction with a write in this table open for some seconds. */
  readonly busy?: string;
}

/** A case in which nothing dangerous was seen. */
export const safe = (id: string, sql: string, why: string, rest: Partial<Case> = {}): Case =>
  Object.freeze({ id, sql, dangers: [], why, ...rest });

/** A case in which these dangers were seen. */
export const dangerous = (
  dangers: Danger | readonly Danger[],
  id: string,
  sql: string,
  why: string,
  rest: Partial<Case> = {},
): Case => Object.freeze({ id, sql, dangers: typeof dangers === "string" ? [dangers] : dangers, why, ...rest });

/** `safe` or `dangerous`. */
export const truthOf = ({ dangers }: Case): "safe" | "dangerous" => (dangers.length === 0 ? "safe" : "dangerous");
