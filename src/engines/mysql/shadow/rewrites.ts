import type { RelationName } from "../../../model/name.js";
import type { Session } from "../../engine.js";
import { literal } from "../names.js";
import type { MysqlDialect } from "../parse/dialect.js";

/** InnoDB's numbers of tables and partitions, by table: a table that is written anew gets another one. */
export type TableIds = ReadonlyMap<string, string>;

/**
 * The numbers of a schema's tables whose names InnoDB does not encode; none where the user may not see them (PROCESS is
 * needed), so that nothing is seen.
 */
export async function tableIds(session: Session, schema: string, dialect: MysqlDialect): Promise<TableIds> {
  const view = dialect === "mysql" ? "INNODB_TABLES" : "INNODB_SYS_TABLES";
  const rows = await session
    .query<{ name: string; id: string }>(
      `SELECT NAME AS name, TABLE_ID AS id FROM information_schema.${view} WHERE NAME LIKE ${literal(`${schema.replaceAll("_", "\\_")}/%`)} ORDER BY NAME`,
    )
    .catch(() => []);
  const ids = new Map<string, string>();
  for (const { name, id } of rows) {
    const [table = ""] = name.slice(schema.length + 1).split("#");
    if (/^[\w$]+$/.test(table)) ids.set(table, `${ids.get(table) ?? ""} ${id}`);
  }
  return ids;
}

/** Tables that were there before and have other numbers now. */
export function rewritten(before: TableIds, after: TableIds): readonly RelationName[] {
  return [...before].flatMap(([name, id]) => {
    const now = after.get(name);
    return now === undefined || now === id ? [] : [{ schema: null, name }];
  });
}
