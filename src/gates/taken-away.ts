import { type RelationName, show } from "../model/name.js";
import type { RetiredTable } from "../model/plan.js";
import type { GateContext } from "./gate.js";

type Plan = GateContext["record"]["plan"];
type Stage = GateContext["stage"];

/** What goes away at a stage, as a name that nobody may need any more; null where nothing does. */
export function goesAt({ relation, parked, replacement }: RetiredTable, stage: Stage): string | null {
  // A renamed table keeps its old name as a view until the drop.
  if (replacement !== null) return stage === "drop" ? relation.name : null;
  return stage === "swap" ? relation.name : (parked ?? relation.name);
}

const defaultOf = (relation: RelationName, column: string): string => `default of ${show(relation)}.${column}`;

/** The names of a table until the contract is over: a rename of the file gives it another one. */
const namesOf = (relation: RelationName, { retiredTables = [] }: Plan): RelationName[] => [
  relation,
  ...retiredTables.filter((t) => t.replacement === relation.name).map((t) => t.relation),
];

/** Defaults and foreign keys that the contract takes from tables that stay. What the swap has left there is no more its own. */
function ofChanges(plan: Plan, stage: Stage): string[] {
  const changes = (plan.changes ?? []).filter(({ swapped }) => stage === "swap" || !swapped);
  return changes.flatMap(({ relation, gone, columns }) =>
    namesOf(relation, plan).flatMap((table) => [
      ...gone.flatMap((key) => [table.name, show(table)].map((name) => `foreign key ${key} of ${name}`)),
      ...columns.filter((c) => c.default !== undefined).map((c) => defaultOf(table, c.name)),
    ]),
  );
}

const ofColumns = ({ retires }: Plan, stage: Stage): string[] =>
  retires.map(({ relation, column, parked }) => defaultOf(relation, stage === "swap" ? column : parked));

/** Any default of a table or view that goes: it goes with it. */
function ofTables({ retiredTables = [] }: Plan, stage: Stage): string[] {
  const gone = retiredTables.flatMap((table) => {
    const name = goesAt(table, stage);
    const standIn = stage === "swap" ? table.standIn : undefined;
    return [...(name === null ? [] : [{ ...table.relation, name }]), ...(standIn === undefined ? [] : [standIn])];
  });
  return gone.map((relation) => `default of ${show(relation)}.`);
}

/** What a migration takes away, or makes anew, in its contract: by what the gate `dependents` calls it. It waits for none of that. */
export function takenAway(plan: Plan, stage: Stage): (found: string) => boolean {
  const names = [...(plan.drops ?? []), ...ofChanges(plan, stage), ...ofColumns(plan, stage)];
  const tables = ofTables(plan, stage);
  return (found) =>
    names.some((own) => found === own || found.startsWith(`${own} `) || found.startsWith(`${own}(`)) ||
    tables.some((own) => found.startsWith(own));
}
