import type { Constraint, Table } from "../../../../model/catalog.js";
import { type RelationName, show } from "../../../../model/name.js";
import type { Claim } from "../../../../model/plan.js";
import type { Step } from "../../../../model/step.js";
import { findTable, Refusal, type StrategyContext } from "../../../engine.js";
import { literal, quote, quoteRelation } from "../../names.js";
import { renameColumnInConstraint } from "../../parse/columns.js";
import { adding, alter, withoutMark } from "../constraint/steps.js";
import { addConstraint } from "../constraints.js";
import { type Change, change } from "../rename/change.js";
import { copyName, id } from "../rename/subject.js";
import type { Retype } from "./subject.js";

/** A foreign key of another table, or of this one, that points at the key. */
export interface Inbound {
  readonly table: Table;
  readonly constraint: Constraint;
}

const LATER =
  "Drop the foreign key in an earlier migration, and add it again in a later one: both are planned without blocking.";

function refuse(name: string, child: RelationName, why: string): never {
  throw new Refusal(`The foreign key ${name} of ${show(child)} points here, and ${why}.`, LATER);
}

/** @throws Refusal for one that cannot be pointed at another column */
export function inboundOf(table: Table, column: string, key: Constraint | null, context: StrategyContext): Inbound[] {
  const carriers = table.indexes.filter((i) => i.unique && i.columns.includes(column));
  const all = table.referencedBy.filter(
    (f) => f.columns.includes(column) || carriers.some((i) => f.columns.every((c) => i.columns.includes(c))),
  );
  return all.map((f) => {
    const child = findTable(context.catalog, f.relation);
    const constraint = child?.constraints.find((c) => c.kind === "foreign-key" && c.name === f.constraint);
    const atKey =
      key !== null && f.columns.length === key.columns.length && f.columns.every((c) => key.columns.includes(c));
    if (!atKey) refuse(f.constraint, f.relation, `at ${f.columns.join(", ")}, which is not the whole primary key`);
    if (child === null || constraint === undefined) refuse(f.constraint, f.relation, "what it looks like is not known");
    if (child.partitioned) refuse(f.constraint, f.relation, "its table is partitioned or part of an inheritance tree");
    if (constraint.columns.includes(column) && child === table)
      refuse(f.constraint, f.relation, `it is over ${column} itself`);
    return { table: child, constraint };
  });
}

/** The same foreign key, at the second column. */
function copyOf(r: Retype, { table, constraint }: Inbound): string {
  const copy = renameColumnInConstraint(constraint.definition, r.old.name, r.to, "referenced");
  if (copy === constraint.definition)
    refuse(constraint.name, table.relation, `its definition does not name ${r.old.name}`);
  return withoutMark(copy);
}

/** Old code goes on by the first of the two; both hold. */
export function copyInbound(r: Retype): Step[] {
  return r.inbound.flatMap((f, n) => {
    const { table, constraint } = f;
    const name = copyName(r, constraint.name);
    const made = { relation: table.relation, name, definition: copyOf(r, f), target: r.relation };
    const why = `${constraint.name} of ${show(table.relation)} gets a second one, which points at the second column.`;
    return addConstraint(id(r, `inbound-${n + 1}`), made, why, constraint.validated).map(
      (s): Step => ({
        ...s,
        undo: s.kind === "ddl" ? [alter(table, `DROP CONSTRAINT IF EXISTS ${quote(name)}`)] : [],
      }),
    );
  });
}

/** The former foreign key hangs on the former key's index, so it goes; a rollback adds it without a look at the rows. */
export const dropInbound = (r: Retype): Change[] =>
  r.inbound.map(({ table, constraint }) =>
    change(alter(table, `DROP CONSTRAINT ${quote(constraint.name)}`), ...adding(table, constraint)),
  );

/** The second one takes the name. It hangs on the second key's index, and goes before that does. */
export function nameInbound(r: Retype): Change[] {
  return r.inbound.flatMap(({ table, constraint: { name, comment } }) => {
    const [own, copy] = [quote(name), quote(copyName(r, name))];
    return [
      change(alter(table, `RENAME CONSTRAINT ${copy} TO ${own}`), alter(table, `DROP CONSTRAINT ${own}`)),
      ...(comment == null
        ? []
        : [change(`COMMENT ON CONSTRAINT ${own} ON ${quoteRelation(table.relation)} IS ${literal(comment)}`)]),
    ];
  });
}

/** After the swap was taken back: the rows are looked at while reads and writes go on. */
export const validatedAgain = (r: Retype): string[] =>
  r.inbound.flatMap(({ table, constraint }) =>
    constraint.validated ? [alter(table, `VALIDATE CONSTRAINT ${quote(constraint.name)}`)] : [],
  );

/** The tables whose foreign keys point here, each once, without this one. */
export function pointing(r: Retype): RelationName[] {
  const others = r.inbound.map((f) => f.table.relation).filter((o) => quoteRelation(o) !== quoteRelation(r.relation));
  return others.filter((o, n) => others.findIndex((p) => quoteRelation(p) === quoteRelation(o)) === n);
}

/** What points here must not change under way. */
export const claimsOnPointing = (r: Retype): Claim[] =>
  r.inbound.flatMap(({ table, constraint }) =>
    constraint.columns.map((name) => ({
      relation: table.relation,
      name,
      change: `changes the type of ${r.old.name}, which ${constraint.name} points at`,
    })),
  );

export const notesOnPointing = (r: Retype): string[] =>
  r.inbound.map(
    ({ table, constraint }) =>
      `${constraint.columns.join(", ")} of ${show(table.relation)} points here by ${constraint.name} and keeps its own type: change that one before values are beyond it, in a migration of its own.`,
  );
