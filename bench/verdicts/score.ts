import { type Case, truthOf } from "./case.js";
import type { Alarm } from "./peers/peer.js";

/** How a linter did, by the ids of the cases in which it was wrong. */
export interface Score {
  /** It spoke, and nothing dangerous had been seen. */
  readonly falseAlarms: readonly string[];
  /** It said nothing, and something dangerous had been seen. */
  readonly silences: readonly string[];
}

/**
 * Compares what a linter said with what was measured. Any alarm on a dangerous case counts as having found it,
 * whatever it names.
 *
 * @param withAdvice also what is advice counts as an alarm
 */
export function score(cases: readonly Case[], said: ReadonlyMap<string, readonly Alarm[]>, withAdvice: boolean): Score {
  const speaks = ({ id }: Case) => (said.get(id) ?? []).some(({ advice }) => withAdvice || !advice);
  const idsOf = (truth: "safe" | "dangerous", spoke: boolean) =>
    cases.filter((given) => truthOf(given) === truth && speaks(given) === spoke).map(({ id }) => id);
  return Object.freeze({ falseAlarms: idsOf("safe", true), silences: idsOf("dangerous", false) });
}
