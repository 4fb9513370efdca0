import { findTable } from "../src/engines/engine.js";
import { mayHaveKey } from "../src/engines/key-for.js";
import { notNullNamed } from "../src/engines/postgres/not-null-names.js";
import { lacksArbiter } from "../src/engines/refused-change.js";
import { knownView } from "../src/engines/table-lookup.js";
import { type Unfilled, unfilledColumn } from "../src/engines/unfilled-column.js";
import type { Column, Table } from "../src/model/catalog.js";
import type { DataChange } from "../src/model/detail/data.js";
import type { RelationName } from "../src/model/name.js";
import type { ForeignKeyTarget, Operation } from "../src/model/operation.js";
import { missingOnMysql } from "./mysql-missing.js";
import { refusedForeignKey } from "./mysql-refused-foreign-key.js";
import { refusedKey } from "./mysql-refused-key.js";
import { refusedOnView } from "./mysql-refused-on-view.js";
import { refusedPartition } from "./mysql-refused-partition.js";
import { refusedText } from "./mysql-refused-text.js";
import { refusedTriggerName } from "./mysql-refused-trigger.js";
import type { RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";

type Asked = Pick<RuleContext, "operation" | "catalog" | "engine" | "settings" | "siblings" | "version" | "written">;

/** Something that a statement needs, and that the files rule out. */
export interface Missing {
  /** What is missing, in words, with the server's code. */
  readonly what: string;
  readonly help: string;
}

const SPELL = "Correct the name; or add, in front of it, what is missing.";

/** What a statement needs of the tables that the files made, and they have not; null where nothing is missing for certain. */
export function missingFromHistory(asked: Asked): Missing | null {
  const own =
    missingColumn(asked) ??
    nullableIdentity(asked) ??
    missingConstraint(asked) ??
    missingValue(asked) ??
    missingKey(asked);
  const keys = refusedOnView(asked) ?? missingOnMysql(asked) ?? refusedKey(asked) ?? refusedForeignKey(asked);
  return own ?? keys ?? refusedText(asked) ?? refusedPartition(asked) ?? refusedTriggerName(asked);
}

/** MySQL's and MariaDB's columns are not told apart by case. */
function columnOf(table: Table, name: string, { engine }: Asked): Column | null {
  const plain = (text: string) => (engine.name === "postgres" ? text : text.toLowerCase());
  return table.columns.find((c) => plain(c.name) === plain(name)) ?? null;
}

/** A part of the statement may take a column away, or give it another name. */
const moves = (one: Operation): boolean =>
  one.kind === "drop-column" || one.kind === "rename-column" || isRenaming(one);

const isRenaming = (one: Operation): boolean => {
  const modified = detailOf(one, "modify-column");
  return modified !== null && modified.definition.name.toLowerCase() !== modified.column.toLowerCase();
};

/** What PostgreSQL is to change of a column; it adds columns first, wherever the statement does. */
function alteredColumn(operation: Operation, siblings: readonly Operation[]): string | null {
  if (operation.kind === "rename-column") return operation.from;
  const change =
    detailOf(operation, "set-default") ??
    detailOf(operation, "drop-default") ??
    detailOf(operation, "set-not-null") ??
    detailOf(operation, "drop-not-null") ??
    detailOf(operation, "add-identity");
  return change === null || siblings.some(({ kind }) => kind === "add-column") ? null : change.column;
}

/** The column that a statement is to change as it stands; MySQL and MariaDB as it stands. */
function changedColumn({ operation, siblings, engine }: Asked): string | null {
  if (engine.name === "postgres") return alteredColumn(operation, siblings);
  const only = siblings.length < 2;
  if (operation.kind === "rename-column") return only ? operation.from : null;
  const change =
    detailOf(operation, "modify-column") ?? detailOf(operation, "set-default") ?? detailOf(operation, "drop-default");
  return change === null || change.ifExists || (!only && siblings.some(moves)) ? null : change.column;
}

/** The columns that a statement names of one table. */
function namedColumns(asked: Asked): readonly string[] {
  const { operation, engine } = asked;
  const changed = changedColumn(asked);
  if (changed !== null) return [changed];
  if (operation.kind === "drop-column") return operation.ifExists ? [] : [operation.column];
  if (operation.kind === "create-index") return operation.keys.flatMap(({ column }) => column ?? []);
  const change = detailOf(operation, "data-change");
  if (change === null || change.writes.length !== 1) return [];
  if (change.verb === "insert" || change.verb === "replace") return change.columns;
  return engine.name === "postgres" && change.verb === "update" ? change.columns : [];
}

/** What MySQL and MariaDB say of a column that is not there. */
const MISSING: Readonly<Partial<Record<Operation["kind"], string>>> = { "create-index": "1072", "drop-column": "1091" };

function missingColumn(asked: Asked): Missing | null {
  const { operation, catalog, engine } = asked;
  const table = operation.relation === null ? null : findTable(catalog, operation.relation);
  if (table === null || table.columns.length === 0) return null;
  const gone = namedColumns(asked).find((name) => columnOf(table, name, asked) === null);
  if (gone === undefined) return null;
  const code = engine.name === "postgres" ? "42703" : (MISSING[operation.kind] ?? "1054");
  return { what: `${engine.quoteRelation(table.relation)} has no column ${engine.quote(gone)} (${code})`, help: SPELL };
}

/** ADD GENERATED ... AS IDENTITY asks for NOT NULL, which a part behind it of the same statement may set (PostgreSQL). */
function nullableIdentity(asked: Asked): Missing | null {
  const { operation, catalog, engine, siblings } = asked;
  const added = siblings.length > 1 ? null : detailOf(operation, "add-identity");
  const table = added === null || operation.relation === null ? null : findTable(catalog, operation.relation);
  const column = added === null || table === null ? null : columnOf(table, added.column, asked);
  if (column === null || column.notNull) return null;
  const key = table?.constraints.some(({ kind, columns }) => kind === "primary-key" && columns.includes(column.name));
  if (key === true) return null;
  return {
    what: `${engine.quote(column.name)} may be NULL, which no identity column may (55000)`,
    help: "Let the column be NOT NULL first, as `zmigrate explain adding-not-nullable-field` says.",
  };
}

/** The constraint that a statement drops, renames, or that its ON CONFLICT goes by. */
function namedConstraint({ operation }: Asked): string | null {
  const dropped = detailOf(operation, "drop-constraint");
  if (dropped !== null) return dropped.ifExists ? null : dropped.name;
  const renamed = detailOf(operation, "rename-constraint");
  if (renamed !== null) return renamed.from;
  return detailOf(operation, "data-change")?.conflictConstraint ?? null;
}

/** PostgreSQL, whose names for constraints are known to the letter. */
function missingConstraint(asked: Asked): Missing | null {
  const { operation, catalog, engine } = asked;
  const name = engine.name === "postgres" ? namedConstraint(asked) : null;
  const table = operation.relation === null ? null : findTable(catalog, operation.relation);
  if (name === null || table === null || table.partitionOf !== null) return null;
  if (table.constraints.some((c) => c.name === name) || notNullNamed(table, table.relation.name, name) !== null)
    return null;
  return {
    what: `${engine.quoteRelation(table.relation)} has no constraint ${engine.quote(name)} (42704)`,
    help: SPELL,
  };
}

/** A mode of the file's own without STRICT_TRANS_TABLES takes what is left out for the type's zero (MySQL, MariaDB). */
export const isLenient = ({ settings }: Pick<RuleContext, "settings">): boolean =>
  settings.sql_mode !== undefined && !/strict|traditional/i.test(settings.sql_mode);

/** A server that finds no row to write refuses none; MariaDB looks at what is left out before it looks for rows. */
function unlessWithoutRows({ verb, source, gives }: DataChange, { how }: Unfilled, { engine }: Asked): string {
  if (verb === "update") return ", unless it finds no row";
  const isBefore = engine.name === "mariadb" && how === "left-out";
  return (source === "query" || gives !== undefined) && !isBefore ? ", unless its query finds no row" : "";
}

function missingValue(asked: Asked): Missing | null {
  const { operation, catalog, engine } = asked;
  const change = detailOf(operation, "data-change");
  const unfilled = change === null || isLenient(asked) ? null : unfilledColumn(change, catalog);
  if (change === null || unfilled === null) return null;
  const column = `${engine.quote(unfilled.column)} of ${engine.quoteRelation(unfilled.relation)} is NOT NULL`;
  const code = engine.name === "postgres" ? "23502" : unfilled.how === "null" ? "1048" : "1364";
  const unless = unlessWithoutRows(change, unfilled, asked);
  if (unfilled.how === "null")
    return { what: `${column}, and is given NULL (${code})${unless}`, help: "Write another value for it." };
  return {
    what: `${column}, has no default, and is given no value (${code})${unless}`,
    help: "Write a value for it; or give the column a default in front of it.",
  };
}

function missingKey(asked: Asked): Missing | null {
  return asked.engine.name === "postgres"
    ? (missingArbiter(asked) ?? missingTarget(asked) ?? missingViewKey(asked))
    : null;
}

const list = (columns: readonly string[], { engine }: Asked): string => columns.map((c) => engine.quote(c)).join(", ");

/** ON CONFLICT (a) looks for a key over these columns and no others. */
function missingArbiter(asked: Asked): Missing | null {
  const change = detailOf(asked.operation, "data-change");
  const { relation } = asked.operation;
  const table = change === null || relation === null ? null : findTable(asked.catalog, relation);
  if (change === null || table === null || !lacksArbiter(change, table)) return null;
  const on = change.conflictOn ?? [];
  const name = asked.engine.quoteRelation(table.relation);
  return {
    what: `${name} has no unique index over (${list(on, asked)}), which ON CONFLICT needs (42P10)`,
    help: `Build it in a migration before: CREATE UNIQUE INDEX CONCURRENTLY ON ${name} (${list(on, asked)}); or write WHERE NOT EXISTS.`,
  };
}

/** What a statement points at. */
function targetsOf({ operation }: Asked): readonly (ForeignKeyTarget | null)[] {
  if (operation.kind === "add-column") return [operation.column.references];
  if (operation.kind === "create-table")
    return [...operation.columns, ...operation.constraints].map(({ references }) => references);
  return [detailOf(operation, "add-constraint")?.constraint.references ?? null];
}

function missingTarget(asked: Asked): Missing | null {
  for (const target of targetsOf(asked)) {
    // A table that points at itself has its keys from the same statement.
    const own = asked.operation.kind === "create-table";
    const view = target === null ? null : knownView(asked.catalog, target.relation);
    if (view !== null)
      return {
        what: `${asked.engine.quoteRelation(view.name)} is a view, which no foreign key points at (42809)`,
        help: "Point at the table that the view reads.",
      };
    const table = target === null ? null : findTable(asked.catalog, target.relation);
    if (target === null || table === null || (own && isSame(target.relation, asked.operation.relation))) continue;
    const why = unkeyed(table, target.columns, asked);
    if (why !== null) return why;
  }
  return null;
}

const isSame = (a: RelationName, b: RelationName | null): boolean => a.name === b?.name;

function unkeyed(table: Table, columns: readonly string[], asked: Asked): Missing | null {
  const key = table.constraints.some(({ kind }) => kind === "primary-key");
  if (columns.length === 0 ? key : mayHaveKey(table, columns)) return null;
  const name = asked.engine.quoteRelation(table.relation);
  const what = columns.length === 0 ? "primary key" : `unique key over (${list(columns, asked)})`;
  return {
    what: `${name} has no ${what}, which a foreign key needs (${columns.length === 0 ? "42704" : "42830"})`,
    help: `Give ${name} the key first, by CREATE UNIQUE INDEX CONCURRENTLY and ADD CONSTRAINT ... USING INDEX.`,
  };
}

/** REFRESH ... CONCURRENTLY compares rows by a unique index over all of them. */
function missingViewKey({ operation, catalog, engine }: Asked): Missing | null {
  const refreshed = detailOf(operation, "refresh-view");
  const view = operation.relation === null ? null : knownView(catalog, operation.relation);
  if (refreshed?.concurrently !== true || view === null || !view.materialized || view.keys.length > 0) return null;
  const name = engine.quoteRelation(view.name);
  return {
    what: `${name} has no unique index, which REFRESH ... CONCURRENTLY needs (55000)`,
    help: `Build one over columns that tell its rows apart: CREATE UNIQUE INDEX ON ${name} (...);`,
  };
}
