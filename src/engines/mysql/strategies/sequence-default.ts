import { type RelationName, show } from "../../../model/name.js";
import { findTable, type Phased, Refusal } from "../../engine.js";
import type { MysqlContext } from "./algorithms.js";

const OF_SEQUENCE = /\b(?:nextval|lastval|setval)\s*\(|\b(?:next|previous)\s+value\s+for\b/i;

const LITERAL = /'(?:[^'\\]|\\.|'')*'/gs;

const asksSequence = (value: string | null): boolean => value !== null && OF_SEQUENCE.test(value.replace(LITERAL, ""));

/**
 * Names and triggers are exchanged under LOCK TABLES. Measured on MariaDB 10.11: there no ALTER goes through on a table of
 * which a column's default asks a sequence (error 1100); where two ask one, not even with that locked, too.
 *
 * @throws Refusal for such a table
 */
export function refuseSequenceDefault(phased: Phased, relation: RelationName | null, context: MysqlContext): Phased {
  const table = relation === null ? null : findTable(context.catalog, relation);
  const column = table?.columns.find((c) => asksSequence(c.default));
  if (context.dialect !== "mariadb" || table === null || column === undefined) return phased;
  const locks = phased.steps.some((s) => [...s.sql, ...s.undo].some((sql) => sql.startsWith("LOCK TABLES")));
  if (!locks) return phased;
  throw new Refusal(
    `${show(table.relation)}.${column.name} takes its default from a sequence, and MariaDB alters no such table while it is locked (error 1100), as it must be when names are exchanged.`,
    `Let the application write ${column.name} itself (SELECT NEXTVAL), drop that default in an earlier migration, and set it again when this one has contracted.`,
  );
}
