import type { Constraint, InboundReference, Index } from "../../../model/catalog.js";
import type { Session } from "../../engine.js";
import { quote } from "../names.js";
import type { MysqlDialect } from "../parse/dialect.js";
import { columnsNamed, expressionOf, groupBy } from "./text.js";

export interface CheckRow {
  readonly tableName: string;
  readonly name: string;
  readonly clause: string;
  /** MariaDB: a CHECK in a column's definition bears the column's name and is part of that definition. */
  readonly level: "Table" | "Column";
  readonly enforced: string;
}

/** All CHECK constraints of the database. */
export function readChecks(session: Session, dialect: MysqlDialect): Promise<CheckRow[]> {
  if (dialect === "mariadb")
    return session.query<CheckRow>(
      `SELECT TABLE_NAME AS tableName, CONSTRAINT_NAME AS name, CHECK_CLAUSE AS clause, LEVEL AS level, 'YES' AS enforced
       FROM information_schema.CHECK_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = DATABASE()`,
    );
  return session.query<CheckRow>(
    `SELECT t.TABLE_NAME AS tableName, c.CONSTRAINT_NAME AS name, c.CHECK_CLAUSE AS clause, 'Table' AS level, t.ENFORCED AS enforced
     FROM information_schema.CHECK_CONSTRAINTS c
     JOIN information_schema.TABLE_CONSTRAINTS t ON t.CONSTRAINT_SCHEMA = c.CONSTRAINT_SCHEMA
       AND t.CONSTRAINT_NAME = c.CONSTRAINT_NAME AND t.CONSTRAINT_TYPE = 'CHECK'
     WHERE c.CONSTRAINT_SCHEMA = DATABASE()`,
  );
}

export interface ForeignKeyRow {
  readonly schema: string;
  readonly tableName: string;
  readonly name: string;
  readonly columnName: string;
  readonly targetSchema: string;
  readonly targetTable: string;
  readonly targetColumn: string;
  readonly onUpdate: string;
  readonly onDelete: string;
}

/** One row a column of each foreign key that starts or ends in the database. */
export function readForeignKeys(session: Session): Promise<ForeignKeyRow[]> {
  return session.query<ForeignKeyRow>(
    `SELECT k.TABLE_SCHEMA AS \`schema\`, k.TABLE_NAME AS tableName, k.CONSTRAINT_NAME AS name, k.COLUMN_NAME AS columnName,
            k.REFERENCED_TABLE_SCHEMA AS targetSchema, k.REFERENCED_TABLE_NAME AS targetTable,
            k.REFERENCED_COLUMN_NAME AS targetColumn, r.UPDATE_RULE AS onUpdate, r.DELETE_RULE AS onDelete
     FROM information_schema.KEY_COLUMN_USAGE k
     JOIN information_schema.REFERENTIAL_CONSTRAINTS r ON r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA
       AND r.TABLE_NAME = k.TABLE_NAME AND r.CONSTRAINT_NAME = k.CONSTRAINT_NAME
     WHERE k.REFERENCED_TABLE_NAME IS NOT NULL AND (k.TABLE_SCHEMA = DATABASE() OR k.REFERENCED_TABLE_SCHEMA = DATABASE())
     ORDER BY k.TABLE_NAME, k.CONSTRAINT_NAME, k.ORDINAL_POSITION`,
  );
}

/** What an FK does when it says nothing: MySQL prints NO ACTION, MariaDB RESTRICT; they mean the same. */
const SILENT = new Set(["NO ACTION", "RESTRICT"]);

function foreignKey(rows: readonly ForeignKeyRow[], first: ForeignKeyRow): Constraint {
  const list = (names: readonly string[]) => `(${names.map(quote).join(", ")})`;
  const columns = rows.map((row) => row.columnName);
  const target = first.targetSchema === first.schema ? "" : `${quote(first.targetSchema)}.`;
  const action = (on: string, rule: string) => (SILENT.has(rule) ? "" : ` ON ${on} ${rule}`);
  return Object.freeze({
    kind: "foreign-key",
    name: first.name,
    columns: Object.freeze(columns),
    definition: `FOREIGN KEY ${list(columns)} REFERENCES ${target}${quote(first.targetTable)} ${list(rows.map((row) => row.targetColumn))}${action("DELETE", first.onDelete)}${action("UPDATE", first.onUpdate)}`,
    validated: true,
    index: null,
  });
}

function ofIndex(index: Index): Constraint {
  const primary = index.name === "PRIMARY";
  return Object.freeze({
    kind: primary ? "primary-key" : "unique",
    name: index.name,
    columns: index.columns,
    definition: `${primary ? "PRIMARY KEY" : "UNIQUE"} (${index.columns.map(quote).join(", ")})`,
    validated: true,
    index: index.name,
  });
}

function ofCheck(row: CheckRow, columns: readonly string[], dialect: MysqlDialect): Constraint {
  const clause = expressionOf(row.clause, dialect);
  return Object.freeze({
    kind: "check",
    name: row.name,
    columns: Object.freeze(columnsNamed(clause, columns, dialect)),
    definition: `CHECK ${dialect === "mysql" ? clause : `(${clause})`}${row.enforced === "NO" ? " NOT ENFORCED" : ""}`,
    validated: row.enforced !== "NO",
    index: null,
  });
}

/** The constraints of one table. */
export function constraintsOf(
  given: { indexes: readonly Index[]; checks: readonly CheckRow[]; foreignKeys: readonly ForeignKeyRow[] },
  columns: readonly string[],
  dialect: MysqlDialect,
): Constraint[] {
  const keys = [...groupBy(given.foreignKeys, (row) => row.name).values()];
  return [
    ...given.indexes.filter((index) => index.unique).map(ofIndex),
    ...given.checks.filter((row) => row.level === "Table").map((row) => ofCheck(row, columns, dialect)),
    ...keys.flatMap((rows) => (rows[0] === undefined ? [] : [foreignKey(rows, rows[0])])),
  ];
}

/** The foreign keys that point at one table. */
export function inboundOf(rows: readonly ForeignKeyRow[], database: string): InboundReference[] {
  return [...groupBy(rows, (row) => `${row.schema}\0${row.tableName}\0${row.name}`).values()].flatMap((parts) => {
    const [first] = parts;
    if (first === undefined) return [];
    return Object.freeze({
      relation: Object.freeze({ schema: first.schema === database ? null : first.schema, name: first.tableName }),
      constraint: first.name,
      columns: Object.freeze(parts.map((row) => row.targetColumn)),
    });
  });
}
