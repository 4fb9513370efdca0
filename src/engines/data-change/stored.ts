import type { Catalog, StoredObject, Table } from "../../model/catalog.js";
import type { CreateObject, TriggerShape } from "../../model/detail/object.js";
import type { RelationName } from "../../model/name.js";
import type { ParsedSql } from "../../model/statement.js";
import { tablesRead } from "../known-view.js";
import { asStored } from "../stored-names.js";
import { knownView, storedCode } from "../table-lookup.js";
import { type Doing, doingOf } from "./doing.js";

/** The schema, and how the texts in it are read. */
export interface Stored {
  readonly catalog: Catalog;
  parse(sql: string): ParsedSql;
}

/** A view's query. */
export interface ViewQuery {
  readonly reads: readonly RelationName[];
  readonly calls: readonly RelationName[];
}

/** A trigger that writes fire. */
export interface StoredTrigger {
  readonly name: string;
  /** Null where it is not known what fires it. */
  readonly shape: TriggerShape | null;
  /** The function that it calls (PostgreSQL); absent where it has code of its own. */
  readonly calls?: RelationName;
  /** What it does itself; null where its text cannot be read. */
  readonly own: Doing | null;
}

/** Whether two names may mean the same: one without a schema may be in any. MySQL's and MariaDB's may be told apart by case or not. */
export function mayBeSame(a: RelationName, b: RelationName, { dialect }: Catalog): boolean {
  if (a.schema !== null && b.schema !== null && a.schema !== b.schema) return false;
  return dialect === undefined ? a.name === b.name : a.name.toLowerCase() === b.name.toLowerCase();
}

const definitions = new WeakMap<StoredObject, CreateObject | null>();

/** What makes an object, as the database prints it; null where that cannot be read. */
function definitionOf(object: StoredObject, { catalog, parse }: Stored): CreateObject | null {
  const known = definitions.get(object);
  if (known !== undefined) return known;
  const made = (object.restore ?? [])
    .flatMap((sql) => parse(sql).statements)
    .flatMap(({ operations }) => operations)
    .flatMap((o) => (o.kind === "other" && o.detail?.kind === "create-object" ? [o.detail] : []))
    .find((detail) => detail.object === object.object);
  const definition = made === undefined ? null : asStored(made, catalog);
  definitions.set(object, definition);
  return definition;
}

const objectsOf = ({ objects = [] }: Catalog, kinds: readonly StoredObject["object"][]): readonly StoredObject[] =>
  objects.filter(({ object, gone }) => gone !== true && kinds.includes(object));

/** The query of a view that is there; null where its text cannot be read, and undefined for what is no view, or keeps its rows. */
export function viewQuery(name: RelationName, stored: Stored): ViewQuery | null | undefined {
  const { catalog } = stored;
  const made = knownView(catalog, name);
  if (made !== null) return made.materialized ? undefined : { reads: tablesRead(made), calls: made.calls };
  const object = objectsOf(catalog, ["view"]).find((view) => mayBeSame(view.name, name, catalog));
  if (object === undefined) return undefined;
  const definition = definitionOf(object, stored);
  const reads = object.reads ?? definition?.reads;
  if (reads === undefined) return null;
  // MySQL's and MariaDB's tell no calls, but all words.
  const words = catalog.dialect === undefined ? [] : (definition?.columns ?? []);
  return { reads, calls: definition?.calls ?? words.map((word) => ({ schema: null, name: word })) };
}

/** What the routines of a name do; null for one whose text cannot be read. Nothing for what the server or an extension has brought. */
export function routinesNamed(name: RelationName, stored: Stored): readonly (Doing | null)[] {
  const { catalog } = stored;
  const isIt = (one: RelationName) => mayBeSame(one, name, catalog);
  const made = storedCode(catalog).filter(
    ({ object, name: own }) => (object === "function" || object === "procedure") && isIt(own),
  );
  const there = objectsOf(catalog, ["function", "procedure"]).filter((object) => isIt(object.name));
  return [
    ...made.map(({ code }) => doingOf(code)),
    // What files have made has no text by the database.
    ...there.filter(({ restore }) => restore !== null || made.length === 0).map((object) => doingBy(object, stored)),
  ];
}

