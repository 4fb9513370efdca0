import type { BackfillWork, Step } from "../../../../model/step.js";
import { SWAP } from "../../../place.js";
import { step } from "../../../step.js";
import * as locks from "../../effects/helper-statements.js";
import { generatedName, idPart, quote, quoteRelation, shortHash } from "../../names.js";
import { renameColumnInExpression } from "../../parse/columns.js";
import { deriveTrigger, evaluated } from "../../triggers/derive.js";
import { inBrackets } from "../../triggers/fill.js";
import { type FreshColumn, groupTrigger } from "../../triggers/group.js";
import { differs, type TriggerSql } from "../../triggers/sync.js";
import { alter, dropping } from "../constraint/steps.js";
import { addConstraint, hasNotNullConstraints, notNullDefinition } from "../constraints.js";
import { relaxFollowing } from "../drop-column.js";
import { nameFor } from "../names-taken.js";
import { type Derived, id } from "./subject.js";

const list = (d: Derived) => d.fresh.map((f) => f.name).join(", ");

/** Every name in it quoted, so that what is parked can be put in its place. */
function quoted({ up }: FreshColumn): string {
  const text = up.reads.reduce((sql, name) => renameColumnInExpression(sql, name, name), up.text);
  return inBrackets(text);
}

export function addColumns(d: Derived): Step[] {
  const table = quoteRelation(d.relation);
  return d.additions.map(({ column }, n) => {
    const fresh = d.fresh[n];
    const name = quote(column.name);
    const collate = column.collation === null ? "" : ` COLLATE ${quote(column.collation)}`;
    const own = fresh === undefined ? "true" : differs(name, `${quoted(fresh)}::${fresh.type}`, fresh.comparable);
    return step({
      id: id(d, `add-${idPart(column.name)}`),
      phase: "expand",
      kind: "ddl",
      sql: [`ALTER TABLE ${table} ADD COLUMN ${name} ${column.type}${collate}`],
      undo: [
        `LOCK TABLE ONLY ${table} IN ACCESS EXCLUSIVE MODE`,
        ...groupTrigger(d).drop,
        `ALTER TABLE ${table} DROP COLUMN IF EXISTS ${name}`,
      ],
      locks: [locks.alterTable(d.relation)],
      adds: { relation: d.relation, column: column.name, written: `${name} IS NOT NULL AND ${own}` },
      reason: `${column.name} begins empty, so nothing is rewritten and old code does not notice.`,
    });
  });
}

export function addTrigger(d: Derived): Step {
  const both = d.going.map(({ column }) => column.name).join(", ");
  return step({
    id: id(d, "sync-trigger"),
    phase: "expand",
    kind: "ddl",
    sql: groupTrigger(d).create,
    undo: [],
    locks: [locks.createTrigger(d.relation)],
    reason:
      both === ""
        ? `Old code does not know ${list(d)}: the trigger computes it, unless who writes says what it is.`
        : `Old code writes ${both}, new code writes ${list(d)}: the trigger computes the other side, whoever writes.`,
  });
}

/** New code does not name the columns that go: they need not have a value. */
export const relaxed = (d: Derived): Step[] =>
  d.going.flatMap(({ column }, n) => relaxFollowing(id(d, `allow-omission-${n + 1}`), d.table, column, d.context));

/** A row that nobody has written the new columns of, and that has something to write there. */
function empty(d: Derived): string {
  const unset = d.fresh.map((f) => `${quote(f.name)} IS NULL`).join(" AND ");
  const some = d.fresh.map((f) => `${inBrackets(f.up.text)} IS NOT NULL`).join(" OR ");
  return `${unset} AND (${some})`;
}

function fillOf(d: Derived): BackfillWork {
  const { batch } = d.context;
  return {
    relation: d.relation,
    set: d.fresh.map((f) => `${quote(f.name)} = ${inBrackets(f.up.text)}`).join(", "),
    where: empty(d),
    key: batch?.key == null ? null : [batch.key],
    rows: batch?.rows ?? null,
    targetMs: batch?.targetMs ?? null,
  };
}

export function fill(d: Derived): Step {
  return step({
    id: id(d, "backfill"),
    phase: "backfill",
    kind: "backfill",
    backfill: fillOf(d),
    reason: `Computes ${list(d)} in one pass, for rows in which nobody has written any of them.`,
  });
}

export function verify(d: Derived): Step {
  return step({
    id: id(d, "verify"),
    phase: "backfill",
    kind: "verify",
    scan: true,
    verify: { relation: d.relation, mismatch: empty(d), repair: fillOf(d) },
    reason: `Counts rows without ${list(d)} that have something to compute it from; contract waits until there is none.`,
  });
}

