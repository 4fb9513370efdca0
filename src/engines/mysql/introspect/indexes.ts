import type { Index } from "../../../model/catalog.js";
import type { Session } from "../../engine.js";
import { literal, quote } from "../names.js";
import type { MysqlDialect } from "../parse/dialect.js";
import { columnsNamed, expressionOf, groupBy } from "./text.js";

export interface IndexRow {
  readonly tableName: string;
  readonly name: string;
  readonly nonUnique: string;
  readonly columnName: string | null;
  readonly expression: string | null;
  readonly direction: string | null;
  readonly prefix: string | null;
  readonly type: string;
  readonly comment: string;
  readonly hidden: number | string;
  /** The column is of a type and a length that rows can be walked by, and never NULL. */
  readonly ordered?: boolean;
}

/** One row a key part, in order. */
export function readIndexes(session: Session, dialect: MysqlDialect): Promise<IndexRow[]> {
  const [expression, hidden] = dialect === "mysql" ? ["EXPRESSION", "IS_VISIBLE = 'NO'"] : ["NULL", "IGNORED = 'YES'"];
  return session.query<IndexRow>(
    `SELECT TABLE_NAME AS tableName, INDEX_NAME AS name, NON_UNIQUE AS nonUnique, COLUMN_NAME AS columnName,
            ${expression} AS expression, COLLATION AS direction, SUB_PART AS prefix, INDEX_TYPE AS type,
            INDEX_COMMENT AS comment, ${hidden} AS hidden
     FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() ORDER BY TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX`,
  );
}

function partOf(row: IndexRow, dialect: MysqlDialect): string {
  const direction = row.direction === "D" ? " DESC" : "";
  if (row.columnName === null) return `(${expressionOf(row.expression ?? "", dialect)})${direction}`;
  const prefix = row.prefix === null || row.type === "FULLTEXT" || row.type === "SPATIAL" ? "" : `(${row.prefix})`;
  return `${quote(row.columnName)}${prefix}${direction}`;
}

/** Neither server prints a CREATE INDEX: this is the one that would make the index. */
function definitionOf(rows: readonly IndexRow[], first: IndexRow, table: string, dialect: MysqlDialect): string {
  const special = first.type === "FULLTEXT" || first.type === "SPATIAL" ? `${first.type} ` : "";
  const unique = String(first.nonUnique) === "0" ? "UNIQUE " : "";
  const parts = rows.map((row) => partOf(row, dialect)).join(", ");
  // MariaDB's HASH is a key over hashes of long values; what MySQL and MariaDB make of USING HASH elsewhere is a BTREE.
  const method = first.type === "HASH" ? " USING HASH" : "";
  const comment = first.comment === "" ? "" : ` COMMENT ${literal(first.comment)}`;
  const hidden = Number(first.hidden) === 1 ? ` ${dialect === "mysql" ? "INVISIBLE" : "IGNORED"}` : "";
  return `CREATE ${special || unique}INDEX ${quote(first.name)} ON ${quote(table)} (${parts})${method}${comment}${hidden}`;
}

/** The indexes of one table. The primary key is one of them, under its name PRIMARY. */
export function indexesOf(
  rows: readonly IndexRow[],
  table: string,
  columns: readonly string[],
  dialect: MysqlDialect,
): Index[] {
  return [...groupBy(rows, (row) => row.name).values()].flatMap((parts) => {
    const [first] = parts;
    if (first === undefined) return [];
    const unique = String(first.nonUnique) === "0";
    const named = parts.flatMap((row) =>
      row.columnName === null ? columnsNamed(row.expression ?? "", columns, dialect) : [row.columnName],
    );
    return Object.freeze({
      name: first.name,
      columns: Object.freeze([...new Set(named)]),
      definition: definitionOf(parts, first, table, dialect),
      unique,
      valid: true,
      constraint: unique ? first.name : null,
      ...(unique ? { walkable: parts.every((row) => row.ordered === true) } : {}),
    });
  });
}
