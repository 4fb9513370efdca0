import { type RelationName, show } from "../../../model/name.js";
import { findTable, type Phased, Refusal } from "../../engine.js";
import { sequenceDefault } from "../sequence-default.js";
import type { MysqlContext } from "./algorithms.js";

/**
 * Names and triggers are exchanged under LOCK TABLES, where MariaDB alters no table with a default from a sequence.
 *
 * @throws Refusal for such a table
 */
export function refuseSequenceDefault(phased: Phased, relation: RelationName | null, context: MysqlContext): Phased {
  const table = relation === null ? null : findTable(context.catalog, relation);
  const column = sequenceDefault(table);
  if (context.dialect !== "mariadb" || table === null || column === null) return phased;
  const locks = phased.steps.some((s) => [...s.sql, ...s.undo].some((sql) => sql.startsWith("LOCK TABLES")));
  if (!locks) return phased;
  throw new Refusal(
    `${show(table.relation)}.${column} takes its default from a sequence, and MariaDB alters no such table while it is locked (error 1100), as it must be when names are exchanged.`,
    `Let the application write ${column} itself (SELECT NEXTVAL), drop that default in an earlier migration, and set it again when this one has contracted.`,
  );
}
