import { type Acl, type AclKind, ALL_ON, aclBehind, rightsNamed } from "../engines/acl.js";
import type { Code } from "../model/detail/code.js";
import type { CreateObject, ObjectType, Privileges } from "../model/detail/object.js";
import type { RelationName } from "../model/name.js";
import type { CreateTable, Operation } from "../model/operation.js";
import type { DetailOf, OperationDetail } from "../model/operation-detail.js";
import {
  aclAt,
  DEFAULTS,
  KINDS,
  type KnownAcls,
  keysIn,
  type Place,
  placeOf,
  placesOf,
  UNTOLD,
  wholeSchemas,
} from "./acl-places.js";
import { keyOf } from "./key-of.js";
import type { Known } from "./known.js";
import { tableIn } from "./known-tables.js";
import { emptyMap, filtered, get, keysOf, set, without } from "./persistent-map.js";
import { hasRoutine } from "./routine-names.js";

const withNoted = (known: Known, noted: KnownAcls["noted"]): Known =>
  noted === known.acls.noted ? known : { ...known, acls: { ...known.acls, noted } };

const put = (known: Known, key: string, acl: Acl): Known =>
  withNoted(known, set(known.acls.noted, key, Object.freeze({ ...acl, age: known.acls.age })));

/**
 * What is known of rights behind an operation (PostgreSQL).
 *
 * @param before what was known in front of it
 * @param known what is known of everything else behind it
 */
export function withAcls(before: Known, known: Known, operation: Operation): Known {
  if (known.dialect !== undefined) return known;
  if (operation.kind === "create-table") return madeTable(before, known, operation);
  if (operation.kind !== "other" || operation.detail === undefined) return known;
  return behindDetail(before, known, operation.relation, operation.detail);
}

function behindDetail(before: Known, known: Known, relation: RelationName | null, detail: OperationDetail): Known {
  switch (detail.kind) {
    case "privileges":
      return detail.defaultIn === undefined ? changed(known, detail) : withDefaults(known, detail, detail.defaultIn);
    case "create-object":
      return madeObject(before, known, detail);
    case "drop-table":
      return relation === null ? known : dropped(known, "table", relation);
    case "drop-object":
      return detail.name === null ? known : droppedObject(before, known, detail.object, detail.name, detail.takes);
    case "rename-table":
      return relation === null ? known : moved(known, "table", relation, detail.to);
    case "rename-object":
      return detail.name === null ? known : renamed(known, detail.object, detail.name, detail.to);
    case "set-table-option":
      return relation === null || detail.option !== "OWNER" || detail.value === null
        ? known
        : owned(known, [placeOf(known, "table", relation)], detail.value);
    case "alter-object":
      return detail.name === null ? known : altered(known, detail.object, detail.name, detail);
    case "set-variables":
      return detail.settings.reduce(
        (k, { name, value }) => (/^(?:role|session_authorization)$/.test(name) ? withoutRole(k, value ?? "") : k),
        known,
      );
    case "administration":
      return withNoted(known, emptyMap());
    default:
      return known;
  }
}

/** GRANT and REVOKE. */
function changed(known: Known, change: Privileges): Known {
  const schemas = change.on === null ? null : wholeSchemas(change.on);
  const places = (schemas ?? placesOf(known, change)).filter((place) => place !== null);
  return places.reduce((all, place) => {
    const rights = rightsNamed(change, place.kind);
    if (rights === null) return all;
    const keys = schemas === null ? [place.key] : [place.key, ...keysIn(all, place)];
    return keys.reduce((k, key) => put(k, key, aclBehind(aclAt(k, key) ?? UNTOLD, change, rights)), all);
  }, known);
}

