import type { Column } from "../../../../model/catalog.js";
import type { AlterColumnType } from "../../../../model/detail/column.js";
import { show } from "../../../../model/name.js";
import type { Operation } from "../../../../model/operation.js";
import { Refusal, sameRelation } from "../../../engine.js";
import { type InFile, isBeforeType } from "../in-file.js";
import { isAssigned } from "./casts.js";

/** What the file makes of the column's default; undefined where it says nothing of it. */
function inFile({ context, table, operation }: InFile, column: string): string | null | undefined {
  const about = (o: Operation) =>
    o.relation !== null && sameRelation(o.relation, table.relation, context.catalog.defaultSchema);
  let said: string | null | undefined;
  for (const { operation: o } of context.file) {
    if (o.kind !== "other" || !about(o)) continue;
    if (o.detail?.kind === "set-default" && o.detail.column === column) {
      if (isBeforeType(o, operation, context)) continue;
      said = o.detail.default;
    }
    if (o.detail?.kind === "drop-default" && o.detail.column === column) said = null;
  }
  return said;
}

/**
 * The default that a column has once its type has changed: what the same file says, or the one that it has.
 *
 * @throws Refusal where that is no value of the new type
 */
export function defaultAfter(old: Column, detail: AlterColumnType, s: InFile): string | null {
  const said = inFile(s, old.name);
  if (said !== undefined) return said;
  const cast = /::\s*([^:()']+(?:\([\d, ]*\))?)$/.exec(old.default ?? "")?.[1] ?? null;
  if (cast === null || isAssigned(cast, detail.type, s.context) !== false) return old.default;
  throw new Refusal(
    `The default of ${show(s.table.relation)}.${old.name}, ${old.default}, is no value of ${detail.type}.`,
    "Write `ALTER COLUMN ... SET DEFAULT ...` (or DROP DEFAULT) in the same file: it takes effect together with the type.",
  );
}
