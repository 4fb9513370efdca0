import type { Column, Table } from "../../../model/catalog.js";
import { show } from "../../../model/name.js";
import type { BackfillWork, Step, VerifyWork } from "../../../model/step.js";
import type { Place } from "../../place.js";
import { step } from "../../step.js";
import { hasKey } from "../../walkable.js";
import { quote, quoteRelation, shortHash } from "../names.js";
import { readFrom } from "../triggers/expression.js";
import { fillTriggers } from "../triggers/fill.js";
import type { MysqlContext } from "./algorithms.js";
import { createTrigger, ddl, underLock } from "./ddl.js";
import { all, hasTrigger, not, stateOf } from "./facts.js";
import * as locks from "./locks.js";
import { refuseExpression } from "./modify/expression.js";

/** A column that is about to become NOT NULL. */
export interface Filled {
  readonly context: MysqlContext;
  readonly table: Table;
  readonly column: Column;
  /** The id of one of its steps. */
  readonly id: (name: string) => string;
}

/** Rows that hold NULL in the column. */
export const without = ({ table, column }: Filled, help: string): VerifyWork => ({
  relation: table.relation,
  mismatch: `${quote(column.name)} IS NULL`,
  violation: { rows: `of ${show(table.relation)} hold NULL in ${column.name}`, help },
});

/** Counts such rows; none for a table that no key orders. */
export function counting(f: Filled, verify: VerifyWork): Step[] {
  if (!hasKey(f.table)) return [];
  return [
    step({
      id: f.id("verify"),
      phase: "backfill",
      kind: "verify",
      scan: true,
      verify,
      reason: `Counts rows ${verify.violation?.rows ?? "that differ"}; contract waits until there is none.`,
    }),
  ];
}

/** The triggers that give NULL a value. */
function fillersOf({ table, column, context }: Filled, fill: string) {
  const { relation } = table;
  const hash = shortHash(context.migrationId, relation.schema ?? "", relation.name, column.name, "fill");
  return fillTriggers({ relation, column: column.name, fill: readFrom("NEW", fill, table, context.dialect), hash });
}

function install(f: Filled, fill: string): Step[] {
  const { relation } = f.table;
  const [onInsert, onUpdate] = fillersOf(f, fill);
  const reason = `Whoever still writes NULL to ${f.column.name} gets ${fill} instead, so that old code goes on.`;
  // EXPLAIN asks the server whether it can read the fill, and changes nothing.
  const tried = `EXPLAIN UPDATE ${quoteRelation(relation)} SET ${quote(f.column.name)} = (${fill})`;
  const first = createTrigger(f.id("fill-update"), relation, onUpdate, reason);
  return [{ ...first, sql: [tried, ...first.sql] }, createTrigger(f.id("fill-insert"), relation, onInsert, reason)];
}

function workOf({ context, table, column }: Filled, fill: string): BackfillWork {
  const { batch } = context;
  const kept = table.columns.filter((c) => c.onUpdate !== null && c !== column).map((c) => quote(c.name));
  return {
    relation: table.relation,
    set: [`${quote(column.name)} = (${fill})`, ...kept.map((c) => `${c} = ${c}`)].join(", "),
    where: `${quote(column.name)} IS NULL`,
    key: batch?.key == null ? null : [batch.key],
    rows: batch?.rows ?? null,
    targetMs: batch?.targetMs ?? null,
  };
}

function move(f: Filled, fill: string): Step[] {
  const work = workOf(f, fill);
  const help = "The fill is NULL there, or does not fit. Mend these rows, and run `zmigrate apply` again.";
  const backfill = step({
    id: f.id("backfill"),
    phase: "backfill",
    kind: "backfill",
    backfill: work,
    reason: `Gives the rows that hold NULL in ${f.column.name} their value, in batches.`,
  });
  return [backfill, ...counting(f, { ...without(f, help), repair: work })];
}

/** Behind NOT NULL, so that there is no moment at which NULL is neither replaced nor refused. */
function uninstall(f: Filled, fill: string, place: Place): Step {
  const { relation } = f.table;
  const fillers = fillersOf(f, fill);
  return ddl({
    id: f.id("drop-fill"),
    ...place,
    sql: underLock(
      relation,
      fillers.map((t) => t.drop),
    ),
    undo: underLock(
      relation,
      fillers.flatMap((t) => [t.drop, t.create]),
    ),
    atomicPacket: true,
    probe: { sql: stateOf(all(...fillers.map((t) => not(hasTrigger(relation, t.name))))), repair: [] },
    locks: [locks.brief(relation)],
    reason: `Old code is gone, and the triggers that replaced NULL with it.`,
  });
}

/** What stands in front of the step that makes a column NOT NULL, and behind it. */
export interface Filling {
  readonly before: readonly Step[];
  readonly behind: readonly Step[];
  readonly notes: readonly string[];
}

/**
 * NULLs get a value, those of old writers too.
 *
 * @param told true where the file's own UPDATE gives all rows that value: a table that no key orders is written by that alone
 * @param place of the step that makes the column NOT NULL
 * @throws Refusal
 */
export function filling(f: Filled, fill: string, told: boolean, place: Place): Filling {
  refuseExpression("fill", fill, f.table, f.context, [f.column.name]);
  return {
    before: [...install(f, fill), ...(told && !hasKey(f.table) ? [] : move(f, fill))],
    behind: [uninstall(f, fill, place)],
    notes: [`Rows that hold NULL in ${f.column.name} become ${fill}; a rollback leaves them so.`],
  };
}
