import type { StoredObject } from "../../../../model/catalog.js";
import type { CreateObject } from "../../../../model/detail/object.js";
import type { OtherOperation } from "../../../../model/operation.js";
import { type Phased, Refusal, type StrategyContext } from "../../../engine.js";
import { quoteRelation } from "../../names.js";
import { stepOf } from "../written.js";
import { exchanged } from "./exchange.js";
import { isDroppedBefore } from "./in-file.js";
import { type Named, namedBy, objectsKnown, shownName, storedOf } from "./known.js";
import { narrowerAgain } from "./narrower-view.js";
import { columnsOfView } from "./view-columns.js";

const OTHERWISE =
  "Write DROP VIEW and CREATE VIEW in one migration: the view is then exchanged in contract, when no code reads the old columns. Or make a view of another name.";

/** The server's rule (42P16): columns may come behind those that are there, which keep name, type and place. */
function refuseOtherColumns(before: StoredObject | null, named: Named, statement: string): void {
  const columns = columnsOfView(statement);
  if (before === null || columns === null) return;
  const at = before.columns.findIndex((name, i) => columns[i] !== name);
  if (at < 0) return;
  const now = columns[at];
  throw new Refusal(
    `CREATE OR REPLACE VIEW keeps the columns that are there: column ${at + 1} of ${shownName(named)} is ${before.columns[at]}, and ${now === undefined ? "the new query ends before it" : `the new query calls it ${now}`}.`,
    OTHERWISE,
  );
}

function undoOf(
  detail: CreateObject,
  named: Named,
  before: StoredObject | null,
  context: StrategyContext,
): readonly string[] {
  if (before !== null) return backTo(before, named, context.statement);
  return detail.orReplace && !objectsKnown(context) ? [] : [`DROP VIEW IF EXISTS ${quoteRelation(named.name)}`];
}

/** What was printed goes back by OR REPLACE, unless columns were added: those go with the view alone. */
function backTo(before: StoredObject, named: Named, statement: string): readonly string[] {
  const columns = columnsOfView(statement);
  if (before.restore === null) return [];
  if (columns !== null && columns.length === before.columns.length) return before.restore;
  return narrowerAgain(before, named, columns === null ? before.restore : []);
}

function saidOf(
  named: Named,
  before: StoredObject | null,
  undo: readonly string[],
  statement: string,
): Pick<Phased, "notes" | "leaves"> {
  const view = shownName(named);
  const left = `A rollback leaves the view ${view} as it is then: how it was before is not known.`;
  if (undo.length === 0) return { notes: [], leaves: [left] };
  if (before === null || columnsOfView(statement)?.length === before.columns.length) return { notes: [] };
  const note = `Where another view, a function or a trigger hangs on ${view} by then, a rollback leaves the columns that come in addition: they are NULL.`;
  return { notes: [note] };
}

/**
 * CREATE VIEW: in expand as it is written. One that the file drops first is exchanged for the new one in contract: the
 * old one is parked by a rename, and its columns are there until then.
 *
 * @throws Refusal
 */
export function createView(detail: CreateObject, operation: OtherOperation, context: StrategyContext): Phased {
  const named = namedBy(detail, operation, context);
  if (named === null) throw new Refusal("The view has no name.", "Name it.");
  if (isDroppedBefore(named, operation, context))
    return exchanged(named, operation, context, [
      `Columns that only the new ${shownName(named)} has are there after contract; until then new code reads the old view. Rights on the old one are not carried over: grant them in the same file.`,
    ]);
  const before = detail.orReplace ? storedOf(named, context) : null;
  refuseOtherColumns(before, named, context.statement);
  const undo = undoOf(detail, named, before, context);
  const made = stepOf(operation, context, {
    name: "create-view",
    sql: [context.statement],
    undo,
    reason:
      before === null
        ? "Nobody reads a view that does not exist yet."
        : "Its columns stay; who reads it gets the rows of the new query.",
  });
  return { steps: [made], retires: [], gates: [], ...saidOf(named, before, undo, context.statement) };
}
