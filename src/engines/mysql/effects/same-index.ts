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
  const index = table?.indexes.find((i) => isSame(i, operation));
  if (index === undefined || !isMadeAgain(index, server)) return false;
  return (server.siblings ?? []).some(
    (o) => o.kind === "other" && o.detail?.kind === "drop-index" && o.detail.index.name === index.name,
  );
}

function isSame(index: Index, operation: CreateIndex): boolean {
  const keys = operation.keys.flatMap((k) => (k.column === null || k.text.includes("(") ? [] : [k.column]));
  const whole = keys.length === operation.keys.length && operation.name === index.name;
  return whole && operation.unique === index.unique && keys.join() === index.columns.join();
}