/** What an IMMUTABLE function gives depends on nothing but what it is passed. */
const IS_IMMUTABLE = /\n[^\n]*\bIMMUTABLE\b[^\n]*\nAS /;

function doingBy(object: StoredObject, stored: Stored): Doing | null {
  const code = definitionOf(object, stored)?.code;
  if (code === undefined) return null;
  const doing = doingOf(code);
  const steady = doing.unknown && (object.restore ?? []).some((sql) => IS_IMMUTABLE.test(sql));
  return steady ? { ...doing, unknown: false } : doing;
}

/** Of the line in front of the body, as PostgreSQL prints it. */
const IS_STEADY = /\n[^\n]*\b(?:IMMUTABLE|STABLE)\b[^\n]*\nAS /;

const isSteady = (object: StoredObject, stored: Stored): boolean =>
  stored.catalog.dialect === undefined
    ? object.restore?.some((sql) => IS_STEADY.test(sql)) === true
    : definitionOf(object, stored)?.steady === true;

/** Whether the database says of all functions of a name that they are IMMUTABLE or STABLE (PostgreSQL), DETERMINISTIC (MySQL, MariaDB). */
export function isSaidSteady(name: RelationName, stored: Stored): boolean {
  const { catalog } = stored;
  const there = objectsOf(catalog, ["function", "procedure"]).filter((object) => mayBeSame(object.name, name, catalog));
  return there.length > 0 && there.every((object) => isSteady(object, stored));
}

/** The triggers of a table that are on, without ours. */
export function triggersOn({ relation, dependents }: Table, stored: Stored): readonly StoredTrigger[] {
  const known = dependents.filter(({ kind, trigger }) => kind === "trigger" && trigger !== undefined);
  const made = known.flatMap(({ name, trigger, off }) =>
    trigger === undefined || off === true ? [] : [triggerOf(name, trigger, madeCode(name, stored))],
  );
  const there = objectsOf(stored.catalog, ["trigger"]).filter(
    ({ name, on }) =>
      on !== null && mayBeSame(on, relation, stored.catalog) && !known.some((trigger) => trigger.name === name.name),
  );
  return [...made, ...there.flatMap((object) => thereTrigger(object, stored))];
}

function triggerOf(name: string, shape: TriggerShape, own: Doing | null): StoredTrigger {
  return { name, shape, own, ...(shape.calls === undefined ? {} : { calls: shape.calls }) };
}

/** The code of a trigger that files have made (MySQL, MariaDB). */
function madeCode(name: string, { catalog }: Stored): Doing | null {
  const found = storedCode(catalog).find((one) => one.object === "trigger" && one.name.name === name);
  return found === undefined ? null : doingOf(found.code);
}

const IS_OFF = /^ALTER TABLE .* (?:DISABLE|ENABLE REPLICA) TRIGGER /s;

function thereTrigger(object: StoredObject, stored: Stored): readonly StoredTrigger[] {
  if (object.restore?.some((sql) => IS_OFF.test(sql)) === true) return [];
  const definition = definitionOf(object, stored);
  const name = object.name.name;
  if (definition === null || definition.trigger === null) return [{ name, shape: null, own: null }];
  return [triggerOf(name, definition.trigger, definition.code === undefined ? null : doingOf(definition.code))];
}

/** The rules of a table (PostgreSQL), by their names. */
export function rulesOn({ relation, dependents }: Table, catalog: Catalog): readonly string[] {
  const isOn = ({ on }: StoredObject) => on !== null && mayBeSame(on, relation, catalog);
  if (catalog.objects !== undefined)
    return objectsOf(catalog, ["rule"])
      .filter(isOn)
      .map(({ name }) => name.name);
  return dependents.filter(({ kind }) => kind === "rule").map(({ name }) => name);
}
