import type { Index, Table } from "../../../model/catalog.js";
import type { CreateIndex } from "../../../model/operation.js";
import { hasInstant, type Server } from "./server.js";

/** MySQL sees that an index which goes and one which comes in the same statement are the same, and builds none. */
export function isMadeAgain(index: Index, server: Server): boolean {
  return (
    server.dialect === "mysql" &&
    hasInstant(server) &&
    (server.siblings ?? []).some((o) => o.kind === "create-index" && isSame(index, o))
  );
}

/** The statement drops the very index that this makes. */
export function takesPlaceOfItself(operation: CreateIndex, table: Table | null, server: Server): boolean {
  const isDropped = (server.siblings ?? []).some(
    (o) => o.kind === "other" && o.detail?.kind === "drop-index" && o.detail.index.name === operation.name,
  );
  // Asked first: a table may have thousands of indexes, and a statement seldom drops one that it makes.
  if (!isDropped) return false;
  const index = table?.indexes.find((i) => isSame(i, operation));
  return index !== undefined && isMadeAgain(index, server);
}

function isSame(index: Index, operation: CreateIndex): boolean {
  const keys = operation.keys.flatMap((k) => (k.column === null || k.text.includes("(") ? [] : [k.column]));
  const whole = keys.length === operation.keys.length && operation.name === index.name;
  return whole && operation.unique === index.unique && keys.join() === index.columns.join();
}
