import type { Effect } from "../../../../../src/model/effect.js";
import type { Accepted } from "../accepted.js";

/** A way in the letters of operations.tsv. */
function letters(algorithm: string | null, rebuilt: boolean, concurrent: boolean): string {
  const first = algorithm === "INSTANT" ? "I" : algorithm === "COPY" ? "C" : rebuilt ? "R" : "P";
  return `${first}/${concurrent ? "N" : "S"}`;
}

export function stated(effect: Effect): string {
  const concurrent = !effect.locks.some((l) => l.held !== "brief" && l.blocks === "writes");
  return letters(effect.algorithm, effect.rewrite, concurrent);
}

export function seen(accepted: Accepted): string {
  return letters(accepted.algorithm, accepted.rebuilt, accepted.concurrent);
}
