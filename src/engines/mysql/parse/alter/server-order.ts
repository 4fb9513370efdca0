import type { Operation } from "../../../../model/operation.js";

/** What may hang on a column. */
const HANGS: ReadonlySet<string> = new Set(["drop-constraint", "drop-index"]);

const dropsHanging = (operation: Operation): boolean =>
  operation.kind === "other" && HANGS.has(operation.detail?.kind ?? "");

/**
 * The operations of one ALTER TABLE as the server carries them out: it finds indexes and constraints that go as they were before,
 * and so they go in front of the columns that stand before them.
 */
export function inServerOrder(operations: readonly Operation[]): Operation[] {
  const first = operations.findIndex((o) => o.kind === "drop-column");
  if (first < 0) return [...operations];
  const behind = operations.slice(first);
  return [...operations.slice(0, first), ...behind.filter(dropsHanging), ...behind.filter((o) => !dropsHanging(o))];
}
