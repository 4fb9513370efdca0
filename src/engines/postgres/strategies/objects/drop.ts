import type { DropObject, ObjectType } from "../../../../model/detail/object.js";
import { type RelationName, show } from "../../../../model/name.js";
import type { OtherOperation } from "../../../../model/operation.js";
import { type Phased, Refusal, type StrategyContext, sameRelation } from "../../../engine.js";
import { dollarQuotes, literal, quote, quoteRelation } from "../../names.js";
import { nothing, stepOf } from "../written.js";
import { dropHanging } from "./drop-hanging.js";
import { beside, isAbout, isAlone, sameRoutine, together } from "./in-file.js";
import { addressOf, gateNames, type Named, namedBy, objectsKnown, shownName, storedAs, storedOf } from "./known.js";
import { parametersIn, type Parameters as Taken } from "./parameters.js";
import { parkedName } from "./park.js";
import { called, HANGING, OF_SERVER, ROUTINES, WORDS } from "./words.js";

/** What a rename parks: everything that hangs on it, rights and comment too, is there when it comes back. */
const PARKED: ReadonlySet<ObjectType> = new Set<ObjectType>([
  "aggregate",
  "domain",
  "foreign-table",
  "function",
  "materialized-view",
  "procedure",
  "sequence",
  "type",
  "view",
]);
/** Those that the database lists, so that IF EXISTS can be answered. */
const LISTED: ReadonlySet<ObjectType> = new Set<ObjectType>([
  "function",
  "materialized-view",
  "policy",
  "procedure",
  "rule",
  "sequence",
  "trigger",
  "view",
]);

/**
 * DROP of what is no table, in contract: parked under another name first, which can be undone, and dropped later. Never
 * CASCADE.
 *
 * @throws Refusal
 */
export function dropObject(detail: DropObject, operation: OtherOperation, context: StrategyContext): Phased {
  const named = namedBy(detail, operation, context);
  refuse(detail, named);
  if (named === null) return lastly(operation, context, context.statement, []);
  const isListed = LISTED.has(detail.object) && !mayBeOwned(detail, context);
  const absent = objectsKnown(context) && isListed && !isStored(named, operation, context);
  if (absent && detail.ifExists)
    return nothing(`There is no ${called(detail.object)} ${shownName(named)}: IF EXISTS has nothing to do.`);
  if (absent)
    throw new Refusal(
      `There is no ${called(detail.object)} ${shownName(named)}.`,
      "Correct the name, or drop this statement.",
    );
  if (context.newObject === true) return atOnce(named, operation, context);
  refuseBehindRename(named, context);
  const remade = ROUTINES.has(detail.object)
    ? sameRoutine(named, operation, context, "behind").length > 0
    : beside(operation, context, "behind").some(isAbout(named, "create-object", context));
  if (HANGING.has(detail.object)) return remade ? nothing(remadeNote(named)) : dropHanging(named, operation, context);
  return PARKED.has(detail.object) || (remade && detail.object === "statistics")
    ? park(named, operation, context, remade)
    : lastly(operation, context, dropText(detail, named), named.object === "statistics" ? gateNames(named) : []);
}

/** A column's own sequence is not listed, also where it is its default's no longer; on a new database it may go. */
const mayBeOwned = ({ object, ifExists }: DropObject, { newDatabase }: StrategyContext): boolean =>
  newDatabase === true && object === "sequence" && !ifExists;

/** Whether the database has it; of a function, with these parameters. A procedure may be named with those that only come out. */
function isStored(named: Named, operation: OtherOperation, context: StrategyContext): boolean {
  const stored = storedAs(named, context);
  const own = named.object === "function" ? ownParameters(operation, context) : null;
  if (own === null) return stored.length > 0;
  return stored.some(({ restore }) => {
    const [text] = restore ?? [];
    const parameters = text === undefined ? null : parametersIn(text);
    return parameters === null || parameters.names.join() === own.names.join();
  });
}

/** What the file drops in front of it may have taken it along, as a column takes statistics over several. */
const dropText = ({ ifExists }: DropObject, named: Named): string =>
  `DROP ${ifExists ? addressOf(named).replace(`${WORDS[named.object]} `, (word) => `${word}IF EXISTS `) : addressOf(named)}`;

const remadeNote = (named: Named): string =>
  `The ${called(named.object)} ${shownName(named)} gives way to the one that this file makes, in the same transaction.`;

function refuse({ object, cascade }: DropObject, named: Named | null): void {
  if (cascade)
    throw new Refusal(
      `DROP ${(WORDS[object] ?? object).toUpperCase()} ... CASCADE drops whatever uses it, seen or unseen.`,
      "Leave CASCADE out and drop what uses it by name.",
    );
  if (OF_SERVER.has(object) || (named === null && WORDS[object] === undefined && object !== "other"))
    throw new Refusal(
      `A ${called(object)} belongs to the server and not to this database's schema.`,
      "Drop it by hand.",
    );
}

