import { ZmigrateError } from "../errors.js";
import { isPhase, PHASES, type PhaseName } from "../model/phase.js";

/** What `--phase` was given. @throws ZmigrateError usage */
export function phaseOf(given: string): PhaseName {
  if (isPhase(given)) return given;
  throw new ZmigrateError("usage", { reason: `--phase: "${given}" is not one of ${PHASES.join(", ")}.` });
}
