import type { Table } from "../../../model/catalog.js";
import type { Breakage } from "../../../model/effect.js";
import { type RelationName, show } from "../../../model/name.js";
import type { ColumnDefinition, TableConstraint } from "../../../model/operation.js";
import { relationOf, strings } from "../parse/ast.js";
import { brokenForAll } from "./subject.js";
import { constraintTree } from "./trees.js";

/** A foreign key: its name, its definition as a database prints it, and the table that has it. */
interface Key {
  readonly name: string;
  readonly definition: string;
  readonly relation: RelationName;
}

/** What of the parent's rows makes a foreign key set columns NULL, and which: null where it does not. */
function nulling({ definition }: Key): { readonly when: string; readonly columns: readonly string[] } | null {
  const tree = constraintTree(definition);
  if (tree === null) return null;
  const when = [
    ...(tree.fk_del_action === "n" ? ["DELETEs"] : []),
    ...(tree.fk_upd_action === "n" ? ["new keys"] : []),
  ];
  const own = strings(tree.fk_attrs);
  const named = strings(tree.fk_del_set_cols);
  const columns = named.length > 0 && tree.fk_upd_action !== "n" ? named : own;
  return when.length === 0 ? null : { when: when.join(" and "), columns };
}

/** What is refused of running code, and of any, where a column that a foreign key sets NULL may not be NULL. */
function refusals(key: Key, isNotNull: (column: string) => boolean, code: string): Breakage[] {
  const nulls = nulling(key);
  const column = nulls?.columns.find(isNotNull);
  const target = constraintTree(key.definition)?.pktable;
  if (nulls === null || column === undefined || target === undefined) return [];
  const of = relationOf(target);
  const why = `${nulls.when} of rows in ${show(of)} that rows of ${show(key.relation)} point at fail, for foreign key ${key.name} sets ${column} NULL, which it may not be (${code})`;
  return brokenForAll("writes", why).map((one) => ({ ...one, nulled: true, of }));
}

/** A column of a table may not be NULL from here on. @param code that the server refuses NULL with */
export function keysSettingNull(table: Table | null, isNotNull: (column: string) => boolean, code: string): Breakage[] {
  if (table === null) return [];
  const keys = table.constraints.filter(({ kind }) => kind === "foreign-key");
  return keys.flatMap((key) => refusals({ ...key, relation: table.relation }, isNotNull, code));
}

/** A foreign key that comes, to columns of which some may not be NULL. */
export function newKeySettingNull(
  { name, text }: Pick<TableConstraint, "name" | "text">,
  relation: RelationName,
  isNotNull: (column: string) => boolean,
): Breakage[] {
  return refusals({ name: name ?? "it", definition: text, relation }, isNotNull, "23502");
}

/** A column that comes with a foreign key, and may not be NULL. */
export function columnSettingNull({ name, notNull, references }: ColumnDefinition, relation: RelationName): Breakage[] {
  if (!notNull || references === null) return [];
  const quoted = (each: string) => `"${each.replaceAll('"', '""')}"`;
  const definition = `FOREIGN KEY (${quoted(name)}) REFERENCES ${[references.relation.schema ?? [], references.relation.name].flat().map(quoted).join(".")} ${references.actions}`;
  return refusals(
    { name: references.constraint ?? `on ${name}`, definition, relation },
    (one) => one === name,
    "23502",
  );
}
