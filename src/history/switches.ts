import type { Dependent } from "../model/catalog.js";
import type { Switch } from "../model/detail/table.js";
import type { RelationName } from "../model/name.js";
import type { Known } from "./known.js";
import { changeTable } from "./tables.js";

/** What is known behind ENABLE and DISABLE of triggers and row security (PostgreSQL). */
export function applySwitch(known: Known, relation: RelationName, change: Switch): Known {
  const { what, enabled } = change;
  if (what === "row-security") return changeTable(known, relation, (table) => ({ ...table, rowSecurity: enabled }));
  if (what === "force-row-security")
    return changeTable(known, relation, (table) => ({ ...table, forcedRowSecurity: enabled }));
  return switchTriggers(known, relation, change);
}

/** Triggers that are off are called by nothing that is written. */
function switchTriggers(known: Known, relation: RelationName, { what, enabled, name, firing }: Switch): Known {
  if (what !== "trigger") return known;
  const switched = (dependent: Dependent): Dependent => {
    if (dependent.kind !== "trigger" || (name !== null && dependent.name !== name)) return dependent;
    const { off: _, ...on } = dependent;
    return enabled && firing !== "replica" ? on : { ...on, off: true };
  };
  return changeTable(known, relation, (table) => ({ ...table, dependents: table.dependents.map(switched) }));
}
