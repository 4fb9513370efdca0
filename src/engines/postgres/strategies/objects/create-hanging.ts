import type { StoredObject } from "../../../../model/catalog.js";
import type { CreateObject } from "../../../../model/detail/object.js";
import type { OtherOperation } from "../../../../model/operation.js";
import { type Phased, Refusal, type StrategyContext } from "../../../engine.js";
import { stepOf } from "../written.js";
import { isDroppedBefore } from "./in-file.js";
import { addressOf, droppedAs, type Named, namedBy, objectsKnown, shownName, storedOf } from "./known.js";

/** Our triggers sort last, so that they see what the application's own have made of a row. */
const LAST = "zzz_zmigrate";

/** What a trigger, policy or rule does to those who know nothing of it. */
function noteOn({ object, trigger }: CreateObject, named: Named, replaced: boolean): string[] {
  const name = `${object} ${shownName(named)}`;
  if (object === "trigger" && trigger?.timing === "before" && named.name.name > LAST)
    return [
      `The ${name} sorts behind the triggers of zmigrate, and what it changes in a row they do not see: give it another name.`,
    ];
  if (object === "policy") return [];
  return [`The ${name} ${replaced ? "is another one" : "works"} for the writes of old code, too, from expand on.`];
}

/** A policy that is RESTRICTIVE, or the first of its table, hides rows from running code. */
const tightens = (statement: string): boolean => /\bAS\s+RESTRICTIVE\b/i.test(statement);

function undoOf(
  named: Named,
  before: StoredObject | null,
  replaces: boolean,
  context: StrategyContext,
): readonly string[] {
  // A trigger's and a policy's begin with a drop, a rule's with OR REPLACE.
  if (before !== null) return before.restore ?? [];
  if (replaces && !objectsKnown(context)) return [];
  return [`DROP ${addressOf(named).replace(/^\w+ /, (word) => `${word}IF EXISTS `)}`];
}

/**
 * CREATE TRIGGER, POLICY or RULE: a brief lock on its table. One that the file drops first is exchanged for it in one
 * transaction, so that no write goes without.
 */
export function createHanging(detail: CreateObject, operation: OtherOperation, context: StrategyContext): Phased {
  const named = namedBy(detail, operation, context);
  if (named === null) throw new Refusal(`The ${detail.object} has no name or no table.`, "Name both.");
  const dropped = isDroppedBefore(named, operation, context);
  const replaces = dropped || detail.orReplace;
  const before = dropped ? droppedAs(named, context) : replaces ? storedOf(named, context) : null;
  const drop = dropped ? [`DROP ${addressOf(named).replace(/^\w+ /, (word) => `${word}IF EXISTS `)}`] : [];
  const undo = undoOf(named, before, replaces, context);
  const made = stepOf(operation, context, {
    name: `create-${detail.object}`,
    sql: [...drop, context.statement],
    undo,
    ...(tightens(context.statement) && !context.newTable ? ({ phase: "contract", stage: "swap" } as const) : {}),
    reason: replaces
      ? "The old one gives way in the same transaction."
      : "A brief lock; what is written from now on meets it.",
  });
  const left = `A rollback leaves the ${named.object} ${shownName(named)} as it is then: how it was before is not known.`;
  const leaves = undo.length > 0 ? {} : { leaves: [left] };
  return { steps: [made], retires: [], gates: [], notes: noteOn(detail, named, replaces), ...leaves };
}
