import { type Phased, Refusal } from "../engines/engine.js";
import type { PhaseName } from "../model/phase.js";
import type { Step } from "../model/step.js";

/** Rows that are written anywhere may be: the author knows what running code makes of them. */
function standingIn(phased: Phased, phase: PhaseName): Phased {
  const steps = phased.steps.map(
    (s): Step => ({ ...s, phase, stage: phase === "contract" ? (s.stage ?? "swap") : null }),
  );
  return { ...phased, steps };
}

/** The author's own split: the operation's steps belong to the phase that was named. @throws Refusal */
export function asSplit(phased: Phased, phase: PhaseName | null): Phased {
  if (phase === null) return phased;
  if (phased.anyPhase === true) return standingIn(phased, phase);
  const contracts = phased.steps.some((s) => s.phase === "contract");
  if (phase === "contract") {
    const begins = phased.steps.some((s) => s.phase === "expand" && s.adds !== undefined);
    if (contracts && (begins || phased.retires.some((r) => r.retypes === true || r.replacement !== null)))
      throw new Refusal(
        "This puts other columns in the place of those that are there, which begins in expand, and stands in the contract phase.",
        "Leave the phase directives out and let zmigrate split it.",
      );
    const steps = phased.steps
      .filter((s) => !contracts || s.phase === "contract")
      .map((s): Step => ({ ...s, phase, stage: s.stage ?? "swap" }));
    return { ...phased, steps };
  }
  if (contracts)
    throw new Refusal(
      `This takes something away from code that is running, and stands in the ${phase} phase.`,
      "Put it behind `-- zmigrate:phase contract`, or leave the phase directives out and let zmigrate split it.",
    );
  return phase === "backfill" ? { ...phased, steps: phased.steps.map((s): Step => ({ ...s, phase })) } : phased;
}
