import type { Constraint, Table } from "../../../../model/catalog.js";
import { Refusal } from "../../../engine.js";
import { nameProblem } from "../../names.js";
import type { MysqlDialect } from "../../parse/dialect.js";

/** The number behind the greatest that a name of this form has. */
function nextOf(prefix: string, constraints: readonly Constraint[]): string {
  const own = constraints.filter((c) => c.name.toLowerCase().startsWith(prefix.toLowerCase()));
  const numbers = own.map((c) => c.name.slice(prefix.length)).filter((n) => /^\d{1,9}$/.test(n));
  return `${prefix}${Math.max(0, ...numbers.map(Number)) + 1}`;
}

/** @throws Refusal for a name that the server would not take, as one that it makes of a long table's may be */
export function usable(name: string): string {
  const problem = nameProblem(name);
  if (problem === null) return name;
  throw new Refusal(`The constraint's name ${name} ${problem}.`, "Write CONSTRAINT and another name in front of it.");
}

/** The name that both servers give a foreign key without one: `t_ibfk_1` (measured on MySQL 9.7 and MariaDB 10.11). */
export const foreignKeyName = (table: Table): string =>
  nextOf(
    `${table.relation.name}_ibfk_`,
    table.constraints.filter((c) => c.kind === "foreign-key"),
  );

/** The name that a CHECK without one gets: `t_chk_1`, and on MariaDB the first free `CONSTRAINT_1` (measured likewise). */
export function checkName(table: Table, dialect: MysqlDialect): string {
  if (dialect === "mysql")
    return nextOf(
      `${table.relation.name}_chk_`,
      table.constraints.filter((c) => c.kind === "check"),
    );
  const taken = new Set([...table.constraints, ...table.indexes].map((c) => c.name.toLowerCase()));
  for (let n = 1; ; n++) if (!taken.has(`constraint_${n}`)) return `CONSTRAINT_${n}`;
}
