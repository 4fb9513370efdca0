import type { Session } from "../../engine.js";
import { classify } from "../execute/errors.js";
import { granteeOf, listed } from "./column-grants.js";

interface TableGrantRow {
  readonly tableName: string;
  readonly grantee: string;
  readonly privileges: string;
}

/**
 * Privileges on single tables, which the servers keep by the table's name: RENAME TABLE leaves them. By table, as
 * `Table.grants` has them; null when the session's user may not see those of others.
 */
export async function readTableGrants(session: Session): Promise<ReadonlyMap<string, readonly string[]> | null> {
  try {
    const rows = await session.query<TableGrantRow>(
      `SELECT Table_name AS tableName, CONCAT('''', User, '''@''', Host, '''') AS grantee, UPPER(Table_priv) AS privileges
       FROM mysql.tables_priv WHERE Db = DATABASE() AND Table_priv <> '' ORDER BY Table_name, User, Host`,
    );
    const byTable = new Map<string, string[]>();
    for (const row of rows) byTable.set(row.tableName, [...(byTable.get(row.tableName) ?? []), ...textsOf(row)]);
    return byTable;
  } catch (error) {
    if (classify(error) === "permission") return null;
    throw error;
  }
}

/** One statement a privilege, so that each can be told and taken back by itself. */
function textsOf({ privileges, grantee }: TableGrantRow): string[] {
  const all = listed(privileges);
  const option = all.includes("GRANT") ? " WITH GRANT OPTION" : "";
  return all.filter((p) => p !== "GRANT").map((p) => `GRANT ${p} ON %table% TO ${granteeOf(grantee)}${option}`);
}