/** ALTER DEFAULT PRIVILEGES. What a schema's take away is what a schema's gave: the server adds them to those of all schemas. */
function withDefaults(known: Known, change: Privileges, schemas: readonly string[] | null): Known {
  const word = change.on?.trim().toUpperCase().replace("ROUTINES", "FUNCTIONS") ?? "";
  const kind = (Object.keys(DEFAULTS) as AclKind[]).find((one) => DEFAULTS[one] === word);
  const rights = kind === undefined ? null : rightsNamed(change, kind);
  if (rights === null) return known;
  const named = (schemas ?? [""]).flatMap((schema) => rights.map((right) => `${schema}\0${word}\0${right}`));
  const others = known.acls.defaults.filter((one) => !named.includes(one));
  // Those of another role are not for what the files make.
  if (change.action === "revoke" && change.otherRole === true) return known;
  const defaults = Object.freeze(change.action === "grant" ? [...others, ...named] : others);
  return { ...known, acls: { ...known.acls, defaults } };
}

/** Something that files have made, with what everything of its kind is given from its beginning. */
function made(known: Known, { kind, key }: Place, schema: string | null): Known {
  const word = DEFAULTS[kind] ?? "";
  const own = [`\0${word}\0`, `${schema ?? known.defaultSchema ?? ""}\0${word}\0`];
  const held = known.acls.defaults.flatMap((one) => {
    const start = own.find((each) => one.startsWith(each));
    return start === undefined ? [] : [one.slice(start.length)];
  });
  return put(known, key, { made: true, held: [...new Set(held)], taken: [] });
}

function madeTable(before: Known, known: Known, { relation, ifNotExists, temporary }: CreateTable): Known {
  const place = placeOf(known, "table", relation);
  const wasThere = tableIn(before, relation) !== null || get(before.acls.noted, place.key) !== undefined;
  return temporary || (ifNotExists && wasThere) ? known : made(known, place, relation.schema);
}

function madeObject(before: Known, known: Known, detail: CreateObject): Known {
  const { object, name, temporary } = detail;
  if (name === null || temporary === true) return known;
  if (object === "role") return { ...known, acls: { ...known.acls, roles: set(known.acls.roles, name.name, true) } };
  const kind = KINDS[object];
  const takes = kind === "routine" ? detail.routine?.takes.join() : "";
  if (kind === undefined || takes === undefined) return known;
  const place = placeOf(known, kind, name, takes);
  return mayBeThere(before, detail, place) ? known : made(known, place, name.schema);
}

/** What is put in the place of another one keeps that one's rights. */
function mayBeThere(before: Known, detail: CreateObject, { key, kind }: Place): boolean {
  const { orReplace, ifNotExists, name, object } = detail;
  if (name === null || (!orReplace && !ifNotExists)) return false;
  if (get(before.acls.noted, key) !== undefined || kind === "schema") return true;
  const isWhole = before.source === "files" && before.forgot !== true && before.tables.size > 0;
  if (!isWhole) return true;
  return kind === "routine" ? hasRoutine(before, object, name) : get(before.views, keyOf(before, name)) !== undefined;
}

/** Whatever it takes, and whatever is in a schema. */
const withoutBehind = (known: Known, start: string): Known =>
  withNoted(
    known,
    filtered(known.acls.noted, (key) => !key.startsWith(start)),
  );

const dropped = (known: Known, kind: AclKind, name: RelationName): Known =>
  withNoted(known, without(known.acls.noted, placeOf(known, kind, name).key));

function droppedObject(
  before: Known,
  known: Known,
  object: ObjectType,
  name: RelationName,
  takes: readonly string[] | undefined,
): Known {
  if (object === "role") return withoutRole(known, name.name);
  if (object === "schema") return withoutSchema(known, name.name);
  const kind = KINDS[object];
  if (kind === undefined) return known;
  if (kind !== "routine") return dropped(known, kind, name);
  const place = placeOf(before, kind, name, takes?.join());
  return takes === undefined
    ? withoutBehind(known, place.key.slice(0, -1))
    : withNoted(known, without(known.acls.noted, place.key));
}

const withoutSchema = (known: Known, schema: string): Known =>
  withNoted(
    known,
    filtered(known.acls.noted, (key) => key.split("\0")[1] !== schema),
  );

