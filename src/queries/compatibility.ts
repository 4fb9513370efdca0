import type { Prepared } from "../engines/shadow.js";
import {
  QUERY_STAGES,
  type Query,
  type QueryCompatibility,
  type QueryOutcome,
  type QueryOwner,
  type QueryStage,
} from "../model/query.js";
import { outcomeOf } from "./outcome.js";

/** What each schema that a plan goes through makes of one query. */
export type Seen = Readonly<Record<QueryStage, Prepared>>;

/** Old code's query works before; new code's from some phase on. */
function ownerOf(seen: Seen, runs: boolean): QueryOwner {
  const kinds = QUERY_STAGES.map((stage) => seen[stage].kind);
  if (seen.before.kind === "works") return runs ? "old" : "new";
  if (seen.before.kind === "unknown") return "unknown";
  if (kinds.includes("works")) return "new";
  return kinds.includes("unknown") ? "unknown" : "none";
}

/**
 * A row of the matrix.
 *
 * @param runs false where code that runs now cannot send it, though it works before this migration
 */
export function compatibilityOf(query: Query, seen: Seen, runs = true): QueryCompatibility {
  const first = QUERY_STAGES.map((stage) => seen[stage]).find((p) => p.kind === "works") ?? null;
  const entries = QUERY_STAGES.map((stage): [QueryStage, QueryOutcome] => [stage, outcomeOf(seen[stage], first)]);
  return Object.freeze({
    query,
    owner: ownerOf(seen, runs),
    outcomes: Object.freeze(Object.fromEntries(entries) as Record<QueryStage, QueryOutcome>),
  });
}
