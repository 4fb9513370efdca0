import type { Session } from "../../engine.js";
import { quote } from "../names.js";
import { parseMysql } from "../parse/index.js";
import type { ColumnRow } from "./columns.js";

/**
 * An expression that `ALTER COLUMN ... SET DEFAULT (...)` has given a column without a default: until the next ALTER of the
 * table information_schema marks it in EXTRA and has no text for it (measured on MySQL 9.7).
 */
const isHidden = ({ extra, defaultText }: ColumnRow): boolean =>
  defaultText === null && /\bDEFAULT_GENERATED\b/.test(extra);

/** The defaults as the table's own definition prints them, by column. */
async function printed(session: Session, table: string): Promise<ReadonlyMap<string, string | null>> {
  const [row] = await session.query(`SHOW CREATE TABLE ${quote(table)}`);
  const text = String(Object.values(row ?? {})[1] ?? "");
  const [operation] = parseMysql(text, "mysql").statements[0]?.operations ?? [];
  const columns = operation?.kind === "create-table" ? operation.columns : [];
  return new Map(columns.map((c) => [c.name, c.default]));
}

/** As information_schema would print it: without the brackets, and with quotes and backslashes escaped once more. */
const asListed = (text: string): string => text.replace(/^\((.*)\)$/s, "$1").replace(/['\\]/g, "\\$&");

/** Columns with the defaults that information_schema does not tell, in the words in which it tells others. */
export async function withHiddenDefaults(session: Session, rows: readonly ColumnRow[]): Promise<ColumnRow[]> {
  const tables = new Set(rows.filter(isHidden).map((row) => row.tableName));
  const found = new Map<string, ReadonlyMap<string, string | null>>();
  for (const table of tables) found.set(table, await printed(session, table));
  return rows.map((row) => {
    const shown = isHidden(row) ? (found.get(row.tableName)?.get(row.name) ?? null) : null;
    return shown === null ? row : { ...row, defaultText: asListed(shown) };
  });
}
