import type { SetTableOption } from "../../../model/detail/table.js";
import type { OtherOperation } from "../../../model/operation.js";
import { findTable, type Phased } from "../../engine.js";
import { literal } from "../names.js";
import { INSTANT, type MysqlContext, ONLINE } from "./algorithms.js";
import { alter } from "./ddl.js";
import { mustBeAlone } from "./in-file.js";
import { nothing } from "./subject.js";
import { asWritten, effectOf } from "./written.js";

/** The statement, made to refuse instead of copying. An author who said how it is to be done is left alone. */
export function asserting(operation: OtherOperation, context: MysqlContext): string {
  if (operation.execution !== undefined) return context.statement;
  const how = effectOf(operation, context).algorithm === "INSTANT" ? INSTANT : ONLINE;
  return `${context.statement}, ${how}`;
}

/** A table's own comment is known, and comes back. */
function undoOf({ option }: SetTableOption, operation: OtherOperation, context: MysqlContext): readonly string[] {
  const table = operation.relation === null ? null : findTable(context.catalog, operation.relation);
  if (option !== "COMMENT" || table?.comment === undefined) return [];
  return [alter(table.relation, `COMMENT = ${literal(table.comment ?? "")}`)];
}

/** An option of a table: at once or rebuilt beside its writers. @throws Refusal where the table is copied */
export function tableOption(detail: SetTableOption, operation: OtherOperation, context: MysqlContext): Phased {
  mustBeAlone(context, `The option ${detail.option}`);
  const undo = undoOf(detail, operation, context);
  const effect = effectOf(operation, context);
  const given = {
    name: "set-option",
    sql: [asserting(operation, context)],
    undo,
    reason: effect.rewrite
      ? "The table is written anew beside its writers; replicas do it once more, one after the other."
      : "Changes the catalog only.",
  };
  const left = `A rollback leaves the option ${detail.option} as this statement sets it.`;
  return asWritten(operation, context, given, undo.length > 0 ? {} : { leaves: [left] });
}

/** Nothing is changed. */
export const noChange = (): Phased => nothing("The statement changes nothing, and is left out.");
