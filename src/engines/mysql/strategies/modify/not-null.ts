import type { Phased } from "../../../engine.js";
import { nullsHelp, ownFill, ownFillNote } from "../../../fill-from-update.js";
import { SWAP } from "../../../place.js";
import { counting, type Filled, filling, without } from "../filling.js";
import { givenReader } from "../given-reader.js";
import type { Online } from "../online.js";
import { claimsOf, inPlaceStep } from "./in-place.js";
import { type Modify, stepId } from "./subject.js";

const filledOf = (m: Modify): Filled => ({
  context: m.context,
  table: m.table,
  column: m.old,
  id: (name) => stepId(m, name),
});

function withFill(m: Modify, way: Online, fill: string, told: readonly string[]): Phased {
  const { before, behind, notes } = filling(filledOf(m), fill, told.length > 0, SWAP);
  return {
    steps: [...before, inPlaceStep(m, way), ...behind],
    retires: [],
    claims: claimsOf(m),
    gates: [],
    notes: [...told, ...notes],
  };
}

/**
 * NULL to NOT NULL: rows are counted, or filled where a fill is given or the file's own UPDATE tells it, before the contract
 * makes it strict.
 *
 * @throws Refusal
 */
export function becomeNotNull(m: Modify, way: Online): Phased {
  const { fill, dialect } = m.context;
  if (fill !== null) return withFill(m, way, fill, []);
  const own = ownFill({ ...m, column: m.old }, givenReader(dialect));
  if (own !== null) return withFill(m, way, own, [ownFillNote(m.old.name, own)]);
  const f = filledOf(m);
  return {
    steps: [...counting(f, without(f, nullsHelp(m.context))), inPlaceStep(m, way)],
    retires: [],
    claims: claimsOf(m),
    gates: [],
    notes: [],
  };
}
