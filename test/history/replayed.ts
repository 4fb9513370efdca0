import { findTable } from "../../src/engines/engine.js";
import { parsePostgres } from "../../src/engines/postgres/parse/index.js";
import { applyOperation, emptyCatalog } from "../../src/history/replay.js";
import type { Catalog, Column, Table } from "../../src/model/catalog.js";
import type { Operation } from "../../src/model/operation.js";
import type { OperationDetail } from "../../src/model/operation-detail.js";

/** The catalog after a text for PostgreSQL. The parser must be loaded. */
export function replayed(sql: string, from: Catalog = emptyCatalog("files", "public")): Catalog {
  return parsePostgres(sql)
    .statements.flatMap((s) => s.operations)
    .reduce(applyOperation, from);
}

/** The catalog after an operation with this detail, as MySQL's parser makes them. */
export function applied(catalog: Catalog, table: string | null, detail: OperationDetail): Catalog {
  const relation = table === null ? null : { schema: null, name: table };
  const span = { start: 0, end: 0 };
  const operation: Operation = { kind: "other", what: detail.kind, relation, harmless: false, span, detail };
  return applyOperation(catalog, operation);
}

/** The tables that are known, by name. */
export function names(catalog: Catalog): string[] {
  return catalog.tables.map((t) => (t.relation.schema === null ? "" : `${t.relation.schema}.`) + t.relation.name);
}

export function table(catalog: Catalog, name: string, schema: string | null = null): Table {
  const found = findTable(catalog, { schema, name });
  if (found === null) throw new Error(`${name} is not known`);
  return found;
}

export function column(catalog: Catalog, relation: string, name: string): Column {
  const found = table(catalog, relation).columns.find((c) => c.name === name);
  if (found === undefined) throw new Error(`${relation} has no ${name}`);
  return found;
}
