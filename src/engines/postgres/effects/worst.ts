import type { Effect } from "../../../model/effect.js";
import type { OtherOperation } from "../../../model/operation.js";
import { effect } from "../../effect.js";
import { lock } from "./locks.js";

/** What is not understood is taken for the worst that a statement can do. */
export function worst(operation: OtherOperation, why = `the effects of ${operation.what} are not modelled`): Effect {
  const { relation, what } = operation;
  return effect({
    locks: relation === null ? [] : [lock(relation, "ACCESS EXCLUSIVE", "rewrite")],
    rewrite: true,
    scan: true,
    indexesRebuilt: true,
    breaks: [Object.freeze({ what: "both", who: "N-1", why: `what ${what} does to running code is not known` })],
    fails: "whether it fails on the data that is there is not known",
    destroys: true,
    transaction: "alone",
    replicaCost: "replay",
    assumes: [`${why}: the worst case is taken`],
  });
}
