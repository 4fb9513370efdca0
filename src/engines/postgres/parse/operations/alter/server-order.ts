import type { Operation } from "../../../../../model/operation.js";

type ColumnKind = "alter-column-type" | "drop-not-null" | "set-default" | "set-not-null";

const columnOf = (operation: Operation | undefined, kind: ColumnKind): string | null =>
  operation?.kind === "other" && operation.detail?.kind === kind ? operation.detail.column : null;

/**
 * The operations of one ALTER TABLE as the server carries them out: what it drops of a column goes first, then it changes the
 * column's type, and what stands in front of that and asks something of the column, or gives it a default, is of the new type.
 */
export function inServerOrder(operations: readonly Operation[]): Operation[] {
  const of = (column: string | null, kinds: readonly ColumnKind[]) => (o: Operation) =>
    column !== null && kinds.some((kind) => columnOf(o, kind) === column);
  const typeOf = (at: number) => columnOf(operations[at], "alter-column-type");
  const before = (at: number) => operations.slice(at + 1).filter(of(typeOf(at), ["drop-not-null"]));
  const behind = (at: number) => operations.slice(0, at).filter(of(typeOf(at), ["set-default", "set-not-null"]));
  const moved = new Set(operations.flatMap((_, at) => [...before(at), ...behind(at)]));
  return operations.flatMap((o, at) => (moved.has(o) ? [] : [...before(at), o, ...behind(at)]));
}
