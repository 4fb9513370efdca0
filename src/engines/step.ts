import type { Step } from "../model/step.js";

type Given = Pick<Step, "id" | "phase" | "kind" | "reason"> & Partial<Step>;

/** A step from what is particular about it: no statements, no lock, no undo, one transaction, evidence by rule. */
export function step(given: Given): Step {
  return Object.freeze({
    stage: null,
    sql: [],
    undo: [],
    undoTransaction: true,
    final: given.stage === "drop",
    transaction: true,
    atomicPacket: false,
    locks: [],
    rewrite: false,
    scan: false,
    evidence: "rule",
    unlimited: false,
    probe: null,
    backfill: null,
    verify: null,
    ...given,
  });
}
