import type { Column, Table } from "../../../model/catalog.js";
import { type RelationName, show } from "../../../model/name.js";
import type { Step } from "../../../model/step.js";
import { quote } from "../names.js";
import type { MysqlDialect } from "../parse/dialect.js";
import { baseType } from "../triggers/values.js";
import { INSTANT } from "./algorithms.js";
import { alter, ddl } from "./ddl.js";
import { hasDefault, stateOf } from "./facts.js";
import { placeholder, zeroMoment } from "./literals.js";
import * as locks from "./locks.js";

/**
 * The default that a NOT NULL column without one needs while an INSERT may leave it to a trigger; null where it needs
 * none, or its type takes none (spatial ones). Measured on MariaDB 10.11: `INSERT ... SELECT` and `REPLACE ... SELECT` are
 * judged before the triggers have run (error 1364), and an ENUM has its first member as a default until the table has a
 * trigger. MySQL 9.7 judges behind them.
 *
 * @example
 * lentDefault(column("enum('new','done')"), "mariadb") // "'new'"
 */
export function lentDefault(column: Column, dialect: MysqlDialect): string | null {
  if (dialect !== "mariadb" || !column.notNull || column.default !== null) return null;
  if (column.autoIncrement || column.generated !== null || column.onUpdate !== null) return null;
  // No catalog writes no bytes so: see `omissionOf`.
  if (/^(?:var)?binary$/.test(baseType(column.type))) return "x''";
  return zeroMoment(column.type) ?? placeholder(column.type, dialect);
}

/** The column as it is while `lentDefault` is lent to it. */
export function withLent(column: Column, dialect: MysqlDialect): Column {
  const lent = lentDefault(column, dialect);
  return lent === null ? column : { ...column, default: lent };
}

/** Gives a default to a column and takes it away again, as ends of `ALTER TABLE t`. */
export const lend = (column: string, lent: string): string => `ALTER COLUMN ${quote(column)} SET DEFAULT ${lent}`;
export const unlend = (column: string): string => `ALTER COLUMN ${quote(column)} DROP DEFAULT`;

/** The step that lends it, if the column needs it. */
export function lendDefault(
  table: Table,
  column: Column,
  dialect: MysqlDialect,
  given: Pick<Step, "id" | "phase"> & Partial<Step>,
): Step[] {
  const lent = lentDefault(column, dialect);
  if (lent === null) return [];
  const { relation } = table;
  return [
    ddl({
      sql: [alter(relation, `${lend(column.name, lent)}, ${INSTANT}`)],
      undo: [alter(relation, `${unlend(column.name)}, ${INSTANT}`)],
      probe: { sql: stateOf(hasDefault(relation, column.name)), repair: [] },
      locks: [locks.brief(relation)],
      reason: `${column.name} is NOT NULL without a default, and MariaDB asks for its value before a trigger can give it one: an INSERT ... SELECT of code that does not write it would fail.`,
      ...given,
    }),
  ];
}

/**
 * What makes a parked column ready for the moment in which no trigger writes it any more, before it is dropped: from then
 * on MariaDB refuses every INSERT of a session with NO_ZERO_DATE beside a zero as a default (error 1978).
 */
export function withoutZero(relation: RelationName, column: Column, dialect: MysqlDialect): string[] {
  const other = placeholder(column.type, dialect);
  if (dialect !== "mariadb" || other === null || column.default?.startsWith("'0000-") !== true) return [];
  return [alter(relation, `${lend(column.name, other)}, ${INSTANT}`)];
}

/** What people should know of it; nothing where no default is lent. */
export function notesOnLent(table: Table, column: Column, dialect: MysqlDialect, until: string): string[] {
  const lent = lentDefault(column, dialect);
  // The server itself gives an ENUM this value.
  if (lent === null || baseType(column.type) === "enum") return [];
  const zero = lent.startsWith("'0000-")
    ? ` Until then an ALTER TABLE ${show(table.relation)} of a session with NO_ZERO_DATE fails (error 1067).`
    : "";
  return [
    `${column.name} has the default ${lent} until ${until}: MariaDB would else refuse an INSERT ... SELECT that leaves the column to the triggers. An INSERT that leaves it out altogether is not refused meanwhile (error 1364), and its row holds ${lent}.${zero}`,
  ];
}
