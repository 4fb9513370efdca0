import type { DataChange } from "../../../../../model/detail/data.js";
import type { RelationName } from "../../../../../model/name.js";
import type { Cursor } from "../../cursor.js";
import type { FromTable } from "../../query/from.js";
import { distinct } from "../../query/table.js";

const NOTHING: Omit<DataChange, "kind" | "verb" | "writes" | "reads" | "calls"> = Object.freeze({
  columns: Object.freeze([]),
  filtered: false,
  where: null,
  ordered: false,
  limited: false,
  source: null,
  conflict: null,
  returning: false,
  cte: false,
});

/** A change of data with what was found out about it; what the cursor has read and does not write is read. */
export function dataChange(
  cursor: Cursor,
  verb: DataChange["verb"],
  writes: readonly RelationName[],
  found: Partial<DataChange>,
): DataChange {
  const written = distinct(writes);
  const reads = distinct(cursor.read.filter((read) => !written.some((each) => same(each, read))));
  return Object.freeze({
    ...NOTHING,
    ...lookedUp(cursor, written, verb),
    ...found,
    kind: "data-change",
    verb,
    writes: written,
    reads,
    calls: distinct(cursor.calls),
  });
}

/** Not told where a table is joined. UPDATE and DELETE note the table that they write, too. */
function lookedUp(
  { read, lookups }: Cursor,
  written: readonly RelationName[],
  verb: DataChange["verb"],
): Pick<DataChange, "found"> {
  const own = verb === "update" || verb === "delete";
  const others = own ? read.filter((r) => !written.some((w) => same(w, r))) : read;
  return lookups.length === others.length ? { found: Object.freeze([...lookups]) } : {};
}

function same(a: RelationName, b: RelationName): boolean {
  return a.name === b.name && a.schema === b.schema;
}

/** The tables that names mean, which may be aliases of them. */
export function resolve(names: readonly RelationName[], tables: readonly FromTable[]): readonly RelationName[] {
  return names.map((name) => tables.find((table) => meant(name, table))?.relation ?? name);
}

function meant(name: RelationName, table: FromTable): boolean {
  if (name.schema !== null) return table.relation !== null && same(name, table.relation);
  return table.alias.toLowerCase() === name.name.toLowerCase();
}
