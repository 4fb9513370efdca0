import type { StoredObject } from "../../../../model/catalog.js";
import type { AlterObject, CreateObject } from "../../../../model/detail/object.js";
import type { OtherOperation } from "../../../../model/operation.js";
import type { Phased } from "../../../engine.js";
import { identifiersIn } from "../../introspect/text.js";
import { inServersMode } from "../../server-mode.js";
import type { MysqlContext } from "../algorithms.js";
import { stepOf } from "../written.js";

/** A column of the old view that the new one cannot have: its name stands nowhere in the statement. */
function lostColumn(before: StoredObject | null, statement: string, context: MysqlContext): string | null {
  if (before === null || /(?:^|[\s,.])\*(?=[\s,]|$)/.test(statement)) return null;
  const named = identifiersIn(statement, context.dialect);
  return before.columns.find((c) => !named.has(c.toLowerCase())) ?? null;
}

/**
 * OR REPLACE is one moment on both servers, and takes any columns: in expand where the old ones stay, else in contract,
 * when no code reads them.
 */
export function replaceView(
  detail: CreateObject | AlterObject,
  operation: OtherOperation,
  context: MysqlContext,
  before: StoredObject | null,
): Phased {
  const orReplace = detail.kind === "alter-object" || detail.orReplace;
  const sql = orReplace ? context.statement : context.statement.replace(/^(\s*CREATE)\b/i, "$1 OR REPLACE");
  const lost = context.newObject === true ? null : lostColumn(before, context.statement, context);
  const undo = before?.restore ?? [];
  const name = detail.name?.name ?? "";
  const made = stepOf(operation, context, {
    name: "replace-view",
    sql: inServersMode(sql),
    undo,
    ...(lost === null ? {} : ({ phase: "contract", stage: "swap" } as const)),
    reason:
      lost === null
        ? "The old one gives way in the same moment."
        : `The column ${lost} of the old view goes: no code must read it by then.`,
  });
  const seen =
    lost === null
      ? `Old code reads the new view ${name} from expand on, too: all columns that it reads must be there.`
      : `Columns that only the new view ${name} has are there after contract; until then new code reads the old view.`;
  const left = `A rollback leaves the view ${name} as it is then: how it was before is not known.`;
  const leaves = undo.length > 0 ? {} : { leaves: [left] };
  return { steps: [made], retires: [], gates: [], notes: [seen], ...leaves, drops: [`view ${name}`] };
}