/** @throws Refusal behind a rename of its table: until the swap the new name is a view's */
function refuseBehindRename({ object, name, on }: Named, { standIns = [], catalog }: StrategyContext): void {
  const met = standIns.find(({ view }) => on !== null && sameRelation(view, on, catalog.defaultSchema));
  if (met === undefined) return;
  throw new Refusal(
    `This file renames ${show(met.of)} to ${show(met.view)} in front of this, and the ${called(object)} is on ${show(met.of)} until the swap.`,
    `Write \`DROP ${WORDS[object]} ${quote(name.name)} ON ${quoteRelation(met.of)}\` in front of the rename.`,
  );
}

/** What no running code knows: it is dropped where the file says. */
function atOnce(named: Named, operation: OtherOperation, context: StrategyContext): Phased {
  const undo = storedOf(named, context)?.restore ?? [];
  const dropped = stepOf(operation, context, {
    name: "drop",
    final: undo.length === 0,
    sql: [isAlone(context) ? context.statement : `DROP ${addressOf(named)}${parametersOf(named, operation, context)}`],
    undo,
    reason: "It is new in this release, so no running code knows it: it is dropped at once.",
  });
  return { steps: [dropped], retires: [], gates: [], notes: [] };
}

/** What cannot be parked: the drop itself, at the end. */
function lastly(operation: OtherOperation, context: StrategyContext, sql: string, drops: readonly string[]): Phased {
  if (!isAlone(context) && sql === context.statement)
    throw new Refusal("One statement drops several of these.", "Write one DROP for each.");
  const dropped = stepOf(operation, context, {
    name: "drop",
    phase: "contract",
    stage: "drop",
    final: true,
    sql: [sql],
    reason: "Nobody uses it any more. The server refuses while something in the database does.",
  });
  return { steps: [dropped], retires: [], gates: [], notes: [], ...(drops.length === 0 ? {} : { drops }) };
}

/** Those that the statement says of this one, which may be one of several. */
function ownParameters(operation: OtherOperation, context: StrategyContext): Taken | null {
  const all = together(operation, context);
  const whole = all.length === (context.operationsInStatement ?? 1);
  return whole ? parametersIn(context.statement, all.indexOf(operation)) : null;
}

/** `"s"."f"(int4)`: the statement says which of those that share the name. */
function parametersOf(named: Named, operation: OtherOperation, context: StrategyContext): string {
  if (!ROUTINES.has(named.object)) return "";
  const parameters = ownParameters(operation, context);
  if (parameters !== null) return `(${parameters.text})`;
  if (/\(/.test(context.statement))
    throw new Refusal(
      `Which ${named.object} ${shownName(named)} is meant cannot be read.`,
      "Write its parameters' types, each by its own name.",
    );
  return "";
}

/** Only an aggregate cannot be dropped by its name alone. */
function dropAggregate(parked: RelationName): string {
  const found = `pg_catalog.to_regproc(${literal(quoteRelation(parked))})::pg_catalog.oid::pg_catalog.regprocedure`;
  const body = `BEGIN EXECUTE 'DROP AGGREGATE ' || ${found}; END`;
  const quotes = dollarQuotes(body);
  return `DO ${quotes}${body}${quotes}`;
}

function park(named: Named, operation: OtherOperation, context: StrategyContext, remade: boolean): Phased {
  const word = WORDS[named.object];
  const parameters = parametersOf(named, operation, context);
  const parked = parkedName(named, context, parameters);
  const at = (name: string, of: string) => `${word} ${quoteRelation({ ...named.name, name })}${of}`;
  const rename = (from: string, to: string, of: string) => `ALTER ${at(from, of)} RENAME TO ${quote(to)}`;
  const { name } = named.name;
  // Alone of its name it needs no parameters, whose types may be parked themselves by then.
  const parkedParameters = named.object === "aggregate" ? parameters : "";
  const step = (given: Omit<Parameters<typeof stepOf>[2], "phase">) =>
    stepOf(operation, context, { ...given, phase: "contract" });
  const parking = step({
    name: "park",
    stage: "swap",
    sql: [rename(name, parked, parameters)],
    undo: [rename(parked, name, parkedParameters)],
    reason: `${name} is parked as ${parked}: nothing is lost yet, and a rename brings it back.`,
  });
  const drop = step({
    name: "drop",
    stage: "drop",
    sql: [
      named.object === "aggregate" && parameters !== "(*)"
        ? dropAggregate({ ...named.name, name: parked })
        : `DROP ${at(parked, parkedParameters)}`,
    ],
    reason: `From here on ${name}${named.object === "sequence" ? " and where it stood are" : " is"} gone.`,
  });
  const relation = named.name;
  const isRelation =
    parameters === "" && !ROUTINES.has(named.object) && named.object !== "type" && named.object !== "domain";
  return {
    steps: remade ? [drop] : [parking, drop],
    retires: [],
    gates: [],
    notes: remade ? [remadeNote(named)] : [],
    drops: [...gateNames(named), ...gateNames({ ...named, name: { ...named.name, name: parked } })],
    ...(isRelation && !remade ? { retiredTables: [{ relation, parked, replacement: null }] } : {}),
  };
}
