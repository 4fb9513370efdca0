import type { Catalog, Column, Table } from "../../model/catalog.js";
import type { RelationName } from "../../model/name.js";
import { sameRelation } from "../engine.js";
import { impliedName } from "./implied-name.js";

/** What PostgreSQL calls the sequence that it makes for a serial or identity column: not as one that the column owns still. */
export function ownSequence({ name }: RelationName, column: Pick<Column, "name" | "leftSequence">): string {
  const { leftSequence } = column;
  return impliedName(name, [column.name], "seq", new Set(leftSequence === undefined ? [] : [leftSequence]));
}

/** Whether a column was made with a sequence of its own. */
export const isCounted = ({ type, identity }: Pick<Column, "type" | "identity">): boolean =>
  identity !== null || /^(?:small|big)?serial[248]?$/i.test(type);

/** The column that a sequence was made for, with its table, also where it is its default's no longer; null where there is none. */
export function ownerOfSequence(
  sequence: RelationName,
  catalog: Pick<Catalog, "tables" | "defaultSchema">,
): { readonly table: Table; readonly column: Column } | null {
  for (const table of catalog.tables) {
    const named = { schema: table.relation.schema, name: sequence.name };
    if (!sameRelation(named, sequence, catalog.defaultSchema)) continue;
    const column = table.columns.find((c) => madeFor(table, c) === sequence.name);
    if (column !== undefined) return { table, column };
  }
  return null;
}

const madeFor = ({ relation }: Table, column: Column): string | null =>
  column.leftSequence ?? (isCounted(column) ? ownSequence(relation, column) : null);
