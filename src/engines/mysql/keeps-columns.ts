import type { Table } from "../../model/catalog.js";
import type { ColumnsKept } from "../engine.js";
import { isInnodb } from "./innodb.js";
import { literal, quote, quoteRelation } from "./names.js";
import type { MysqlDialect } from "./parse/dialect.js";

const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** An index over a virtual column, and that column; null where the table has none. */
export function virtualIndex(
  table: Table | null,
): { readonly name: string; readonly column: string; readonly columns: readonly string[] } | null {
  const virtual = (table?.columns ?? []).filter((c) => c.generated?.kind === "virtual").map((c) => c.name);
  for (const { name, columns } of [...(table?.indexes ?? []), ...(table?.constraints ?? []).filter(isKey)]) {
    const column = virtual.find((v) => columns.some((c) => sameName(c, v)));
    if (column !== undefined) return { name, column, columns };
  }
  return null;
}

const isKey = ({ kind }: Table["constraints"][number]): boolean => kind === "unique" || kind === "primary-key";

/**
 * What keeps the server from adding and dropping columns of a table beside its writers, by whatever algorithm. Measured on
 * MySQL 9.7 and MariaDB 10.11: a FULLTEXT index, on both; on MariaDB an index over a virtual column, while columns that are
 * virtual themselves come and go as ever; and an engine other than InnoDB. Where only INSTANT is refused (a FULLTEXT index
 * that was there, ROW_FORMAT=COMPRESSED, MySQL's limit of INSTANT changes), there is a rebuild beside writers.
 */
export function columnsKept(table: Table, dialect: MysqlDialect): ColumnsKept | null {
  const { relation } = table;
  if (!isInnodb(table)) return { relation, kind: "storage-engine", name: table.engine ?? "", column: null };
  const fulltext = table.indexes.find((i) => /\bFULLTEXT\b/i.test(i.definition));
  if (fulltext !== undefined) return { relation, kind: "fulltext-index", name: fulltext.name, column: null };
  const found = dialect === "mariadb" ? virtualIndex(table) : null;
  return found === null ? null : { relation, kind: "index", name: found.name, column: found.column };
}

const DROPS = /\bDROP COLUMN .*, ALGORITHM=(?:INSTANT|INPLACE)\b/s;
const STRICT = /\bMODIFY COLUMN .*\bNOT NULL\b.*, ALGORITHM=INPLACE\b/s;

/** A column that is virtual, or was under this name before the statements gave it another. */
function aboutVirtual({ columns }: Table, statements: readonly string[]): boolean {
  const virtual = columns.filter((c) => c.generated?.kind === "virtual");
  return virtual.some(({ name }) =>
    statements.some((sql) => sql.includes(`COLUMN ${quote(name)} TO `) || sql.includes(`DROP COLUMN ${quote(name)}`)),
  );
}

/** Those of the statements that alter the table: by themselves, or where `guarded` lets them. */
function altering({ relation }: Table, statements: readonly string[]): readonly string[] {
  const heads = [quoteRelation(relation), quote(relation.name)].map((name) => `ALTER TABLE ${name} `);
  const forms = heads.flatMap((head) => [head, literal(head).slice(1, -1)]);
  return statements.filter((sql) => forms.some((form) => sql.includes(form)));
}

/**
 * The same, for statements that drop one of its columns or make one NOT NULL; null where none of them does.
 *
 * @example
 * keepsColumns(table, ["ALTER TABLE `t` DROP COLUMN `a`, ALGORITHM=INSTANT"], "mariadb")?.name // "gi"
 */
export function keepsColumns(table: Table, statements: readonly string[], dialect: MysqlDialect): ColumnsKept | null {
  const kept = columnsKept(table, dialect);
  if (kept === null) return null;
  const own = altering(table, statements).filter((sql) => DROPS.test(sql) || STRICT.test(sql));
  if (own.length === 0) return null;
  return kept.kind === "index" && aboutVirtual(table, statements) ? null : kept;
}
