import type { Catalog, Column, Table } from "../../model/catalog.js";
import type { RelationName } from "../../model/name.js";
import { sameRelation } from "../engine.js";
import { impliedName } from "./implied-name.js";

/** What PostgreSQL calls the sequence that it makes for a serial or identity column: not as one that the column owns still. */
export function ownSequence({ name }: RelationName, column: Pick<Column, "name" | "leftSequence">): string {
  const { leftSequence } = column;
  return impliedName(name, [column.name], "seq", new Set(leftSequence === undefined ? [] : [leftSequence]));
}

/** The column that owns a sequence still which was its default's, with its table; null where there is none. */
export function ownerOfLeft(
  sequence: RelationName,
  catalog: Catalog,
): { readonly table: Table; readonly column: Column } | null {
  for (const table of catalog.tables) {
    const column = table.columns.find(({ leftSequence }) => leftSequence === sequence.name);
    const named = { schema: table.relation.schema, name: sequence.name };
    if (column !== undefined && sameRelation(named, sequence, catalog.defaultSchema)) return { table, column };
  }
  return null;
}
