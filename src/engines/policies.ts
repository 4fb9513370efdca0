import type { Table } from "../model/catalog.js";
import type { PolicyCommand, PolicyShape } from "../model/detail/policy.js";

/** The policies of a table that files made; null where one is not told: it is in a database. */
export function policiesOf(table: Table | null): readonly PolicyShape[] | null {
  const own = table?.dependents.filter(({ kind }) => kind === "policy") ?? [];
  const told = own.flatMap(({ policy }) => policy ?? []);
  return told.length === own.length ? told : null;
}

const COMMANDS: readonly PolicyCommand[] = Object.freeze(["select", "insert", "update", "delete"]);

/**
 * Whether policies together leave every row to every role, or to each that files give rights on the table.
 *
 * @param rights what files give on the table, a privilege and a role each: `SELECT app`
 */
export function leavesAllRows(policies: readonly PolicyShape[], rights: readonly string[] = []): boolean {
  if (policies.some(({ restrictive }) => restrictive)) return false;
  return COMMANDS.every((command) => {
    const open = policies.filter((policy) => policy.open.includes(command));
    if (open.some(({ roles }) => roles.length === 0)) return true;
    const known = new Set(open.flatMap(({ roles }) => roles));
    const asked = rights.filter((right) => right.startsWith(`${command.toUpperCase()} `));
    return rights.length > 0 && asked.every((right) => known.has(right.slice(right.indexOf(" ") + 1)));
  });
}
