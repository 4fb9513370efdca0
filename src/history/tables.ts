import { findTable } from "../engines/engine.js";
import type { Catalog, Table } from "../model/catalog.js";
import type { RelationName } from "../model/name.js";

/** Whether two names mean the same table. */
export function sameTable(catalog: Catalog, a: RelationName, b: RelationName): boolean {
  return a.name === b.name && (a.schema ?? catalog.defaultSchema) === (b.schema ?? catalog.defaultSchema);
}

/** The catalog with one table changed; the same catalog when the table is not known. */
export function changeTable(catalog: Catalog, relation: RelationName, change: (table: Table) => Table): Catalog {
  const table = findTable(catalog, relation);
  if (table === null) return catalog;
  return withTables(
    catalog,
    catalog.tables.map((t) => (t === table ? Object.freeze(change(t)) : t)),
  );
}

export function withTables(catalog: Catalog, tables: readonly Table[]): Catalog {
  return Object.freeze({ ...catalog, tables: Object.freeze(tables) });
}

/** The catalog without a table that is gone. What it pointed at is not pointed at any more. */
export function removeTable(catalog: Catalog, relation: RelationName): Catalog {
  const left = catalog.tables.filter((t) => !sameTable(catalog, t.relation, relation));
  return withTables(
    catalog,
    left.map((t) => unpoint(catalog, t, relation)),
  );
}

function unpoint(catalog: Catalog, table: Table, relation: RelationName): Table {
  const referencedBy = table.referencedBy.filter((r) => !sameTable(catalog, r.relation, relation));
  return referencedBy.length === table.referencedBy.length ? table : Object.freeze({ ...table, referencedBy });
}

/** The catalog in which a table may be there in any shape. Who points at whom is kept: it is the worse case. */
export function forgetTable(catalog: Catalog, relation: RelationName): Catalog {
  const tables = catalog.tables.filter((t) => !sameTable(catalog, t.relation, relation));
  if (tables.length === catalog.tables.length) return catalog;
  return Object.freeze({ ...withTables(catalog, tables), complete: false });
}

/** The catalog in which nothing is certain. */
export function forgetAll(catalog: Catalog): Catalog {
  return Object.freeze({ ...withTables(catalog, []), complete: false });
}
