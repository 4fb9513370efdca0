import type { StoredObject } from "../../../../model/catalog.js";
import type { CreateObject } from "../../../../model/detail/object.js";
import type { RelationName } from "../../../../model/name.js";
import type { Operation, OtherOperation } from "../../../../model/operation.js";
import { type Phased, Refusal } from "../../../engine.js";
import { quoteRelation } from "../../names.js";
import { inServersMode, isMadeInMode } from "../../server-mode.js";
import type { MysqlContext } from "../algorithms.js";
import { underLock } from "../ddl.js";
import { not, stateOf } from "../facts.js";
import { beside } from "../in-file.js";
import { nothing } from "../subject.js";
import { stepOf } from "../written.js";
import { formerOf } from "./former.js";
import { isAbout, isThere, storedOf } from "./known.js";
import { replaceView } from "./replace-view.js";

export type Made = Extract<
  StoredObject["object"],
  "view" | "trigger" | "function" | "procedure" | "event" | "sequence"
>;
const MADE: ReadonlySet<string> = new Set<Made>(["view", "trigger", "function", "procedure", "event", "sequence"]);

/** @throws Refusal for what is the server's: users, databases, tablespaces */
export function madeHere(object: string, name: RelationName | null): { object: Made; name: RelationName } {
  if (MADE.has(object) && name !== null) return { object: object as Made, name };
  throw new Refusal(
    `A ${object.replaceAll("-", " ")} belongs to the server and not to this database's schema.`,
    "Make the change by hand, or with what sets the server up.",
  );
}

const asSent = (object: CreateObject["object"], statement: string): readonly string[] =>
  isMadeInMode(object) ? inServersMode(statement) : [statement];

/** How it was: an undo and nothing else. */
const former = (stored: StoredObject | null, context: MysqlContext): readonly string[] =>
  formerOf(stored, context) ?? [];

/**
 * CREATE of what is no table: in expand as it is written. What is replaced comes back by the undo as the server printed it.
 *
 * @throws Refusal where the server cannot replace it in one moment
 */
export function createObject(detail: CreateObject, operation: OtherOperation, context: MysqlContext): Phased {
  const { object, name } = madeHere(detail.object, detail.name);
  const stored = storedOf(object, name, context);
  const isDropped = beside(operation, context, "before").some(isAbout("drop-object", object, name));
  const dropped = isDropped && context.newObject !== true;
  const before = stored?.gone === true && !dropped ? null : stored;
  if (before !== null && detail.ifNotExists && !dropped)
    return nothing(`The ${object} ${name.name} exists already: IF NOT EXISTS leaves it as it is.`);
  if (object === "view" && dropped) refuseBetween(name, operation, context);
  if (object === "view" && (dropped || (before !== null && detail.orReplace)))
    return replaceView(detail, operation, context, before);
  if (dropped) return exchange(detail, operation, context, before);
  if (detail.orReplace && (before !== null || context.catalog.objects === undefined))
    return replace(detail, operation, context, before);
  return afresh(object, name, operation, context, detail.ifNotExists);
}

/** The old view would be broken from the change on that stands before the new one. */
function refuseBetween(name: RelationName, operation: OtherOperation, context: MysqlContext): void {
  const before = beside(operation, context, "before");
  const at = before.findLastIndex(isAbout("drop-object", "view", name));
  const about = (o: Operation) => (o.kind === "other" ? o.detail?.kind : o.kind);
  const other = before
    .slice(at + 1)
    .find((o) => !["create-object", "drop-object", "privileges"].includes(about(o) ?? ""));
  if (other === undefined) return;
  throw new Refusal(
    `Between DROP VIEW and CREATE VIEW of ${name.name} this file changes a table: who reads the view meanwhile would fail (1356).`,
    "Write CREATE OR REPLACE VIEW before that change, and leave DROP VIEW out.",
  );
}

