/** Where a schema is asked: as it is, and behind each part of a plan. */
export type QueryStage = "before" | "expand" | "backfill" | "swap" | "drop";

export const QUERY_STAGES: readonly QueryStage[] = Object.freeze(["before", "expand", "backfill", "swap", "drop"]);

/** `changes`: it runs, and what it returns, takes or means is not what it was. `unknown`: nobody could tell. */
export type QueryVerdict = "works" | "changes" | "breaks" | "unknown";

/** What a schema makes of a query. */
export interface QueryOutcome {
  readonly verdict: QueryVerdict;
  /** What changes, or the server's words; null where it works. */
  readonly reason: string | null;
}

/** A query of the application, and where it was found. */
export interface Query {
  /** `queries/users.sql:3 GetUser`, `database 123`. */
  readonly source: string;
  /** As it was found. */
  readonly text: string;
}

/**
 * Whose query it is, by where it works: running code's works before the migration, new code's from some phase on. `none`:
 * it works nowhere; `gone`, `later`: it works in an earlier or later migration of the plan only. `unknown`: nobody could tell.
 */
export type QueryOwner = "old" | "new" | "none" | "gone" | "later" | "unknown";

/** How a query of the application fares in each phase. */
export interface QueryCompatibility {
  readonly query: Query;
  readonly owner: QueryOwner;
  readonly outcomes: Readonly<Record<QueryStage, QueryOutcome>>;
}

const ORDER: readonly QueryVerdict[] = ["works", "changes", "unknown", "breaks"];

/** Contract as a whole: the worse of its swap and its drop. */
export function contractOutcome({ swap, drop }: QueryCompatibility["outcomes"]): QueryOutcome {
  return ORDER.indexOf(drop.verdict) > ORDER.indexOf(swap.verdict) ? drop : swap;
}

/** True for a query that every phase leaves as it is. */
export const isUntouched = ({ owner, outcomes }: QueryCompatibility): boolean =>
  owner !== "unknown" && QUERY_STAGES.every((stage) => outcomes[stage].verdict === "works");
