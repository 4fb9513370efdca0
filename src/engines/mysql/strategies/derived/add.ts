import { show } from "../../../../model/name.js";
import type { AddColumn, ColumnDefinition } from "../../../../model/operation.js";
import type { BackfillWork, Step } from "../../../../model/step.js";
import type { Phased } from "../../../engine.js";
import { step } from "../../../step.js";
import { quote } from "../../names.js";
import { tokenize } from "../../parse/lexer.js";
import { addColumn } from "../add-column.js";
import { INSTANT, type MysqlContext, ONLINE } from "../algorithms.js";
import { definesColumn, keepsColumn } from "../column-claims.js";
import { alter, createTrigger, ddl, underLock } from "../ddl.js";
import { all, hasTrigger, isNotNull, not, stateOf } from "../facts.js";
import * as locks from "../locks.js";
import { untouched } from "../type-change/conversion.js";
import { type Group, groupOf } from "./group.js";
import { ownValue, syncOf, unfilled } from "./sides.js";

const SWAP = { phase: "contract", stage: "swap" } as const;

/** The same values fit, and NULL besides, which means "not filled yet". */
export function nullable(column: ColumnDefinition): ColumnDefinition {
  const { name, type, characterSet, collation } = column;
  const text = [
    quote(name),
    type,
    ...(characterSet === null ? [] : [`CHARACTER SET ${characterSet}`]),
    ...(collation === null ? [] : [`COLLATE ${collation}`]),
    "NULL",
  ].join(" ");
  return { ...column, notNull: false, default: null, text };
}

/** With the contract the column becomes what is written: NOT NULL, default, comment. */
function define({ column }: AddColumn, group: Group, context: MysqlContext): Step[] {
  const { relation } = group.table;
  const plain = tokenize(nullable(column).text, context.dialect).tokens.length;
  const { tokens } = tokenize(column.text, context.dialect);
  if (tokens.length < plain && !column.notNull) return [];
  const definition = column.text.slice(tokens[0]?.span.end ?? 0);
  const how = column.notNull ? ONLINE : INSTANT;
  return [
    ddl({
      ...SWAP,
      id: `${context.ordinal}-define`,
      sql: [alter(relation, `MODIFY COLUMN ${quote(column.name)}${definition}, ${how}`)],
      undo: [alter(relation, `MODIFY COLUMN ${nullable(column).text}, ${how}`)],
      probe: column.notNull ? { sql: stateOf(isNotNull(relation, column.name)), repair: [] } : null,
      locks: [locks.brief(relation), ...(column.notNull ? [locks.build(relation, "rewrite")] : [])],
      rewrite: column.notNull,
      unlimited: column.notNull,
      reason: column.notNull
        ? `${column.name} becomes NOT NULL: the table is written anew beside its readers and writers, on replicas too.`
        : `${column.name} gets its default and what else is written in its definition; only the catalog changes.`,
    }),
  ];
}

/** The step whose trigger a rollback takes away first of those that keep both sides equal: it comes with the last addition. */
function onInsertStep({ added, context }: Group): string {
  const at = context.file.findIndex((f) => f.operation.span.start === added.at(-1)?.operation.span.start);
  return `${at + 1}-sync-insert`;
}

function addTriggers(group: Group, context: MysqlContext): Step[] {
  const { relation } = group.table;
  const [onInsert, onUpdate] = syncOf(group);
  const names = group.added.map((a) => a.column.name).join(", ");
  const olds = group.dropped.map((d) => d.column.name).join(", ");
  const reason =
    olds === ""
      ? `${names} follow what they are computed from, unless a statement writes them.`
      : `Old code writes ${olds}, new code writes ${names}: the side that a statement did not write follows.`;
  const first = createTrigger(`${context.ordinal}-sync-update`, relation, onUpdate, reason);
  const last = createTrigger(onInsertStep(group), relation, onInsert, reason);
  return [first, last];
}

function workOf(group: Group, context: MysqlContext): BackfillWork {
  const { batch } = context;
  const set = [
    ...group.added.map(({ column, up }) => `${quote(column.name)} = (${up})`),
    ...untouched(group.table, []).map((c) => `${quote(c)} = ${quote(c)}`),
  ];
  return {
    relation: group.table.relation,
    set: set.join(", "),
    where: unfilled(group),
    key: batch?.key == null ? null : [batch.key],
    rows: batch?.rows ?? null,
    targetMs: batch?.targetMs ?? null,
  };
}

function fillSteps(group: Group, context: MysqlContext): Step[] {
  const work = workOf(group, context);
  const { relation } = group.table;
  const names = group.added.map((a) => a.column.name).join(", ");
  return [
    step({
      id: `${context.ordinal}-backfill`,
      phase: "backfill",
      kind: "backfill",
      backfill: work,
      reason: `Computes ${names} in one pass for the rows that were there; a row of which one is written already is left as it is.`,
    }),
    step({
      id: `${context.ordinal}-verify`,
      phase: "backfill",
      kind: "verify",
      scan: true,
      verify: {
        relation,
        mismatch: work.where,
        repair: work,
        violation: {
          rows: `of ${show(relation)} have no value in ${names}`,
          help: "The value does not fit there. Mend these rows, and run `zmigrate apply` again.",
        },
      },
      reason: `Counts rows without ${names} that should have a value; contract waits until there is none.`,
    }),
  ];
}

/** Where the old columns stay, new code writes both sides itself when old code is gone. */
function endSync(group: Group, context: MysqlContext): Step[] {
  if (group.dropped.length > 0) return [];
  const { relation } = group.table;
  const triggers = syncOf(group);
  return [
    ddl({
      ...SWAP,
      id: `${context.ordinal}-drop-sync`,
      sql: underLock(
        relation,
        triggers.map((t) => t.drop),
      ),
      undo: underLock(
        relation,
        triggers.flatMap((t) => [t.drop, t.create]),
      ),
      atomicPacket: true,
      probe: { sql: stateOf(all(...triggers.map((t) => not(hasTrigger(relation, t.name))))), repair: [] },
      locks: [locks.brief(relation)],
      reason: "Old code is gone, and new code writes these columns itself.",
    }),
  ];
}

/** One of the new columns of a group; behind the last one comes what keeps the two sides right. @throws Refusal */
export function addDerived(operation: AddColumn, context: MysqlContext): Phased {
  const group = groupOf(operation.relation, context);
  const plain = addColumn({ ...operation, column: nullable(operation.column) }, context);
  const isLast = group.added.at(-1)?.operation.span.start === operation.span.start;
  const own = group.added.find((a) => a.operation.span.start === operation.span.start);
  const made = plain.steps.map((s) =>
    s.adds === undefined || own === undefined
      ? s
      : { ...s, adds: { ...s.adds, written: ownValue(own, group), keptBy: onInsertStep(group) } },
  );
  const synced = isLast ? [...addTriggers(group, context), ...fillSteps(group, context)] : [];
  const end = isLast ? endSync(group, context) : [];
  const kept = keepsColumn(group.table.relation, operation.column.name, `fills ${operation.column.name}`);
  return {
    ...plain,
    steps: [...made, ...synced, ...define(operation, group, context), ...end],
    claims: definesColumn(kept, "whole"),
  };
}
