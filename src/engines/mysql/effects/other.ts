import type { Effect } from "../../../model/effect.js";
import type { RelationName } from "../../../model/name.js";
import type { OtherOperation } from "../../../model/operation.js";
import { effect } from "../../effect.js";
import { COPY, effectOf } from "./ways.js";

/** What is not modelled is taken for the worst that a statement can do: a copy of the table. */
export function otherEffect(operation: OtherOperation): Effect {
  if (operation.harmless) return effect({});
  const { relation, what } = operation;
  const worst: Partial<Effect> = {
    breaks: [Object.freeze({ what: "both", who: "N-1", why: `what ${what} takes from running code is not known` })],
    fails: "whether it fails on the data that is there is not known",
    destroys: true,
    assumes: [`the effects of ${what} are not modelled: the worst case is taken`],
  };
  // Without a table nobody can say which locks are taken; what is done to the data is as bad.
  const copied = effectOf(relation ?? NOWHERE, COPY, worst);
  return relation === null ? effect({ ...copied, locks: [] }) : copied;
}

const NOWHERE: RelationName = Object.freeze({ schema: null, name: "" });
