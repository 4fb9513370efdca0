import type { Session } from "../../engine.js";
import { classify } from "../execute/errors.js";
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
 * (seen on MySQL 9.7 and MariaDB 10.11). Null when the session's user may not see those of others. Read from the table
 * that holds them: who may read only that one sees in information_schema.COLUMN_PRIVILEGES nothing but their own.
 */
export async function readColumnGrants(session: Session): Promise<ColumnGrantRow[] | null> {
  try {
    const rows = await session.query<Omit<ColumnGrantRow, "privilege"> & { privileges: string }>(
      `SELECT Table_name AS tableName, Column_name AS columnName, CONCAT('''', User, '''@''', Host, '''') AS grantee,
              UPPER(Column_priv) AS privileges
       FROM mysql.columns_priv WHERE Db = DATABASE() ORDER BY Table_name, Column_name, User, Host`,
    );
    return rows.flatMap(({ privileges, ...row }) => listed(privileges).map((privilege) => ({ ...row, privilege })));
  } catch (error) {
    if (classify(error) === "permission") return null;
    throw error;
  }
}

/** The members of a SET, in the order of their names. */
export const listed = (set: string): string[] =>
  set
    .split(",")
    .filter((name) => name !== "")
    .toSorted();

/** MariaDB's roles and PUBLIC have no host, and are written without one. */
export function granteeOf(text: string): string {
  const at = text.lastIndexOf("'@'");
  const [user, host] = [text.slice(1, at), text.slice(at + 3, -1)];
  if (host !== "") return `${quote(user)}@${quote(host)}`;
  return user === "PUBLIC" ? user : quote(user);
}

/** As `Column.grants` has them. WITH GRANT OPTION is the table's, not the column's. */
export const grantText = ({ privilege, grantee }: ColumnGrantRow): string =>
  `GRANT ${privilege} (%column%) ON %table% TO ${granteeOf(grantee)}`;
