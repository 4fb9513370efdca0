import type { RelationName } from "../../../model/name.js";
import type { Session } from "../../engine.js";
import { readCode, usersOf, wholeUsersOf } from "../introspect/dependents.js";
import type { MysqlDialect } from "../parse/dialect.js";

const KEYS = `SELECT CONSTRAINT_NAME AS name, TABLE_NAME AS tableName FROM information_schema.REFERENTIAL_CONSTRAINTS
  WHERE UNIQUE_CONSTRAINT_SCHEMA = DATABASE() AND REFERENCED_TABLE_NAME = ? AND TABLE_NAME <> ?`;

/** What names a whole table or view from outside of it: code, and foreign keys of other tables. */
async function usersOfTable(session: Session, { name }: RelationName, dialect: MysqlDialect): Promise<string[]> {
  const keys = await session.query<{ name: string; tableName: string }>(KEYS, [name, name]);
  return [
    ...wholeUsersOf(await readCode(session, dialect), name),
    ...keys.map((k) => `foreign key ${k.name} of ${k.tableName}`),
  ];
}

/**
 * What would fail when the column goes: views, triggers, routines and events that name it. The servers rename a
 * column in none of them. Generated columns, indexes and constraints follow a rename, or the plan was refused.
 */
export async function dependents(
  session: Session,
  relation: RelationName,
  column: string | null,
  dialect: MysqlDialect,
): Promise<string[]> {
  if (column === null) return usersOfTable(session, relation, dialect);
  return usersOf(await readCode(session, dialect), relation.name, column);
}
