import type { Operation } from "../../../../../model/operation.js";

const columnOf = (operation: Operation, kind: "alter-column-type" | "set-default"): string | null =>
  operation.kind === "other" && operation.detail?.kind === kind ? operation.detail.column : null;

/**
 * The operations of one ALTER TABLE as the server carries them out: it changes a column's type first, and then gives it the
 * default that stands in front of that, which is one of the new type.
 */
export function inServerOrder(operations: readonly Operation[]): Operation[] {
  const defaultsBefore = (at: number): Operation[] => {
    const column = columnOf(operations[at] as Operation, "alter-column-type");
    return column === null ? [] : operations.slice(0, at).filter((o) => columnOf(o, "set-default") === column);
  };
  const late = new Set(operations.flatMap((_, at) => defaultsBefore(at)));
  return operations.flatMap((o, at) => (late.has(o) ? [] : [o, ...defaultsBefore(at)]));
}
