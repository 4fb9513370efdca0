import type { Table } from "../model/catalog.js";
import type { RelationName } from "../model/name.js";
import { allTables, type Known, keyOf, tablesAt } from "./known.js";
import { get, set, without } from "./persistent-map.js";
import { changeTable } from "./tables.js";

const triggerKey = (known: Known, name: RelationName): string => `trigger\0${keyOf(known, name)}`;

/** MySQL and MariaDB name a trigger without its table: whose it is, is noted. */
export function withTrigger(known: Known, relation: RelationName, { name }: RelationName): Known {
  if (known.dialect === undefined) return known;
  const key = triggerKey(known, { schema: relation.schema, name });
  return { ...known, owners: set(known.owners, key, keyOf(known, relation)) };
}

/** DROP TRIGGER without a table. One whose table has another name by now is looked for everywhere. */
export function withoutTrigger(known: Known, trigger: RelationName): Known {
  const key = triggerKey(known, trigger);
  const owner = get(known.owners, key);
  if (owner === undefined) return known;
  const isIt = (d: Table["dependents"][number]) => d.kind === "trigger" && d.name === trigger.name;
  const noted = tablesAt(known, [owner]).filter((t) => t.dependents.some(isIt));
  const table = noted[0] ?? allTables(known).find((t) => t.dependents.some(isIt));
  const left = { ...known, owners: without(known.owners, key) };
  if (table === undefined) return left;
  return changeTable(left, table.relation, (t) => ({ ...t, dependents: t.dependents.filter((d) => !isIt(d)) }));
}
