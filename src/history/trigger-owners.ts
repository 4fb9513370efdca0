import type { Table } from "../model/catalog.js";
import type { RelationName } from "../model/name.js";
import { keyOf } from "./key-of.js";
import type { Known } from "./known.js";
import { allTables, tablesAt } from "./known-tables.js";
import { get, set, without } from "./persistent-map.js";
import { changeTable } from "./tables.js";

/** MySQL does not tell triggers apart by case; MariaDB does, as its files are. */
export const plain = ({ dialect }: Known, name: string): string => (dialect === "mysql" ? name.toLowerCase() : name);

const triggerKey = (known: Known, { schema, name }: RelationName): string =>
  `trigger\0${keyOf(known, { schema, name: plain(known, name) })}`;

/** MySQL and MariaDB name a trigger without its table: whose it is, is noted. */
export function withTrigger(known: Known, relation: RelationName, { name }: RelationName): Known {
  if (known.dialect === undefined) return known;
  const key = triggerKey(known, { schema: relation.schema, name });
  return { ...known, owners: set(known.owners, key, keyOf(known, relation)) };
}

/** Whether files have made a trigger of a name, on whatever table (MySQL, MariaDB). */
export const hasTrigger = (known: Known, trigger: RelationName): boolean => tableOf(known, trigger) !== undefined;

const isCalled =
  (known: Known, { name }: RelationName) =>
  (d: Table["dependents"][number]): boolean =>
    d.kind === "trigger" && plain(known, d.name) === plain(known, name);

/** One whose table has another name by now is looked for everywhere. */
function tableOf(known: Known, trigger: RelationName): Table | undefined {
  const owner = get(known.owners, triggerKey(known, trigger));
  if (owner === undefined) return undefined;
  const has = (t: Table) => t.dependents.some(isCalled(known, trigger));
  return tablesAt(known, [owner]).find(has) ?? allTables(known).find(has);
}

/** DROP TRIGGER without a table. */
export function withoutTrigger(known: Known, trigger: RelationName): Known {
  const key = triggerKey(known, trigger);
  if (get(known.owners, key) === undefined) return known;
  const table = tableOf(known, trigger);
  const isIt = isCalled(known, trigger);
  const left = { ...known, owners: without(known.owners, key) };
  if (table === undefined) return left;
  return changeTable(left, table.relation, (t) => ({ ...t, dependents: t.dependents.filter((d) => !isIt(d)) }));
}
