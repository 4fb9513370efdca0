import type { Phased } from "../../../engine.js";
import { EXPAND } from "../../../place.js";
import { quote } from "../../names.js";
import { alter } from "../ddl.js";
import { hasConstraint, stateOf } from "../facts.js";
import { guarded } from "../guarded.js";
import { effectAlone } from "../online.js";
import { stepWith } from "../written.js";
import { phasedOf, type Subject } from "./subject.js";

const WHY = "The table is new in this release, so no running code knows it: the change is made at once.";

/** A constraint of a table that no running code knows, added as it is written. */
export function onNewTable(
  s: Subject,
  { name, definition, drop }: { readonly name: string; readonly definition: string; readonly drop: string },
): Phased {
  const { relation } = s.table;
  const there = hasConstraint(relation, name);
  const made = stepWith(effectAlone(s.operation, s.context), s.context, {
    name: "add-constraint",
    ...EXPAND,
    sql: [alter(relation, `ADD CONSTRAINT ${quote(name)} ${definition}`)],
    undo: guarded(there, alter(relation, drop)),
    probe: { sql: stateOf(there), repair: [] },
    reason: WHY,
  });
  return phasedOf([made], []);
}
