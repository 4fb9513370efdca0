import type { CreateObject } from "../model/detail/object.js";
import type { RelationName } from "../model/name.js";
import type { ObjectDetail } from "../model/operation-detail.js";
import { type Known, keyOf } from "./known.js";
import { emptyMap, get, set } from "./persistent-map.js";
import { qualified } from "./session.js";

/**
 * What is known of functions' volatility behind a change of one. Functions share their names: one of them that is
 * volatile, or was changed, makes the name uncertain.
 */
export function applyFunction(known: Known, detail: ObjectDetail): Known {
  if (!("object" in detail)) return known;
  if (detail.object === "schema" && detail.kind !== "create-object") return withoutAll(known);
  const routine = detail.object === "function" || detail.object === "procedure" || detail.object === "aggregate";
  if (!routine || detail.name === null) return known;
  if (detail.kind === "create-object") return created(known, detail, detail.name);
  return known.steady.size === 0 ? known : withSteady(known, detail.name, false);
}

const withoutAll = (known: Known): Known => (known.steady.size === 0 ? known : { ...known, steady: emptyMap() });

function created(known: Known, { steady }: CreateObject, name: RelationName): Known {
  const before = get(known.steady, keyOf(known, qualified(known, name)));
  return withSteady(known, name, steady === true && before !== false);
}

/** A name stays uncertain: which of its functions an expression calls is not worked out. */
const withSteady = (known: Known, name: RelationName, steady: boolean): Known => ({
  ...known,
  steady: set(known.steady, keyOf(known, qualified(known, name)), steady),
});
