import type { GateResult } from "../model/gate.js";
import type { Gate } from "./gate.js";

/** Gates that a person takes for open in a run, by name, and why: the audit keeps it. */
export interface Acceptance {
  readonly gates: readonly string[];
  readonly reason: string;
}

/** One that is always on and has found something that contract would break says so to everybody. */
const mayBe = ({ state }: GateResult, { always }: Gate): boolean => state === "unknown" || always !== true;

/** A verdict with the reason for which it does not count, where it is accepted. */
export function accepted(gate: Gate, result: GateResult, acceptance: Acceptance | undefined): GateResult {
  if (result.state === "open" || acceptance?.gates.includes(gate.name) !== true) return result;
  if (mayBe(result, gate)) return Object.freeze({ ...result, accepted: acceptance.reason });
  const reason = `${result.reason}; this gate is not accepted while it is closed: --accept takes it where it cannot tell`;
  return Object.freeze({ ...result, reason });
}
