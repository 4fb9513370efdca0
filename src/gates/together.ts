import type { GateResult } from "../model/gate.js";

/** What one of several checks of a gate has found. */
export interface Verdict {
  readonly state: GateResult["state"];
  readonly reason: string;
  /** The same for programs. */
  readonly evidence: Readonly<Record<string, unknown>>;
}

/** A gate is open when all of its checks are, and closed when one is; those that are not stand first. */
export function together(name: string, verdicts: readonly Verdict[]): GateResult {
  const of = (state: GateResult["state"]) => verdicts.filter((v) => v.state === state);
  const [closed, unknown, open] = [of("closed"), of("unknown"), of("open")];
  const state = closed.length > 0 ? "closed" : unknown.length > 0 ? "unknown" : "open";
  const checks = verdicts.map((v) => ({ state: v.state, ...v.evidence }));
  const reason = [...closed, ...unknown, ...open].map((v) => v.reason).join("; ");
  return Object.freeze({ name, state, reason, evidence: { checks } });
}
