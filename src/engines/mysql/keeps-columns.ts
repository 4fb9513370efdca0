import type { Table } from "../../model/catalog.js";
import type { ColumnsKept } from "../engine.js";
import { hashedIndexes } from "./effects/index-facts.js";
import { isInnodb } from "./innodb.js";
import { literal, quote, quoteRelation } from "./names.js";
import type { MysqlDialect } from "./parse/dialect.js";
import { sequenceDefault } from "./sequence-default.js";

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
 * that was there, ROW_FORMAT=COMPRESSED, MySQL's limit of INSTANT changes), there is a rebuild beside writers. Beside a UNIQUE
 * key of hashes MariaDB changes nothing at all but by a copy.
 */
export function columnsKept(table: Table, dialect: MysqlDialect): ColumnsKept | null {
  const { relation } = table;
  if (!isInnodb(table)) return { relation, kind: "storage-engine", name: table.engine ?? "", column: null };
  const [hashed] = hashedIndexes(table, dialect);
  if (hashed !== undefined) return { relation, kind: "unique-hash", name: hashed.name, column: null };
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
function altering({ relation }: Pick<Table, "relation">, statements: readonly string[]): readonly string[] {
  const heads = [quoteRelation(relation), quote(relation.name)].map((name) => `ALTER TABLE ${name} `);
  const forms = heads.flatMap((head) => [head, literal(head).slice(1, -1)]);
  return statements.filter((sql) => forms.some((form) => sql.includes(form)));
}

const BESIDE_OTHERS = /, ALGORITHM=(?:INSTANT|NOCOPY|INPLACE)\b/;

/** Those of the statements that alter the table beside its readers and writers, or fail. */
export const alteringBeside = (table: Pick<Table, "relation">, statements: readonly string[]): readonly string[] =>
  altering(table, statements).filter((sql) => BESIDE_OTHERS.test(sql));

/**
 * Those of the statements that MariaDB refuses because of the table's UNIQUE keys of hashes: all that alter it beside its
 * writers, but for the one that drops the only key of this kind (measured on 10.11).
 */
export function keptByHashes(table: Table, statements: readonly string[], dialect: MysqlDialect): readonly string[] {
  const [key, another] = hashedIndexes(table, dialect);
  if (key === undefined) return [];
  const drops = `DROP INDEX ${quote(key.name)},`;
  return alteringBeside(table, statements).filter((sql) => another !== undefined || !sql.includes(drops));
}

/** The table is locked for what follows. */
const locks = ({ relation }: Table, statements: readonly string[]): boolean =>
  [quoteRelation(relation), quote(relation.name)].some((name) =>
    statements.some((sql) => sql.startsWith(`LOCK TABLES ${name} WRITE`)),
  );

/**
 * The same, for statements that drop one of its columns or make one NOT NULL, beside a UNIQUE key of hashes for those that
 * change it in any way, beside a default from a sequence (MariaDB) for those that do so under LOCK TABLES; null where none
 * of them does.
 *
 * @example
 * keepsColumns(table, ["ALTER TABLE `t` DROP COLUMN `a`, ALGORITHM=INSTANT"], "mariadb")?.name // "gi"
 */
export function keepsColumns(table: Table, statements: readonly string[], dialect: MysqlDialect): ColumnsKept | null {
  const asking = dialect === "mariadb" ? sequenceDefault(table) : null;
  if (asking !== null && locks(table, statements))
    return { relation: table.relation, kind: "sequence-default", name: asking, column: null };
  const found = columnsKept(table, dialect);
  if (found?.kind === "unique-hash") return keptByHashes(table, statements, dialect).length > 0 ? found : null;
  const own = altering(table, statements).filter((sql) => DROPS.test(sql) || STRICT.test(sql));
  if (found === null || own.length === 0) return null;
  return found.kind === "index" && aboutVirtual(table, statements) ? null : found;
}
