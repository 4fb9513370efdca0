import type { Session } from "../../engine.js";
import { quote } from "../names.js";

export interface ColumnGrantRow {
  readonly tableName: string;
  readonly columnName: string;
  /** `'app'@'%'`, in which nothing is escaped. */
  readonly grantee: string;
  /** `SELECT`, `UPDATE`, ... */
  readonly privilege: string;
}

/**
 * Privileges on single columns, which the servers keep by the column's name: RENAME COLUMN and DROP COLUMN leave them
 * (seen on MySQL 9.7 and MariaDB 10.11). Null when the session's user may not see those of others.
 */
export async function readColumnGrants(session: Session): Promise<ColumnGrantRow[] | null> {
  const seen = await session.query("SELECT 1 FROM mysql.columns_priv LIMIT 0").then(
    () => true,
    () => false,
  );
  if (!seen) return null;
  return session.query<ColumnGrantRow>(
    `SELECT TABLE_NAME AS tableName, COLUMN_NAME AS columnName, GRANTEE AS grantee, PRIVILEGE_TYPE AS privilege
     FROM information_schema.COLUMN_PRIVILEGES WHERE TABLE_SCHEMA = DATABASE()
     ORDER BY TABLE_NAME, COLUMN_NAME, GRANTEE, PRIVILEGE_TYPE`,
  );
}

/** MariaDB's roles and PUBLIC have no host, and are written without one. */
function granteeOf(text: string): string {
  const at = text.lastIndexOf("'@'");
  const [user, host] = [text.slice(1, at), text.slice(at + 3, -1)];
  if (host !== "") return `${quote(user)}@${quote(host)}`;
  return user === "PUBLIC" ? user : quote(user);
}

/** As `Column.grants` has them. WITH GRANT OPTION is the table's, not the column's. */
export const grantText = ({ privilege, grantee }: ColumnGrantRow): string =>
  `GRANT ${privilege} (%column%) ON %table% TO ${granteeOf(grantee)}`;
