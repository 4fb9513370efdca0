import type { Table } from "../model/catalog.js";
import type { PolicyChange, PolicyCommand, PolicyShape } from "../model/detail/policy.js";
import { implyAll } from "./view-condition.js";

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

/** What lets rows through that a file made by itself: they are found, and written. */
const ASPECTS = [
  ["using", ["select", "update", "delete"]],
  ["check", ["insert", "update"]],
] as const;

/**
 * Whether others are seen to let through all that a policy does, each for the roles that it is for.
 *
 * @param before null where nothing is told of it: it may let through anything
 */
export function letThroughBy(others: readonly PolicyShape[], before: PolicyShape | null): boolean {
  const wider = others.filter(({ restrictive }) => !restrictive);
  if (before === null) return leavesAllRows(others);
  if (before.restrictive) return others.length > 0;
  return letsThrough(wider, before);
}

function letsThrough(wider: readonly PolicyShape[], before: PolicyShape): boolean {
  const roles = before.roles.length === 0 ? [null] : before.roles;
  return ASPECTS.every(([aspect, commands]) => {
    const asked = commands.filter((command) => before.commands.includes(command));
    return asked.every((command) =>
      roles.every((role) => wider.some((one) => covers(one, before, aspect, command, role))),
    );
  });
}

/** Whether a policy is seen to let through behind ALTER POLICY all that it did before. A restrictive one takes rows from each role that it is for. */
export function letsThroughAsBefore(before: PolicyShape, change: PolicyChange): boolean {
  const now = changedPolicy(before, change);
  return (!before.restrictive || change.roles === undefined) && letsThrough([now], before);
}

/** How much of what a policy asks of rows ALTER POLICY says anew. */
export function saidAnew(before: PolicyShape, { using, check }: PolicyChange): "nothing" | "something" | "everything" {
  if (using === undefined && check === undefined) return "nothing";
  const stays = (using === undefined && before.using !== null) || (check === undefined && before.ownCheck === true);
  return stays ? "something" : "everything";
}

/** A policy behind ALTER POLICY. A WITH CHECK of its own stays beside another USING; without one, USING counts for both. */
export function changedPolicy(before: PolicyShape, change: PolicyChange): PolicyShape {
  const { using, check, roles } = change;
  const { calls, ...shape } = before;
  const anew = saidAnew(before, change);
  const called = anew === "everything" ? change.calls : anew === "nothing" ? calls : undefined;
  const both = check ?? (before.ownCheck === true ? undefined : using);
  const isOpen = (command: PolicyCommand) => {
    const found = command === "insert" || (using?.open ?? before.open.includes(command));
    const written = command === "select" || command === "delete" || (both?.open ?? before.open.includes(command));
    return found && written;
  };
  return Object.freeze({
    ...shape,
    ...(called === undefined ? {} : { calls: called }),
    ...(using === undefined ? {} : { using: using.conditions }),
    ...(both === undefined ? {} : { check: both.conditions }),
    ...(check === undefined ? {} : { ownCheck: true as const }),
    ...(roles === undefined ? {} : { roles }),
    open: before.restrictive ? [] : before.commands.filter(isOpen),
  });
}

/** @param role null for every role */
function covers(
  now: PolicyShape,
  before: PolicyShape,
  aspect: "using" | "check",
  command: PolicyCommand,
  role: string | null,
): boolean {
  const isFor = now.roles.length === 0 || (role !== null && now.roles.includes(role));
  const [given, asked] = [before[aspect], now[aspect]];
  if (given === null) return true;
  if (!now.commands.includes(command) || !isFor) return false;
  if (now.open.includes(command)) return true;
  return given !== undefined && asked !== undefined && asked !== null && implyAll(given, asked);
}
