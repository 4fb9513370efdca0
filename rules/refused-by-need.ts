import type { Operation } from "../src/model/operation.js";
import type { DetailKind } from "../src/model/operation-detail.js";
import type { Missing } from "./missing-from-history.js";
import type { RuleContext } from "./rule.js";

/** What takes something away. */
const TAKES_AWAY: ReadonlySet<DetailKind> = new Set<DetailKind>([
  "drop-constraint",
  "drop-index",
  "drop-object",
  "drop-table",
  "truncate",
]);

const takesAway = (operation: Operation): boolean =>
  operation.kind === "drop-column" ||
  (operation.kind === "other" && operation.detail !== undefined && TAKES_AWAY.has(operation.detail.kind));

/** Something is taken away that the files themselves show to be needed: the server says no, in whatever phase. */
export function refusedByNeed({ operation, effect }: Pick<RuleContext, "operation" | "effect">): Missing | null {
  const why = takesAway(operation)
    ? /^it is refused \(([^)]*)\)(?:, because |: )(.*)$/s.exec(effect.fails ?? "")
    : null;
  if (why === null) return null;
  const [, code = "", reason = ""] = why;
  return { what: `${reason} (${code})`, help: HELP };
}

const HELP = "In front of it, drop what needs it, one by one, or change that so that it does not need it any more.";