/** Old code may leave behind what gives NULL, so it waits for the contract. */
export function becomeNotNull(d: Pick<Derived, "additions" | "context" | "hash" | "relation" | "table">): Step[] {
  const native = hasNotNullConstraints(d.context.version);
  return d.additions.flatMap(({ column }) => {
    if (!column.notNull) return [];
    const name = native
      ? nameFor(d.table, "not-null", [column.name], d.context)
      : generatedName("zmigrate_new", `${column.name}_not_null`, shortHash(d.hash, column.name));
    const definition = notNullDefinition(column.name, d.context.version);
    const proof = { relation: d.relation, name, definition, target: null };
    const proven = addConstraint(
      `${d.context.ordinal}-not-null-${idPart(column.name)}`,
      proof,
      `${column.name} is NOT NULL.`,
    );
    const settle = step({
      id: `${d.context.ordinal}-set-not-null-${idPart(column.name)}`,
      ...SWAP,
      kind: "ddl",
      sql: [alter(d.table, `ALTER COLUMN ${quote(column.name)} SET NOT NULL`), dropping(d.table, name)],
      undo: [alter(d.table, `ALTER COLUMN ${quote(column.name)} DROP NOT NULL`)],
      locks: [locks.alterTable(d.relation)],
      reason: "The validated check proves it, so nothing is scanned; then the check is not needed any more.",
    });
    const back = [alter(d.table, `DROP CONSTRAINT IF EXISTS ${quote(name)}`)];
    const placed = proven.map((s): Step => ({ ...s, ...SWAP, undo: s.kind === "ddl" ? back : [] }));
    return native ? placed : [...placed, settle];
  });
}

/** After the swap: what is parked follows the new columns, so that the swap can be taken back. */
function parkedTriggers(d: Derived): TriggerSql {
  const all = d.going.map(({ down }, n) =>
    deriveTrigger({
      relation: d.relation,
      hash: `${d.hash}_r${n}`,
      target: d.parked[n] ?? "",
      value: evaluated(down.text, d.relation, down.reads, (column) => `NEW.${quote(column)}`),
      watched: down.reads.map((name) => ({
        name,
        comparable: [...d.fresh, ...d.table.columns].find((c) => c.name === name)?.comparable ?? false,
      })),
      fills: false,
      sure: false,
      unless: null,
      schema: d.schema,
    }),
  );
  return { create: all.flatMap((t) => t.create), drop: all.flatMap((t) => t.drop) };
}

export function swap(d: Derived): Step {
  const lock = `LOCK TABLE ONLY ${quoteRelation(d.relation)} IN ACCESS EXCLUSIVE MODE`;
  const [group, parked] = [groupTrigger(d), parkedTriggers(d)];
  const rename = (from: string, to: string) => alter(d.table, `RENAME COLUMN ${quote(from)} TO ${quote(to)}`);
  const pairs = d.going.map(({ column }, n) => [column.name, d.parked[n] ?? ""] as const);
  const names = pairs.map(([column]) => column).join(", ");
  return step({
    id: id(d, "swap"),
    ...SWAP,
    kind: "ddl",
    sql: [lock, ...group.drop, ...pairs.map(([a, b]) => rename(a, b)), ...parked.create],
    undo: [lock, ...parked.drop, ...pairs.map(([a, b]) => rename(b, a)), ...group.create],
    locks: [locks.alterTable(d.relation)],
    reason:
      pairs.length === 0
        ? `No old code writes any more: ${list(d)} is what new code writes.`
        : `In one short transaction ${names} ${pairs.length > 1 ? "are" : "is"} parked and still computed from ${list(d)}, so that this can be undone.`,
  });
}

export function drop(d: Derived): Step[] {
  if (d.parked.length === 0) return [];
  const names = d.going.map(({ column }) => column.name).join(", ");
  return [
    step({
      id: id(d, "drop"),
      phase: "contract",
      kind: "ddl",
      stage: "drop",
      sql: [
        `LOCK TABLE ONLY ${quoteRelation(d.relation)} IN ACCESS EXCLUSIVE MODE`,
        ...parkedTriggers(d).drop,
        ...d.parked.map((p) => alter(d.table, `DROP COLUMN IF EXISTS ${quote(p)}`)),
      ],
      locks: [locks.alterTable(d.relation)],
      reason: `From here on the values of ${names} are gone.`,
    }),
  ];
}
