import type { CreateObject } from "../model/detail/object.js";
import type { RelationName } from "../model/name.js";
import type { ObjectDetail } from "../model/operation-detail.js";
import { type Known, keyOf, routineName } from "./known.js";
import { emptyMap, get, set, without } from "./persistent-map.js";
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
  const named = withName(known, detail, detail.name);
  if (detail.kind === "create-object") return created(named, detail, detail.name);
  return named.steady.size === 0 ? named : withSteady(named, detail.name, false);
}

/**
 * What names of routines files have made. One that is dropped leaves its name to others that take something else on
 * PostgreSQL, and to nobody elsewhere.
 */
function withName(known: Known, detail: Extract<ObjectDetail, { readonly object: string }>, name: RelationName): Known {
  const key = routineName(known, detail.object, qualified(known, name));
  if (detail.kind === "drop-object" && known.dialect !== undefined)
    return { ...known, routineNames: without(known.routineNames, key) };
  const other =
    detail.kind === "rename-object"
      ? [routineName(known, detail.object, qualified(known, { ...name, name: detail.to }))]
      : [];
  return { ...known, routineNames: [key, ...other].reduce((names, one) => set(names, one, true), known.routineNames) };
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
