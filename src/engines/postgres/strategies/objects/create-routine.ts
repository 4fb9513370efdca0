import type { StoredObject } from "../../../../model/catalog.js";
import type { CreateObject } from "../../../../model/detail/object.js";
import type { Operation, OtherOperation } from "../../../../model/operation.js";
import { type Phased, Refusal, type Said, type StrategyContext } from "../../../engine.js";
import { quoteRelation } from "../../names.js";
import { asWritten } from "../written.js";
import { exchanged } from "./exchange.js";
import { beside, isAbout, isDroppedBefore, sameRoutine } from "./in-file.js";
import { droppedAs, type Named, namedBy, objectsKnown, shownName, storedAs } from "./known.js";
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
  const parameters = parametersIn(context.statement);
  // What DROP ... IF EXISTS has not found is no obstacle.
  const isNew = context.newObject === true || (objectsKnown(context) && droppedAs(named, context) === null);
  const dropped = isNew ? [] : sameRoutine(named, operation, context, "before");
  if (dropped.length > 0) return inItsPlace(dropped, named, operation, context, parameters);
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
  const made = asWritten(operation, context, given, saidOf(named, replaced, undo));
  if (isNew || !isDroppedBefore(named, operation, context)) return made;
  mustTakeMore(detail, named, operation, context);
  return { ...made, takesOver: true };
}

/**
 * Two of one name stand beside each other until the old one is dropped. Measured on 18: a call that both could answer, by
 * a default, say, fails with 42725.
 *
 * @throws Refusal
 */
function mustTakeMore(
  { routine }: CreateObject,
  named: Named,
  operation: OtherOperation,
  context: StrategyContext,
): void {
  const takes = routine?.takes.length ?? 0;
  const old = beside(operation, context, "before")
    .filter(isAbout(named, "drop-object", context))
    .map((o) => (o.kind === "other" && o.detail?.kind === "drop-object" ? o.detail.takes?.length : undefined));
  if (routine?.defaults === 0 && old.every((n) => n !== undefined && n < takes)) return;
  throw new Refusal(
    `This file drops the ${named.object} ${shownName(named)} and makes one of that name with other parameters: both are there until the contract, and a call that either could answer fails (42725).`,
    "Give the new one another name, let code move over, and drop the old one in a later migration.",
  );
}

/** One with other results, perhaps: callers find the old one or the new one at every moment. @throws Refusal */
function inItsPlace(
  dropped: readonly Operation[],
  named: Named,
  operation: OtherOperation,
  context: StrategyContext,
  parameters: Parameters | null,
): Phased {
  const drops = beside(operation, context, "before").filter(isAbout(named, "drop-object", context));
  const takes = dropped.every((o) => o.kind === "other" && o.detail?.kind === "drop-object" && o.detail.takes);
  if (dropped.length > 1 || (drops.length > 1 && !takes))
    throw new Refusal(
      `This file drops several ${named.object}s ${shownName(named)}, and does not say which of them this one takes the place of.`,
      "Write the parameters' types in each DROP.",
    );
  const of = takes && parameters !== null ? `(${parameters.text})` : "";
  return exchanged(
    named,
    operation,
    context,
    [
      `Callers get the old ${shownName(named)} until the swap, and the new one from then on: deploy code that needs the new one behind that. Where parameters and result stay, CREATE OR REPLACE alone changes it at once.`,
    ],
    of,
  );
}

function saidOf(named: Named, replaced: StoredObject | "unknown" | null, undo: readonly string[]): Said {
  const name = `${named.object} ${shownName(named)}`;
  const notes = replaced === null ? [] : [`Old code calls the new body of the ${name} from expand on, too.`];
  const left = `A rollback leaves the ${name} as it is then: how it was before is not known.`;
  return undo.length > 0 ? { notes } : { notes, leaves: [left] };
}