/** Whose rights files do not tell any more: it is gone, or owns what they make. */
const withoutRole = (known: Known, name: string): Known =>
  get(known.acls.roles, name) === undefined
    ? known
    : { ...known, acls: { ...known.acls, roles: without(known.acls.roles, name) } };

function moved(known: Known, kind: AclKind, from: RelationName, to: RelationName): Known {
  const [old, now] = [placeOf(known, kind, from).key, placeOf(known, kind, to).key];
  const noted = get(known.acls.noted, old);
  const left = without(known.acls.noted, old);
  return withNoted(known, noted === undefined ? without(left, now) : set(left, now, noted));
}

function renamed(known: Known, object: ObjectType, name: RelationName, to: string): Known {
  if (object === "role") return withoutRole(known, name.name);
  if (object === "schema") return withoutSchema(known, name.name);
  const kind = KINDS[object];
  if (kind === undefined) return known;
  // Which of those that share a name has another one is not told.
  if (kind === "routine") return withoutBehind(known, placeOf(known, kind, name).key.slice(0, -1));
  return moved(known, kind, name, { schema: name.schema, name: to });
}

function altered(
  known: Known,
  object: ObjectType,
  name: RelationName,
  { changes, values = [], takes }: DetailOf<"alter-object">,
): Known {
  const kind = KINDS[object];
  if (kind === undefined || (changes[0] !== "OWNER TO" && changes[0] !== "SET SCHEMA")) return known;
  const place = placeOf(known, kind, name, takes?.join());
  const all =
    kind === "routine" && takes === undefined
      ? keysOf(known.acls.noted).filter((key) => key.startsWith(place.key.slice(0, -1)))
      : [place.key];
  if (changes[0] === "SET SCHEMA")
    return withNoted(
      known,
      all.reduce((noted, key) => without(noted, key), known.acls.noted),
    );
  return owned(
    known,
    all.map((key) => ({ kind, key })),
    values[0] ?? "",
  );
}

/** Another owner has all rights, and those of the one before are his. */
function owned(known: Known, places: readonly Place[], owner: string): Known {
  return places.reduce((k, { kind, key }) => {
    const acl = aclAt(k, key);
    if (acl === null) return k;
    const rights = ALL_ON[kind].map((privilege) => `${privilege} ${owner}`);
    const taken = acl.taken.filter((right) => right.endsWith(" public"));
    return put(k, key, { ...acl, held: [...new Set([...acl.held, ...rights])], taken });
  }, known);
}

/** Whether all that no file tells of a code is text whose beginning is written, and gives no rights: `EXECUTE 'ALTER TABLE ' || t`. */
export const leavesAcls = ({ unknown }: Code): boolean =>
  unknown.every(
    ({ why, message }) =>
      why === "dynamic" &&
      /^EXECUTE\s+(?:format\s*\(\s*)?E?'\s*(?:alter\s+(?!default)|drop|create|comment|update|insert|delete|analyze|refresh|revoke|notify)\b/i.test(
        message,
      ) &&
      !/\b(?:grant|owner)\b/i.test(message),
  );

/**
 * What is known of rights behind an operation that may not have run: what it gives counts as given, what it takes is not known to be
 * taken, and what it makes, drops or renames has rights of which nothing is known.
 *
 * @param after what is known where it has run
 */
export function aclsPerhaps(known: Known, after: Known, operation: Operation): KnownAcls {
  if (after.acls === known.acls) return known.acls;
  const detail = operation.kind === "other" ? operation.detail : undefined;
  if (detail?.kind === "privileges") return detail.action === "grant" ? after.acls : known.acls;
  const isSame = (key: string) => get(known.acls.noted, key) === get(after.acls.noted, key);
  const roles = filtered(known.acls.roles, (role) => get(after.acls.roles, role) === true);
  return { ...after.acls, noted: filtered(known.acls.noted, isSame), roles };
}
