import type { Effect } from "../../../model/effect.js";
import type { OtherOperation } from "../../../model/operation.js";
import { altered, type Change, unaltered } from "./change.js";
import { COPY } from "./ways.js";

/** What is not understood is taken for the worst that a statement can do: a copy of the table. */
export function worstChange(operation: OtherOperation, why?: string): Change {
  const { relation, what } = operation;
  const said: Partial<Effect> = {
    breaks: [Object.freeze({ what: "both", who: "N-1", why: `what ${what} does to running code is not known` })],
    fails: "whether it fails on the data that is there is not known",
    destroys: true,
    assumes: [`${why ?? `the effects of ${what} are not modelled`}: the worst case is taken`],
  };
  if (relation !== null) return altered(relation, COPY, said, "moved");
  // Without a table nobody can say which locks are taken; what is done to the data is as bad.
  const done = { rewrite: true, scan: true, indexesRebuilt: true, transaction: "never", algorithm: "COPY" } as const;
  return unaltered({ ...said, ...done, replicaCost: "replay" });
}
