import type { RuleContext } from "./rule.js";

/** What old code loses by the operation, in words; null when it loses nothing, or when no old code runs any more. */
export function breakageOf({ effect, phase }: Pick<RuleContext, "effect" | "phase">): string | null {
  if (phase === "contract") return null;
  const broken = effect.breaks.find((breakage) => breakage.who === "N-1");
  return broken?.why ?? (effect.destroys ? "its data is gone" : null);
}
