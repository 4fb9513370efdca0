import type { Missing } from "./missing-from-history.js";
import type { RuleContext } from "./rule.js";

/** Something is taken away that the files themselves show to be needed: the server says no, in whatever phase. */
export function refusedByNeed({ effect }: Pick<RuleContext, "effect">): Missing | null {
  const { needed } = effect;
  return needed === undefined ? null : { what: `${needed.why} (${needed.code})`, help: HELP };
}

const HELP = "In front of it, drop what needs it, one by one, or change that so that it does not need it any more.";
