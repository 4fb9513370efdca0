import type { Table } from "../../../model/catalog.js";
import type { CommentOn } from "../../../model/detail/object.js";
import type { OtherOperation } from "../../../model/operation.js";
import { findTable, type Phased, type StrategyContext } from "../../engine.js";
import { literal } from "../names.js";
import { asWritten } from "./written.js";

/** What was said before: null for nothing, undefined where that is not known. */
function formerComment(detail: CommentOn, context: StrategyContext): string | null | undefined {
  const names = detail.names ?? [];
  const name = names.at(-1) ?? "";
  const at = (parts: readonly string[]) =>
    findTable(context.catalog, { schema: parts.at(-2) ?? null, name: parts.at(-1) ?? "" });
  switch (detail.on) {
    case "table":
      return at(names)?.comment;
    case "column":
      return partOf(at(names.slice(0, -1))?.columns, name);
    case "tabconstraint":
      return partOf(at(names.slice(0, -1))?.constraints, name);
    case "index":
      return partOf(indexesOf(context.catalog.tables, names.at(-2)), name);
    default:
      return ofObject(detail, name, context);
  }
}

const partOf = (
  parts: readonly { readonly name: string; readonly comment?: string | null }[] | undefined,
  name: string,
): string | null | undefined => parts?.find((p) => p.name === name)?.comment;

const indexesOf = (tables: readonly Table[], schema: string | undefined) =>
  tables.filter((t) => schema === undefined || t.relation.schema === schema).flatMap((t) => t.indexes);

/** Several of one name, as routines have them, or on different tables: none of them is meant for certain. */
function ofObject(detail: CommentOn, name: string, context: StrategyContext): string | null | undefined {
  const kind = detail.on === "matview" ? "materialized-view" : detail.on;
  const same = context.catalog.objects?.filter((o) => o.object === kind && o.name.name === name && o.gone !== true);
  return same?.length === 1 ? same[0]?.comment : undefined;
}

/** COMMENT ON: nobody waits but other DDL. The undo says what was said before, where that is known. */
export function comment(detail: CommentOn, operation: OtherOperation, context: StrategyContext): Phased {
  const before = formerComment(detail, context);
  const known = before !== undefined && detail.target !== undefined;
  const undo = known ? [`COMMENT ON ${detail.target} IS ${before === null ? "NULL" : literal(before)}`] : [];
  const given = {
    name: "comment",
    sql: [context.statement],
    undo,
    reason: "Reads and writes go on.",
  };
  const left = `A rollback leaves the comment on ${detail.target ?? detail.on}: what was there before is not known.`;
  return asWritten(operation, context, given, known ? {} : { leaves: [left] });
}
