import type { Catalog, Table } from "../../../model/catalog.js";
import type { RelationName } from "../../../model/name.js";
import { bodies, body, relationOf } from "../parse/ast.js";
import { readFragment } from "../parse/fragment.js";

/** Whether two names mean the same relation. */
export function sameRelation(catalog: Catalog, a: RelationName, b: RelationName): boolean {
  return a.name === b.name && (a.schema ?? catalog.defaultSchema) === (b.schema ?? catalog.defaultSchema);
}

/** The tables that a table's foreign keys point at; only the keys over `column` when one is given. */
export function referencedTables(table: Table, column: string | null): RelationName[] {
  return table.constraints
    .filter((c) => c.kind === "foreign-key" && (column === null || c.columns.includes(column)))
    .flatMap((c) => targetOf(c.definition));
}

/** What a printed FOREIGN KEY points at. */
function targetOf(definition: string): RelationName[] {
  const fragment = readFragment("ALTER TABLE t ADD ", definition, "");
  if (typeof fragment === "string") return [];
  const commands = bodies(body(fragment.node, "AlterTableStmt")?.cmds, "AlterTableCmd");
  const target = body(commands[0]?.def, "Constraint")?.pktable;
  return target === undefined ? [] : [relationOf(target)];
}

/** A relation as people read it. */
export function shown(relation: RelationName): string {
  return relation.schema === null ? relation.name : `${relation.schema}.${relation.name}`;
}
