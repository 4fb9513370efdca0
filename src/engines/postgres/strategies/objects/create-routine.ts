import type { StoredObject } from "../../../../model/catalog.js";
import type { CreateObject } from "../../../../model/detail/object.js";
import type { OtherOperation } from "../../../../model/operation.js";
import { type Phased, Refusal, type Said, type StrategyContext } from "../../../engine.js";
import { quoteRelation } from "../../names.js";
import { asWritten } from "../written.js";
import { beside, isDroppedBefore } from "./in-file.js";
import { type Named, namedBy, objectsKnown, shownName, storedAs } from "./known.js";
import { type Parameters, parametersIn } from "./parameters.js";
import { WORDS } from "./words.js";

/** What the statement replaces; "unknown" where the database was not asked, or several share the name. */
function replacedBy(
  detail: CreateObject,
  named: Named,
  parameters: Parameters | null,
  context: StrategyContext,
): StoredObject | "unknown" | null {
  if (!detail.orReplace) return null;
  if (!objectsKnown(context)) return "unknown";
  const all = storedAs(named, context);
  if (all.length === 0) return null;
  if (parameters === null) return "unknown";
  return all.find((o) => o.parameters?.join("\0") === parameters.names.join("\0")) ?? null;
}

function undoOf(replaced: StoredObject | "unknown" | null, address: string | null): readonly string[] {
  if (replaced === "unknown") return [];
  if (replaced !== null) return replaced.restore ?? [];
  return address === null ? [] : [`DROP ${address}`];
}

/** The file has switched off the check of bodies, as a script of pg_dump does: they may name what it makes further on. */
function leavesUnchecked(operation: OtherOperation, context: StrategyContext): readonly string[] {
  const said = beside(operation, context, "before").flatMap((o) =>
    o.kind === "other" && o.detail?.kind === "set-variables" ? o.detail.settings : [],
  );
  const last = said.findLast(({ name }) => name === "check_function_bodies")?.value?.toLowerCase();
  return last === "off" || last === "false" ? ["SET LOCAL check_function_bodies = off"] : [];
}

/**
 * CREATE [OR REPLACE] FUNCTION or PROCEDURE. The server replaces one of the same parameters and result only, so those
 * who call it by name find it at every moment.
 */
export function createRoutine(detail: CreateObject, operation: OtherOperation, context: StrategyContext): Phased {
  const named = namedBy(detail, operation, context);
  if (named === null) throw new Refusal("The routine has no name.", "Name it.");
  if (isDroppedBefore(named, operation, context))
    throw new Refusal(
      `This file drops the ${detail.object} ${shownName(named)} and makes one of that name: between the two, and where their parameters differ, callers find none.`,
      "Where parameters and result stay, write CREATE OR REPLACE alone. Else make the new one here, and drop the old one in a later migration.",
    );
  const parameters = parametersIn(context.statement);
  const replaced = replacedBy(detail, named, parameters, context);
  const address =
    parameters === null ? null : `${WORDS[detail.object]} IF EXISTS ${quoteRelation(named.name)}(${parameters.text})`;
  const undo = undoOf(replaced, address);
  const given = {
    name: `create-${detail.object}`,
    sql: [...leavesUnchecked(operation, context), context.statement],
    undo,
    reason:
      replaced === null
        ? `Nobody calls a ${detail.object} that does not exist yet.`
        : `Who calls ${shownName(named)} gets the new body from here on.`,
  };
  return asWritten(operation, context, given, saidOf(named, replaced, undo));
}

function saidOf(named: Named, replaced: StoredObject | "unknown" | null, undo: readonly string[]): Said {
  const name = `${named.object} ${shownName(named)}`;
  const notes = replaced === null ? [] : [`Old code calls the new body of the ${name} from expand on, too.`];
  const left = `A rollback leaves the ${name} as it is then: how it was before is not known.`;
  return undo.length > 0 ? { notes } : { notes, leaves: [left] };
}
