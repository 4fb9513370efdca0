import type { Column } from "../../../../model/catalog.js";
import type { Step } from "../../../../model/step.js";
import { literal, quote } from "../../names.js";
import { syncTriggers } from "../../triggers/sync.js";
import { omissionOf } from "../../triggers/values.js";
import { writersName, writersTable } from "../../triggers/writers.js";
import { addsInstantly, algorithm, INSTANT, undoing } from "../algorithms.js";
import { alter, createTrigger, ddl, dropColumnIfThere, hideColumnIfThere, underLock } from "../ddl.js";
import { isMoment } from "../default-again.js";
import { hasColumn, hasDefault, hasTable, stateOf } from "../facts.js";
import { lendDefault } from "../lent-default.js";
import * as locks from "../locks.js";
import { columnOf } from "../subject.js";
import { grantSteps } from "./grants.js";
import { isWatched, pairOf, type Rename, stepId } from "./subject.js";

/** The same values fit, and NULL besides, which means "not filled yet". CHECKs stay with the original, which follows. */
function shadowDefinition(old: Column): string {
  return [
    old.type,
    ...(old.characterSet === null ? [] : [`CHARACTER SET ${old.characterSet}`]),
    ...(old.collation === null ? [] : [`COLLATE ${old.collation}`]),
    "NULL",
    ...old.settings.filter((s) => !s.startsWith("CHECK")),
    ...(old.comment === null ? [] : [`COMMENT ${literal(old.comment)}`]),
  ].join(" ");
}

function addColumn(r: Rename): Step {
  const how = algorithm(addsInstantly(r.context.version, r.context.dialect));
  return ddl({
    id: stepId(r, "add-column"),
    phase: "expand",
    sql: [alter(r.relation, `ADD COLUMN ${quote(r.to)} ${shadowDefinition(r.old)}, ${how}`)],
    undo: dropColumnIfThere(r.relation, r.to, undoing(r.context.version, r.context.dialect)),
    probe: { sql: stateOf(hasColumn(r.relation, r.to)), repair: [] },
    locks: [locks.brief(r.relation)],
    reason: `The new column stands beside ${r.old.name}: nullable and without a default, so no row is touched and old code does not notice.`,
  });
}

/** The old side can then be left to the triggers by every kind of INSERT. */
const lendOld = (r: Rename): Step[] =>
  lendDefault(r.table, columnOf(r.table, r.old.name), r.context, {
    id: stepId(r, "lend-default"),
    phase: "expand",
  });

const setDefault = (r: Rename, change: string, reason: string): Step =>
  ddl({
    id: stepId(r, "set-default"),
    phase: "expand",
    sql: [alter(r.relation, `${change}, ${INSTANT}`)],
    probe: { sql: stateOf(hasDefault(r.relation, r.to)), repair: [] },
    locks: [locks.brief(r.relation)],
    reason,
  });

/** With the same constant default on both sides, an INSERT that writes neither, one or NULL into one is told apart. */
function setConstant(r: Rename): Step[] {
  const omission = omissionOf(r.old);
  if (omission.kind !== "constant") return [];
  const reason = `New rows get what ${r.old.name} would get. Rows that are there keep NULL until the backfill has been at them.`;
  return [setDefault(r, `ALTER COLUMN ${quote(r.to)} SET DEFAULT ${omission.default}`, reason)];
}

/**
 * Behind the triggers: a row that got a moment before them could not be told from one that was written. MySQL takes a
 * moment without brackets with MODIFY only, and brackets from 8.0.13 on.
 */
function setRepeatable(r: Rename): Step[] {
  const omission = omissionOf(r.old);
  if (omission.kind !== "repeatable") return [];
  const reason = `DEFAULT under the new name is what it is under the old one (UPDATE ... SET ${r.to} = DEFAULT). The triggers know it from what was written.`;
  const change = isMoment(omission.default)
    ? `MODIFY COLUMN ${quote(r.to)} ${shadowDefinition(r.old)} DEFAULT ${omission.default}`
    : `ALTER COLUMN ${quote(r.to)} SET DEFAULT (${omission.default})`;
  return [setDefault(r, change, reason)];
}

/**
 * The one for changed rows comes first: a row that is inserted meanwhile stays unfilled, which the backfill can tell; in
 * the other order a change meanwhile would leave the new side with a value that is behind, and looks written.
 *
 * The last trigger to be made is the first to be undone, and takes both and the column's name away at once: with one
 * trigger left, what new code writes while a rollback runs (or was cut off) would reach the new side only, and be lost.
 */
function addTriggers(r: Rename): Step[] {
  const [onInsert, onUpdate] = syncTriggers(pairOf(r));
  const hide = hideColumnIfThere(r.relation, r.to, algorithm(r.instant.rename));
  const last = createTrigger(
    stepId(r, "sync-insert"),
    r.relation,
    onInsert,
    `New rows: old code writes ${r.old.name}, new code writes ${r.to}, and the trigger fills the other side.`,
  );
  return [
    createTrigger(
      stepId(r, "sync-update"),
      r.relation,
      onUpdate,
      "Changed rows: the side that did not change follows the one that did, whoever writes.",
    ),
    { ...last, undo: underLock(r.relation, [onInsert.drop, onUpdate.drop, ...hide]), atomicPacket: true },
  ];
}

/** For the gate `old-writers`. */
function watchWriters(r: Rename): Step[] {
  if (!isWatched(r)) return [];
  const { relation, hash } = r;
  const table = writersTable(relation, hash);
  return [
    ddl({
      id: stepId(r, "writers-table"),
      phase: "expand",
      sql: [table.create],
      undo: [table.drop],
      probe: { sql: stateOf(hasTable({ schema: relation.schema, name: writersName(hash) })), repair: [] },
      locks: [],
      reason: `The triggers note there, once a minute, who writes ${r.old.name} and not ${r.to}: the swap waits until nobody has for a while.`,
    }),
  ];
}

/** A second column that follows the first, and is followed by it. */
export const expandSteps = (r: Rename): Step[] => [
  ...lendOld(r),
  addColumn(r),
  ...grantSteps(r),
  ...setConstant(r),
  ...watchWriters(r),
  ...addTriggers(r),
  ...setRepeatable(r),
];