function afresh(
  object: Made,
  name: RelationName,
  operation: OtherOperation,
  context: MysqlContext,
  lenient: boolean,
): Phased {
  // From the files alone, IF NOT EXISTS may find one that is not ours to drop.
  const known = !lenient || context.catalog.objects !== undefined;
  const made = stepOf(operation, context, {
    name: `create-${object}`,
    sql: asSent(object, context.statement),
    undo: known ? [`DROP ${object.toUpperCase()} IF EXISTS ${quoteRelation(name)}`] : [],
    // With IF NOT EXISTS one that is there is what was asked for.
    probe: {
      sql: stateOf(isThere(object, name)),
      repair: [],
      ...(known ? { makes: `the ${object} ${name.name}` } : {}),
    },
    reason:
      object === "trigger"
        ? "A brief lock; what is written from now on meets it."
        : `Nobody uses a ${object} that does not exist yet.`,
  });
  const seen =
    object === "trigger"
      ? [
          `The trigger ${name.name} works for the writes of old code, too, from expand on, and behind the triggers that are there.`,
        ]
      : [];
  const runs = object === "event" ? [`The event ${name.name} runs from expand on, beside old code.`] : [];
  return { steps: [made], retires: [], gates: [], notes: [...seen, ...runs] };
}

/** MariaDB's OR REPLACE is one change. */
function replace(
  detail: CreateObject,
  operation: OtherOperation,
  context: MysqlContext,
  before: StoredObject | null,
): Phased {
  const undo = former(before, context);
  const made = stepOf(operation, context, {
    name: `replace-${detail.object}`,
    sql: asSent(detail.object, context.statement),
    undo,
    reason: "The old one gives way in the same moment.",
  });
  return { steps: [made], retires: [], gates: [], ...saidOf(detail, undo) };
}

function saidOf({ object, name }: CreateObject, undo: readonly string[]): Pick<Phased, "notes" | "leaves"> {
  const notes = [`Old code meets the new ${object} ${name?.name} from expand on, too.`];
  const left = `A rollback leaves the ${object} ${name?.name} as it is then: how it was before is not known.`;
  return undo.length > 0 ? { notes } : { notes, leaves: [left] };
}

/** DROP and CREATE in one file: a trigger's table is locked meanwhile; callers of a routine would find none. */
function exchange(
  detail: CreateObject,
  operation: OtherOperation,
  context: MysqlContext,
  before: StoredObject | null,
): Phased {
  const { object, name } = madeHere(detail.object, detail.name);
  if (context.dialect === "mariadb" && !detail.ifNotExists) {
    const sql = detail.orReplace ? context.statement : context.statement.replace(/^(\s*CREATE)\b/i, "$1 OR REPLACE");
    return replace(detail, operation, { ...context, statement: sql }, before);
  }
  if (object === "trigger" && operation.relation !== null) return underItsLock(detail, operation, context, before);
  if (object === "event") return underNoLock(operation, context, name, before);
  throw new Refusal(
    `This file drops the ${object} ${name.name} and makes one of that name: between the two, callers find none (1305), and MySQL replaces none.`,
    "Make the new one under another name here, let code move over, and drop the old one in a later migration.",
  );
}

function underItsLock(
  detail: CreateObject,
  operation: OtherOperation,
  context: MysqlContext,
  before: StoredObject | null,
): Phased {
  const relation = operation.relation as RelationName;
  const drop = `DROP TRIGGER IF EXISTS ${quoteRelation(detail.name as RelationName)}`;
  const undo = former(before, context);
  const made = stepOf(operation, context, {
    name: "exchange-trigger",
    sql: underLock(relation, [drop, ...inServersMode(context.statement)]),
    undo: undo.length === 0 ? [] : underLock(relation, undo),
    atomicPacket: true,
    reason: "Between the two the table is locked for a moment, so that no write goes without.",
  });
  return { steps: [made], retires: [], gates: [], ...saidOf(detail, undo) };
}

/** Nobody calls an event. */
function underNoLock(
  operation: OtherOperation,
  context: MysqlContext,
  name: RelationName,
  before: StoredObject | null,
): Phased {
  const drop = `DROP EVENT IF EXISTS ${quoteRelation(name)}`;
  const made = stepOf(operation, context, {
    name: "exchange-event",
    sql: [drop, ...inServersMode(context.statement)],
    undo: former(before, context),
    probe: null,
    reason: "Nobody calls an event; one that begins meanwhile runs to its end.",
  });
  return { steps: [made], retires: [], gates: [], notes: [] };
}

export const gone = (object: Made, name: RelationName): { sql: string; repair: string[] } => ({
  sql: stateOf(not(isThere(object, name))),
  repair: [],
});
