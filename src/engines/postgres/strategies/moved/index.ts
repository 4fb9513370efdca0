import type { DataChange } from "../../../../model/detail/data.js";
import { show } from "../../../../model/name.js";
import type { AddColumn, DropColumn, OtherOperation } from "../../../../model/operation.js";
import type { Claim, Side } from "../../../../model/plan.js";
import type { Step } from "../../../../model/step.js";
import { type Phased, Refusal, type StrategyContext } from "../../../engine.js";
import { looksLikeMove, type MovedColumn, movesWith } from "../../../moved-column.js";
import { becomeNotNull } from "../derived/steps.js";
import { claimsOnShared } from "../shared.js";
import { mustBeginAsNull } from "../subject.js";
import { nothing } from "../written.js";
import { drop, swap } from "./contract.js";
import { notesOf } from "./notes.js";
import {
  refuseAddition,
  refuseCopy,
  refuseDirective,
  refuseDrop,
  refuseNulls,
  refuseOtherType,
  refuseTables,
  tablesOf,
} from "./refuse.js";
import { addColumn, addTriggers, allowOmission, fill, verify, verifyStranded } from "./steps.js";
import { type Moving, subject } from "./subject.js";

const changeOf = ({ drop: { column }, to }: MovedColumn): string => `moves ${column} to ${show(to)}`;

/** The column that goes, and how rows find each other, stay what they are until all is over. */
function claimsOf(m: Moving): Claim[] {
  const change = changeOf(m.move);
  const { relation, columns } = { relation: m.old.relation, columns: [m.old.column] };
  const names = ({ columns: all }: { readonly columns: readonly string[] }) => all.some((c) => columns.includes(c));
  const shared = claimsOnShared({
    relation,
    column: m.old.column,
    change,
    context: m.context,
    indexes: m.oldTable.indexes.filter(names),
    constraints: m.oldTable.constraints.filter((c) => c.index === null && names(c)),
  });
  return [
    { relation: m.new.relation, name: m.new.column, change, keeps: true },
    ...[m.old, m.new].flatMap((side) => side.keys.map(({ name }) => ({ relation: side.relation, name, change }))),
    ...shared.map((claim) => ({ ...claim, drops: true as const })),
  ];
}

const notNull = (m: Moving): Step[] =>
  becomeNotNull({
    additions: [m.move.add],
    context: m.context,
    hash: m.hash,
    relation: m.new.relation,
    table: m.newTable,
  });

const sideOf = (m: Moving): Side => ({
  relation: m.new.relation,
  column: m.new.column,
  swapped: m.new.column,
  kept: m.old.column,
  parked: m.parked,
  keptIn: m.old.relation,
});

/** Columns that one UPDATE fills: what is counted is counted for all of them before the first is parked. */
function planMoves(all: readonly Moving[]): Phased {
  return {
    steps: [allowOmission, addColumn, addTriggers, fill, verify, verifyStranded, notNull, swap, drop].flatMap((make) =>
      all.flatMap(make),
    ),
    retires: all.map((m) => ({
      relation: m.old.relation,
      column: m.old.column,
      parked: m.parked,
      replacement: null,
      exchanges: false,
    })),
    sides: all.map(sideOf),
    claims: all.flatMap(claimsOf),
    gates: [],
    notes: all.flatMap(notesOf),
  };
}

const WITH_THE_OTHERS = "A column that moves to another table is added, filled and dropped as one change.";

/**
 * ADD COLUMN of a column that moves here; null for any other. The whole change is planned in the place of the first.
 *
 * @throws Refusal
 */
export function movedAddition(operation: AddColumn, context: StrategyContext): Phased | null {
  const [move] = movesWith(operation, context);
  if (move === undefined) return null;
  const { old, new: fresh } = tablesOf(move, context);
  refuseDirective(context.up, "up");
  refuseAddition(move, fresh);
  if (move.add.column.default === null) mustBeginAsNull(move.add.column.type, context);
  refuseOtherType(move, old, context);
  refuseNulls(move, old);
  const together = movesWith(move.copy, context);
  const starts = together.map((m) => m.add.span.start);
  if (operation.span.start > Math.min(...starts)) return nothing(WITH_THE_OTHERS);
  return planMoves(together.map((m) => subject(m, context)));
}

/** @throws Refusal for an UPDATE that fills a column of the file from one that the file drops, in another way */
function refuseOther(detail: DataChange, operation: OtherOperation, context: StrategyContext): void {
  const found = looksLikeMove(detail, operation, context);
  if (found === null) return;
  const { add, drop } = found;
  const [to, from] = [show(add.relation), show(drop.relation)];
  throw new Refusal(
    `This fills ${add.column.name} of ${to} from ${from}, of which this file drops ${drop.column}: what old code writes there meanwhile would be lost, and triggers follow a column only as it is, by columns that are equal.`,
    `Drop ${drop.column} in a later migration, when no code writes it any more; until then let code write both. (A column that is copied as it is may move in one file: its value is then ${from}.${drop.column} alone, and ${drop.column} is not what WHERE finds the rows by.)`,
  );
}

/** The UPDATE that fills it; null for any other. @throws Refusal where the rows do not belong together one by one */
export function movedCopy(detail: DataChange, operation: OtherOperation, context: StrategyContext): Phased | null {
  const moves = movesWith(operation, context);
  if (moves.length === 0) refuseOther(detail, operation, context);
  for (const move of moves) {
    refuseTables(move, context);
    refuseCopy(move, context);
  }
  return moves.length === 0 ? null : nothing(WITH_THE_OTHERS);
}

/** DROP COLUMN of what has moved; null for any other. @throws Refusal */
export function movedDrop(operation: DropColumn, context: StrategyContext): Phased | null {
  const [move] = movesWith(operation, context);
  if (move === undefined) return null;
  refuseDirective(context.down, "down");
  refuseDrop(move, context);
  return nothing(WITH_THE_OTHERS);
}
