import type { Column, Table } from "../../../model/catalog.js";
import { type RelationName, show } from "../../../model/name.js";
import type { Claim } from "../../../model/plan.js";
import type { Step } from "../../../model/step.js";
import { LENT_ENUM, quote } from "../names.js";
import type { MysqlDialect } from "../parse/dialect.js";
import { baseType } from "../triggers/values.js";
import { INSTANT, type MysqlContext } from "./algorithms.js";
import { isGuarded, triggersBefore, triggersThatSee } from "./app-triggers.js";
import { alter, ddl } from "./ddl.js";
import { hasDefault, hasDefaultLike, stateOf } from "./facts.js";
import { placeholder, zeroMoment } from "./literals.js";
import * as locks from "./locks.js";
import { takeBackEnums } from "./take-back-enums.js";

const isEnum = (column: Column): boolean => baseType(column.type) === "enum";

export const mustBeWritten = (c: Column): boolean =>
  c.notNull && c.default === null && !c.autoIncrement && c.generated === null && c.onUpdate === null;

/**
 * The default that a NOT NULL column without one needs while an INSERT may leave it to a trigger of ours; null where it
 * needs none, or its type takes none (spatial ones). It is the server's own implicit value. Measured on MariaDB 10.11:
 * `INSERT ... SELECT` and `REPLACE ... SELECT` are judged before the triggers have run (error 1364), as are LOAD DATA and
 * an ON DUPLICATE KEY UPDATE that names the column; and an ENUM has its first member as a default until the table has a
 * BEFORE trigger. MySQL 9.7 judges behind them.
 *
 * @example
 * loanOf(column("enum('new','done')"), "mariadb") // "'new'"
 */
export function loanOf(column: Column, dialect: MysqlDialect): string | null {
  if (dialect !== "mariadb" || !mustBeWritten(column)) return null;
  // No catalog writes no bytes so: see `omissionOf`.
  if (/^(?:var)?binary$/.test(baseType(column.type))) return "x''";
  return zeroMoment(column.type) ?? placeholder(column.type, dialect);
}

/**
 * Triggers of the application for which a column has to stay without a default. Measured on MariaDB 10.11: beside a BEFORE
 * trigger for INSERT or UPDATE, whatever it names, the server itself gives a TIMESTAMP that is left out the present.
 */
const triggersAgainst = (table: Table, column: Column, context: MysqlContext): string[] =>
  baseType(column.type) === "timestamp"
    ? triggersBefore(table, context, ["INSERT", "UPDATE"])
    : triggersThatSee(table, column.name, context);

/** The same for a column of the table; none where a trigger of the application looks whether it was left out. */
export function lentDefault(table: Table, column: Column, context: MysqlContext): string | null {
  const loan = loanOf(column, context.dialect);
  return loan === null || triggersAgainst(table, column, context).length > 0 ? null : loan;
}

/** The column as it is while `lentDefault` is lent to it. */
export function withLent(table: Table, column: Column, context: MysqlContext): Column {
  const lent = lentDefault(table, column, context);
  return lent === null ? column : { ...column, default: lent };
}

/** Gives a column its loan and takes it away again, as ends of `ALTER TABLE t`. An ENUM's is such that it can be told. */
export const lend = (column: Column, loan: string): string =>
  `ALTER COLUMN ${quote(column.name)} SET DEFAULT ${isEnum(column) ? LENT_ENUM : loan}`;
export const unlend = (column: string): string => `ALTER COLUMN ${quote(column)} DROP DEFAULT`;

/** What has to wait while a column has such a default; `lent` is how people know it, where it gets another name. */
export const lentClaim = (relation: RelationName, name: string, lent = name): Claim =>
  Object.freeze({ relation, name, change: `lends ${lent} a default for the time being`, lends: true });

/** How MariaDB prints what `lentDefault` is, once it is a column's: padded, and with the digits that the type has. */
function printedLent(lent: string): string {
  if (lent === "0") return "0+([.]0+)?";
  return lent === "x''" ? "'(\\\\0)*'" : `${lent.slice(0, -1)}([.]0+)?'`;
}

/** The column still has what it was lent; not for an ENUM, whose default tells by itself that it is ours. */
export const hasLent = (relation: RelationName, column: string, lent: string): string =>
  hasDefaultLike(relation, column, printedLent(lent));

/** The step that lends it, if the column needs it. */
export function lendDefault(
  table: Table,
  column: Column,
  context: MysqlContext,
  given: Pick<Step, "id" | "phase"> & Partial<Step>,
): Step[] {
  const lent = lentDefault(table, column, context);
  if (lent === null) return [];
  const { relation } = table;
  return [
    ddl({
      sql: [alter(relation, `${lend(column, lent)}, ${INSTANT}`)],
      undo: isEnum(column)
        ? takeBackEnums(relation, isGuarded(table, context) ? [column.name] : null)
        : [alter(relation, `${unlend(column.name)}, ${INSTANT}`)],
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
  return [alter(relation, `${lend(column, other)}, ${INSTANT}`)];
}

function noteOnSeen(table: Table, column: Column, context: MysqlContext): string[] {
  const seen = triggersAgainst(table, column, context);
  if (seen.length === 0) return [];
  const why =
    baseType(column.type) === "timestamp"
      ? `Beside a trigger of yours (${seen.join(", ")}) MariaDB itself gives ${column.name} the present where an INSERT leaves it out, which a default would take away: it`
      : `The trigger ${seen.join(", ")} may look whether an INSERT leaves ${column.name} out, so ${column.name}`;
  return [
    `${why} gets no default for the time being. Until the swap MariaDB refuses an INSERT ... SELECT, a REPLACE ... SELECT and a LOAD DATA that leave it out (error 1364): new code has to write with VALUES, or to write both columns.`,
  ];
}

/** Measured on both: spatial types have no value that a server could put in, nor a default on MariaDB. */
function noteOnShape({ name, type }: Column, { dialect }: MysqlContext): string[] {
  const what = dialect === "mariadb" ? "an INSERT ... SELECT, a REPLACE ... SELECT and a LOAD DATA" : "a LOAD DATA";
  return [
    `${name} is NOT NULL, and ${type} has no default: until the swap ${what} of new code that leaves ${name} out fails (error 1364). It has to write with VALUES, or to write both columns.`,
  ];
}

/** What people should know of it; nothing where none would be lent. */
export function notesOnLent(table: Table, column: Column, context: MysqlContext, until: string): string[] {
  if (!mustBeWritten(column)) return [];
  if (placeholder(column.type, "mariadb") === null) return noteOnShape(column, context);
  if (context.dialect !== "mariadb") return [];
  const lent = lentDefault(table, column, context);
  if (lent === null) return noteOnSeen(table, column, context);
  // The server itself gives an ENUM this value.
  if (isEnum(column)) return [];
  const zero = lent.startsWith("'0000-")
    ? ` Until then an ALTER TABLE ${show(table.relation)} of a session with NO_ZERO_DATE fails (error 1067).`
    : "";
  return [
    `${column.name} has the default ${lent} until ${until}: MariaDB would else refuse an INSERT ... SELECT that leaves the column to the triggers. An INSERT that leaves it out altogether is not refused meanwhile (error 1364), and its row holds ${lent}.${zero}`,
  ];
}
