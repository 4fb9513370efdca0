import type { DataChange, RowCopy } from "../model/detail/data.js";
import type { BatchSetting } from "../model/directive.js";
import type { RelationName } from "../model/name.js";
import type { AddColumn, DropColumn, Operation, OtherOperation } from "../model/operation.js";
import { type FileOperation, type StrategyContext, sameRelation } from "./engine.js";

/**
 * A column that a file moves to another table, in three statements: it is added there, filled by an UPDATE that copies it
 * from the rows of the former table, and dropped here.
 */
export interface MovedColumn {
  readonly add: AddColumn;
  readonly copy: OtherOperation;
  readonly drop: DropColumn;
  /** `-- zmigrate:batch` in front of the UPDATE; null for none. */
  readonly batch: BatchSetting | null;
  /** The table that it moves to, and the one that it leaves, as they are written. */
  readonly to: RelationName;
  readonly from: RelationName;
  /** The columns by which the rows of the two find each other. */
  readonly on: RowCopy["on"];
  /** The UPDATE gives values to some rows only. */
  readonly filtered: boolean;
  /** The UPDATE makes the others NULL. */
  readonly empties: boolean;
  /** Columns that the same UPDATE writes and that do not move. */
  readonly beside: readonly string[];
}

const isSame = (a: Operation, b: Operation): boolean => a.span.start === b.span.start && a.span.end === b.span.end;

/** An author who has split the file by hand has said when each of its statements runs. */
const isOpen = ({ phase }: FileOperation): boolean => phase == null;

interface Copy {
  readonly operation: OtherOperation;
  readonly copies: RowCopy;
  readonly to: RelationName;
  readonly batch: BatchSetting | null;
}

function copyOf({ operation, batch = null }: FileOperation): Copy | null {
  if (operation.kind !== "other" || operation.detail?.kind !== "data-change") return null;
  const { copies, writes } = operation.detail;
  const [to] = writes;
  return copies === undefined || to === undefined ? null : { operation, copies, to, batch };
}

function addOf(c: Copy, column: string, { file, catalog }: StrategyContext): AddColumn | null {
  const found = file.find(
    (f) =>
      isOpen(f) &&
      f.operation.kind === "add-column" &&
      f.operation.span.start < c.operation.span.start &&
      f.operation.column.name === column &&
      sameRelation(f.operation.relation, c.to, catalog.defaultSchema),
  );
  return found?.operation.kind === "add-column" ? found.operation : null;
}

function dropOf(c: Copy, column: string, { file, catalog }: StrategyContext): DropColumn | null {
  const found = file.find(
    (f) =>
      isOpen(f) &&
      f.operation.kind === "drop-column" &&
      f.operation.span.start > c.operation.span.start &&
      f.operation.column === column &&
      sameRelation(f.operation.relation, c.copies.from, catalog.defaultSchema),
  );
  return found?.operation.kind === "drop-column" ? found.operation : null;
}

function movesBy(c: Copy, context: StrategyContext): MovedColumn[] {
  const { columns, from, on, more, empties } = c.copies;
  if (sameRelation(c.to, from, context.catalog.defaultSchema)) return [];
  const found = columns.flatMap((pair) => {
    const [add, drop] = [addOf(c, pair.to, context), dropOf(c, pair.from, context)];
    return add === null || drop === null ? [] : [{ add, drop, pair }];
  });
  const beside = columns.filter((pair) => !found.some((f) => f.pair === pair)).map((pair) => pair.to);
  const common = {
    copy: c.operation,
    batch: c.batch,
    to: c.to,
    from,
    on,
    filtered: more === true,
    empties: empties === true,
    beside,
  };
  return found.map(({ add, drop }) => ({ ...common, add, drop }));
}

/** The moves of the file that an operation is part of; none where it stands for itself. */
export function movesWith(operation: Operation, context: StrategyContext): readonly MovedColumn[] {
  if (context.phase != null || context.newDatabase === true) return [];
  const copies = context.file.filter(isOpen).flatMap((f) => copyOf(f) ?? []);
  const moves = copies.flatMap((c) => movesBy(c, context));
  return moves.filter(({ add, copy, drop }) => [add, copy, drop].some((o) => isSame(o, operation)));
}

/** An UPDATE of a column that the file adds, from a table of which it drops one that the UPDATE names. */
export interface LikeMove {
  readonly add: AddColumn;
  readonly drop: DropColumn;
}

/** Whether an UPDATE moves values in a way that `movesWith` may not know; null where it does not. */
export function looksLikeMove(
  detail: DataChange,
  operation: OtherOperation,
  context: StrategyContext,
): LikeMove | null {
  const { file, catalog } = context;
  const [to] = detail.writes;
  const isSplit = context.phase != null || context.newDatabase === true;
  if (detail.verb !== "update" || to === undefined || isSplit) return null;
  const named = (names: readonly string[], name: string) => names.some((n) => n.toLowerCase() === name.toLowerCase());
  const of = (relation: RelationName, all: readonly RelationName[]) =>
    all.some((r) => sameRelation(r, relation, catalog.defaultSchema));
  const reads = detail.reads.filter((r) => !of(r, detail.writes));
  const open = file.filter(isOpen).map((f) => f.operation);
  const add = open.find(
    (o): o is AddColumn =>
      o.kind === "add-column" &&
      o.span.start < operation.span.start &&
      of(o.relation, detail.writes) &&
      named(detail.columns, o.column.name),
  );
  const drop = open.find(
    (o): o is DropColumn =>
      o.kind === "drop-column" &&
      o.span.start > operation.span.start &&
      of(o.relation, reads) &&
      named(detail.walk?.names ?? [], o.column),
  );
  return add === undefined || drop === undefined ? null : { add, drop };
}
