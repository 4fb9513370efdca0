import { type Acl, type AclKind, rightsNamed, type Taken, takenFrom } from "../engines/acl.js";
import { schemasNamed } from "../engines/rights.js";
import type { ObjectType, Privileges, PrivilegeTarget } from "../model/detail/object.js";
import type { RelationName } from "../model/name.js";
import { keyOf } from "./key-of.js";
import type { Known } from "./known.js";
import { emptyMap, get, keysOf, type PersistentMap } from "./persistent-map.js";

/** The rights on something, as they were at a time. */
export interface NotedAcl extends Acl {
  /** After how many runs of code whose doing no file tells. */
  readonly age: number;
}

/** What files tell of rights (PostgreSQL). */
export interface KnownAcls {
  /** By kind and name. */
  readonly noted: PersistentMap<NotedAcl>;
  /** Of how many runs no file tells what rights they gave. */
  readonly age: number;
  /** What is given from the beginning, in which schema, and on what: `app\0TABLES\0SELECT reader`; in all schemas without one. */
  readonly defaults: readonly string[];
  /** Roles that files have made. */
  readonly roles: PersistentMap<true>;
}

export const noAcls = (given: readonly string[]): KnownAcls =>
  Object.freeze({
    noted: emptyMap<NotedAcl>(),
    age: 0,
    defaults: Object.freeze(given.map((one) => `\0${one.replace(" ", "\0")}`)),
    roles: emptyMap<true>(),
  });

/** Something that has rights: which kind of it, and by what it is noted. */
export interface Place {
  readonly kind: AclKind;
  readonly key: string;
}

const LETTERS: Readonly<Record<AclKind, string>> = Object.freeze({
  table: "t",
  sequence: "q",
  routine: "r",
  schema: "s",
  type: "y",
  database: "d",
  role: "m",
});

/** In the words of ALTER DEFAULT PRIVILEGES. */
export const DEFAULTS: Partial<Readonly<Record<AclKind, string>>> = Object.freeze({
  table: "TABLES",
  sequence: "SEQUENCES",
  routine: "FUNCTIONS",
  schema: "SCHEMAS",
  type: "TYPES",
});

export const KINDS: Partial<Readonly<Record<ObjectType | "table", AclKind>>> = Object.freeze({
  table: "table",
  view: "table",
  "materialized-view": "table",
  "foreign-table": "table",
  sequence: "sequence",
  function: "routine",
  procedure: "routine",
  schema: "schema",
  type: "type",
  domain: "type",
  database: "database",
});

export const placeOf = (known: Known, kind: AclKind, name: RelationName, takes = ""): Place => {
  const own = kind === "schema" || kind === "database" || kind === "role" ? name.name : keyOf(known, name);
  return { kind, key: `${LETTERS[kind]}\0${own}${kind === "routine" ? `\0(${takes})` : ""}` };
};

/** In the place of a name: all of a kind in a schema, those that no file made among them. */
const allIn = (kind: AclKind, schema: string): Place => ({ kind, key: `${LETTERS[kind]}\0${schema}\0\0` });

const WHOLE: Readonly<Record<string, AclKind>> = Object.freeze({
  tables: "table",
  sequences: "sequence",
  functions: "routine",
  procedures: "routine",
  routines: "routine",
});

/** `ALL TABLES IN SCHEMA a, b`; null for anything else. */
export function wholeSchemas(on: string): readonly Place[] | null {
  const word = /^\s*ALL\s+(\w+)\s+IN\s+SCHEMA\s/i.exec(on)?.[1]?.toLowerCase() ?? "";
  const kind = WHOLE[word];
  return kind === undefined
    ? null
    : schemasNamed(on.replace(/^\s*ALL\s+\w+/i, "ALL TABLES")).map((schema) => allIn(kind, schema));
}

/** What is noted of a place; what it was before code ran that nobody can read is only what it may have. */
export function aclAt({ acls }: Known, key: string): Acl | null {
  const noted = get(acls.noted, key);
  if (noted === undefined) return null;
  return noted.age === acls.age ? noted : { made: false, held: noted.held, taken: [] };
}

/** Of what files have neither made nor given rights on. */
export const UNTOLD: Acl = Object.freeze({ made: false, held: [], taken: [] });

/** A name without a schema is that of the first schema of the path in which something of it is noted. */
function foundPlace(known: Known, kind: AclKind, name: RelationName, takes?: string): Place {
  const names = name.schema === null ? [name, ...known.otherSchemas.map((schema) => ({ ...name, schema }))] : [name];
  const all = names.map((one) => placeOf(known, kind, one, takes));
  return all.find(({ key }) => get(known.acls.noted, key) !== undefined) ?? placeOf(known, kind, name, takes);
}

/** What a GRANT or REVOKE is about; null where that is not told. */
function placeOfTarget(known: Known, { object, name, takes }: PrivilegeTarget, on: string): Place | null {
  const kind = KINDS[object];
  if (kind === undefined) return null;
  if (kind === "routine") {
    const [only, another] = get(known.routines, keyOf(known, name)) ?? [];
    const taken = takes ?? (another === undefined ? only?.takes : undefined);
    return taken === undefined ? null : foundPlace(known, kind, name, taken.join());
  }
  if (kind !== "table") return foundPlace(known, kind, name);
  const sequence = foundPlace(known, "sequence", name);
  const isSequence = /^\s*sequence\s/i.test(on) || get(known.acls.noted, sequence.key) !== undefined;
  return isSequence ? sequence : foundPlace(known, kind, name);
}

export function placesOf(known: Known, { on, privileges, targets = [] }: Privileges): readonly (Place | null)[] {
  if (on !== null) return targets.map((target) => placeOfTarget(known, target, on));
  return privileges.map((name) => placeOf(known, "role", { schema: null, name }));
}

/** What is noted of one place, and of what stands behind it: of all of a schema, each. */
export const keysIn = (known: Known, { key }: Place): readonly string[] =>
  keysOf(known.acls.noted).filter((one) => one.startsWith(key.slice(0, -1)));

/**
 * What a REVOKE takes, as files tell; null where they tell of no rights (MySQL, MariaDB).
 *
 * @see Taken
 */
export function takenByRevoke(known: Known, revoke: Privileges): Taken | null {
  if (known.dialect !== undefined) return null;
  const isOwn = (role: string) => get(known.acls.roles, role) === true;
  const schemas = revoke.on === null ? null : wholeSchemas(revoke.on);
  const places = schemas?.flatMap((all) => [all, ...keysIn(known, all).map((key) => ({ kind: all.kind, key }))]);
  const parts = (places ?? placesOf(known, revoke)).map((place) => {
    const rights = place === null ? null : rightsNamed(revoke, place.kind);
    if (place === null || rights === null) return { held: [], unknown: [`ALL ${revoke.grantees ?? ""}`] };
    const acl = aclAt(known, place.key);
    // Who is made a member of a role that files made is told by them.
    const made = place.kind === "role" && isOwn(place.key.slice(2)) ? { ...(acl ?? UNTOLD), made: true } : acl;
    return takenFrom(made, rights, place.kind === "role" ? () => true : isOwn);
  });
  return { held: parts.flatMap(({ held }) => held), unknown: parts.flatMap(({ unknown }) => unknown) };
}
