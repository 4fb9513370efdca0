import type { RelationName } from "../../../model/name.js";
import type { Session } from "../../engine.js";
import { readCode, usersOf } from "../introspect/dependents.js";
import type { MysqlDialect } from "../parse/dialect.js";

/**
 * What would fail when the column goes: views, triggers, routines and events that name it. The servers rename a
 * column in none of them. Generated columns, indexes and constraints follow a rename, or the plan was refused.
 */
export async function dependents(
  session: Session,
  relation: RelationName,
  column: string,
  dialect: MysqlDialect,
): Promise<string[]> {
  return usersOf(await readCode(session, dialect), relation.name, column);
}
