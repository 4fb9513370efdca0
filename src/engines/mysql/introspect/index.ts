import type { Catalog, Table } from "../../../model/catalog.js";
import type { Session } from "../../engine.js";
import type { MysqlDialect } from "../parse/dialect.js";
import { orders } from "../ranges/keys.js";
import { type ColumnGrantRow, grantText, readColumnGrants } from "./column-grants.js";
import { type ColumnRow, columnOf, readColumns } from "./columns.js";
import {
  type CheckRow,
  constraintsOf,
  type ForeignKeyRow,
  inboundOf,
  readChecks,
  readForeignKeys,
} from "./constraints.js";
import { type Code, dependentsOfTable, readCode } from "./dependents.js";
import { readHelpers } from "./helpers.js";
import { withHiddenDefaults } from "./hidden-defaults.js";
import { type IndexRow, indexesOf, readIndexes } from "./indexes.js";
import { readObjects } from "./objects.js";
import { readTableGrants } from "./table-grants.js";
import { readTables, type TableRow } from "./tables.js";
import { expressionOf, groupBy } from "./text.js";

/** What was read of the whole database, by table. */
interface Read {
  readonly database: string;
  readonly columns: Map<string, ColumnRow[]>;
  readonly grants: Map<string, ColumnGrantRow[]>;
  readonly indexes: Map<string, IndexRow[]>;
  readonly checks: Map<string, CheckRow[]>;
  readonly foreignKeys: readonly ForeignKeyRow[];
  readonly code: readonly Code[];
  readonly tableGrants: ReadonlyMap<string, readonly string[]> | null;
  readonly helpers: (table: string) => Pick<Table, "helpers">;
}

function tableOf(row: TableRow, read: Read, dialect: MysqlDialect): Table {
  const checks = read.checks.get(row.name) ?? [];
  const inline = (column: string) =>
    checks.filter((c) => c.level === "Column" && c.name === column).map((c) => expressionOf(c.clause, dialect));
  const grants = read.grants.get(row.name) ?? [];
  const granted = (column: string) =>
    grants.filter((g) => g.columnName.toLowerCase() === column.toLowerCase()).map(grantText);
  const columns = (read.columns.get(row.name) ?? []).map((c) =>
    columnOf(c, row, { checks: inline(c.name), grants: granted(c.name) }, dialect),
  );
  const names = columns.map((column) => column.name);
  const ordered = new Set(
    (read.columns.get(row.name) ?? []).filter((c) => c.nullable === "NO" && orders(c.dataType)).map((c) => c.name),
  );
  const parts = (read.indexes.get(row.name) ?? []).map((part) => ({
    ...part,
    ordered: part.prefix === null && part.columnName !== null && ordered.has(part.columnName),
  }));
  const indexes = indexesOf(parts, row.name, names, dialect);
  const own = read.foreignKeys.filter((k) => k.schema === read.database && k.tableName === row.name);
  const inbound = read.foreignKeys.filter((k) => k.targetSchema === read.database && k.targetTable === row.name);
  return Object.freeze({
    relation: Object.freeze({ schema: null, name: row.name }),
    columns: Object.freeze(columns),
    constraints: Object.freeze(constraintsOf({ indexes, checks, foreignKeys: own }, names, dialect)),
    indexes: Object.freeze(indexes),
    referencedBy: Object.freeze(inboundOf(inbound, read.database)),
    dependents: Object.freeze(dependentsOfTable(row.name, columns, read.code, dialect)),
    characterSet: row.characterSet,
    collation: row.collation,
    partitioned: /\bpartitioned\b/i.test(row.options ?? ""),
    rows: row.rows === null ? null : Number(row.rows),
    bytes: row.bytes === null ? null : Number(row.bytes),
    engine: row.engine,
    comment: row.comment === "" ? null : row.comment,
    ...read.helpers(row.name),
    ...(read.tableGrants === null ? {} : { grants: Object.freeze(read.tableGrants.get(row.name) ?? []) }),
  });
}

/**
 * The schema of the database that the session is in. Tables of it have no schema in their names, so that a plan does
 * not depend on what the database is called.
 */
export async function introspect(session: Session, dialect: MysqlDialect): Promise<Catalog> {
  // MySQL keeps sizes for a day otherwise.
  if (dialect === "mysql") await session.query("SET SESSION information_schema_stats_expiry = 0");
  const [server] = await session.query<{ db: string; folding: number; modes: string }>(
    "SELECT DATABASE() AS db, @@lower_case_table_names AS folding, @@GLOBAL.sql_mode AS modes",
  );
  const lowerCaseNames = Number(server?.folding ?? 0) > 0;
  // With 2 the server keeps the case of what it is given, and compares without it.
  const named = (name: string) => (lowerCaseNames ? name.toLowerCase() : name);
  const tables = (await readTables(session)).map((row) => ({ ...row, name: named(row.name) }));
  const grants = await readColumnGrants(session);
  const read: Read = {
    database: named(server?.db ?? ""),
    columns: groupBy(await withHiddenDefaults(session, await readColumns(session, dialect)), (row) =>
      named(row.tableName),
    ),
    grants: groupBy(grants ?? [], (row) => named(row.tableName)),
    indexes: groupBy(await readIndexes(session, dialect), (row) => named(row.tableName)),
    checks: groupBy(await readChecks(session, dialect), (row) => named(row.tableName)),
    foreignKeys: (await readForeignKeys(session)).map((key) => ({
      ...key,
      schema: named(key.schema),
      tableName: named(key.tableName),
      targetSchema: named(key.targetSchema),
      targetTable: named(key.targetTable),
    })),
    tableGrants: await readTableGrants(session),
    helpers: await readHelpers(session, named),
    code: (await readCode(session, dialect)).map((code) => ({
      ...code,
      tableName: code.tableName === null ? null : named(code.tableName),
    })),
  };
  return Object.freeze({
    source: "database",
    complete: true,
    defaultSchema: read.database,
    dialect,
    ...(grants === null ? { columnGrantsHidden: true } : {}),
    ...(lowerCaseNames ? { lowerCaseNames } : {}),
    sqlModes: Object.freeze((server?.modes ?? "").split(",")),
    objects: await readObjects(session, dialect),
    tables: Object.freeze(tables.map((row) => tableOf(row, read, dialect))),
  });
}
