import { GIVEN_TO_ALL } from "../engines/acl.js";
import type { KnownTrigger } from "../engines/known-trigger.js";
import type { KnownView } from "../engines/known-view.js";
import type { StoredCode } from "../engines/stored-code.js";
import { type Lookups, noteLookups } from "../engines/table-lookup.js";
import type { Catalog, Constraint, OwnedObject, StoredObject, Table, UserType } from "../model/catalog.js";
import type { ObjectType, RoutineShape } from "../model/detail/object.js";
import type { RelationName } from "../model/name.js";
import { type KnownAcls, noAcls, takenByRevoke } from "./acl-places.js";
import { type DefaultRight, defaultRights } from "./default-rights.js";
import type { Growing } from "./growing.js";
import { keyOf } from "./key-of.js";
import { emptyMap, get, type PersistentMap, set, valuesOf, without } from "./persistent-map.js";
import { placeOf } from "./places.js";
import { triggersElsewhere } from "./triggers-elsewhere.js";
import type { UnreadRun } from "./unread-runs.js";

export { keyOf };

/** A table with its place in the list. */
interface Listed {
  readonly order: number;
  readonly table: Table;
}

/** A state that ROLLBACK goes back to. */
export interface Savepoint {
  /** Null for the beginning of the transaction. */
  readonly name: string | null;
  readonly catalog: Catalog;
}

/** What a replayed catalog knows besides what it shows. */
export interface Known {
  readonly source: Catalog["source"];
  readonly complete: boolean;
  readonly defaultSchema: string | null;
  readonly dialect?: "mysql" | "mariadb";
  readonly lowerCaseNames?: boolean;
  readonly columnGrantsHidden?: boolean;
  readonly sqlModes?: readonly string[];
  readonly objects?: readonly StoredObject[];
  readonly owned?: readonly OwnedObject[];
  readonly tables: PersistentMap<Listed>;
  readonly nextOrder: number;
  /** By the name of an index (PostgreSQL), or of a foreign key, a CHECK or a trigger (MySQL, MariaDB): the key of its table. */
  readonly owners: PersistentMap<string>;
  /** By a table's key: the keys of the tables that it points at or is a partition of, gone ones among them. */
  readonly targets: PersistentMap<readonly string[]>;
  readonly views: PersistentMap<KnownView>;
  /** By the key of its table or view: the triggers that files have made where no file makes the table, or it is a view (PostgreSQL). */
  readonly triggersElsewhere: PersistentMap<readonly KnownTrigger[]>;
  /** What ALTER DEFAULT PRIVILEGES gives on tables and views that are made from here on (PostgreSQL). */
  readonly defaultRights: readonly DefaultRight[];
  /** Who has been made a member of whom (PostgreSQL): `admin app` behind `GRANT admin TO app`. */
  readonly members: readonly string[];
  readonly acls: KnownAcls;
  readonly types: PersistentMap<UserType>;
  /** Sequences that files have made, and that no column owns (PostgreSQL), by their keys. */
  readonly sequences: PersistentMap<true>;
  /** By the publication's name, which changes of rows it takes (PostgreSQL): `insert`, `update`. */
  readonly publications: PersistentMap<readonly string[]>;
  /** By the name's key: all routines that have it, as far as they are known. */
  readonly routines: PersistentMap<readonly RoutineShape[]>;
  /** By `placeOf` a name: where files have last made, or named, something that is no table, in the order of tables. */
  readonly places: PersistentMap<number>;
  /** By the name's key: the code that files have stored under it. */
  readonly bodies: PersistentMap<readonly StoredCode[]>;
  /** Names of routines and events that files have made, or changed, by `routineName` and `bareName`; and whether there were some at all. */
  readonly routineNames: PersistentMap<true>;
  /** By the name's key, of routines that files have made: whether they run with the rights of their callers (MySQL, MariaDB). */
  readonly invokers: PersistentMap<boolean>;
  /** Accounts that files make, or name as if they were there, by `accountOf` (MySQL, MariaDB). */
  readonly accounts: PersistentMap<true>;
  /** Present, and true, once something was done that nothing is known of: what no file made may be there all the same. */
  readonly forgot?: true;
  /** What ran, and whose doing no file tells. */
  readonly unreadRuns: PersistentMap<UnreadRun>;
  /** By the function's key: whether all of that name are IMMUTABLE or STABLE. */
  readonly steady: PersistentMap<boolean>;
  /** CHECKs and foreign keys that were added to tables that are not known, by the table's key. */
  readonly unseen: PersistentMap<readonly Constraint[]>;
  /** Tables that files have dropped, or given another name, by their keys: nothing has their names since. */
  readonly gone: PersistentMap<true>;
  /** Names that files have given to tables and the like, or changed one by, whatever its schema; and whether that is all of them. */
  readonly named: PersistentMap<true>;
  /** Names of temporary tables: they hide others of the name, and nothing is known of them. */
  readonly temporary: PersistentMap<true>;
  /** The default schema before the first change of it; names without a schema are qualified behind one. */
  readonly firstDefault: { readonly schema: string | null } | null;
  /** The schemas behind the first one in which a name without a schema is looked for (PostgreSQL). */
  readonly otherSchemas: readonly string[];
  /** The schemas with which later sessions begin behind ALTER DATABASE ... SET search_path (PostgreSQL), and the default schema without that. */
  readonly laterPath?: { readonly schemas: readonly string[] | null; readonly first: string | null };
  /** What `SET LOCAL search_path` goes back to. */
  readonly afterTransaction: { readonly schema: string | null; readonly others: readonly string[] } | null;
  readonly savepoints: readonly Savepoint[];
  /** Present while catalogs that come before are not looked at again. */
  readonly growing?: Growing;
}

const states = new WeakMap<Catalog, Known>();

/** What is known of a catalog: noted when the replay made it, else read from its lists once. */
export function knownOf(catalog: Catalog): Known {
  const noted = states.get(catalog);
  if (noted !== undefined) return noted;
  const known = listed(catalog);
  states.set(catalog, known);
  noteLookups(catalog, known, LOOKUPS);
  return known;
}

/** The catalog that shows what is known. Its lists are made when they are asked for. */
export function catalogOf(known: Known): Catalog {
  const catalog = Object.freeze(known.types.size === 0 ? withoutTypes(known) : withTypes(known));
  states.set(catalog, known);
  noteLookups(catalog, known, LOOKUPS);
  return catalog;
}

const LOOKUPS: Lookups<Known> = Object.freeze({
  table: (known: Known, relation: RelationName) => tableIn(known, found(known, relation)),
  type: typeIn,
  isSteady: (known: Known, name: RelationName) => get(known.steady, keyOf(known, name)) === true,
  constraints: (known: Known, relation: RelationName) => get(known.unseen, keyOf(known, relation)) ?? [],
  view: (known: Known, view: RelationName) => get(known.views, keyOf(known, view)) ?? null,
  defaultRights,
  members: (known: Known) => known.members,
  takenBy: takenByRevoke,
  hasSequence: (known: Known, name: RelationName) => get(known.sequences, keyOf(known, name)) === true,
  publication: (known: Known, name: string) => get(known.publications, name) ?? null,
  routines: (known: Known, name: RelationName) => get(known.routines, keyOf(known, name)) ?? null,
  code: (known: Known) => valuesOf(known.bodies).flat(),
  views: (known: Known) => valuesOf(known.views),
  triggersElsewhere,
  isGone: (known: Known, relation: RelationName) =>
    get(known.temporary, relation.name) !== true &&
    // Behind a change of search_path a name without a schema may be in any of several.
    (relation.schema !== null || known.firstDefault === null) &&
    get(known.gone, keyOf(known, relation)) === true &&
    // An index without a name of its own may have been given this one.
    ownerOf(known, relation) === null,
  hasRoutine,
  isInvokers: (known: Known, object: string, name: RelationName) =>
    get(known.invokers, routineName(known, object, name)) ?? null,
  lacksRoutine,
  hasAccount: (known: Known, account: string) => get(known.accounts, account) === true,
  isNowhere: (known: Known, name: string) =>
    known.source === "files" && get(known.named, UNTOLD) !== true && get(known.named, name) !== true,
  isNamed: (known: Known, name: string) => get(known.named, name) === true,
  isExtended: (known: Known) => get(known.routineNames, CLASSES) === true,
  forgot: (known: Known) => known.forgot === true,
  unreadRuns,
  unreadRunsBehind,
  isRoutineNew,
  isEmpty: (known: Known) => known.tables.size === 0,
  owner: ownerOf,
  constraintOwner: ownerOfConstraint,
  targets: targetsOf,
});

/** Where all routines of a name are known, and none of them is left, there is none. */
export function hasRoutine(known: Known, object: string, name: RelationName): boolean {
  if (get(known.routines, keyOf(known, name))?.length === 0) return false;
  return get(known.routineNames, routineName(known, object, name)) === true;
}

/** What ran when a table was there, and may have changed it. */
function unreadRuns(known: Known, relation: RelationName): readonly string[] {
  const key = keyOf(known, relation);
  const listed = known.unreadRuns.size === 0 ? undefined : get(known.tables, key);
  if (listed === undefined) return [];
  return unreadBehind(known, listed.order, key);
}

/** What ran when something that is no table was there, and may have changed it. */
function unreadRunsBehind(known: Known, object: ObjectType, name: RelationName): readonly string[] {
  const place = known.unreadRuns.size === 0 ? null : placeOf(known, object, name);
  const order = place === null ? undefined : get(known.places, place);
  return order === undefined ? [] : unreadBehind(known, order, null);
}

/** What hangs on routines that files have made for the first time came behind that, and nothing has run since that no file tells of (PostgreSQL). */
function isRoutineNew(known: Known, routine: RelationName): boolean {
  const all = get(known.routines, keyOf(known, routine)) ?? [];
  const isNew = ({ newAt }: RoutineShape) => newAt !== undefined && unreadBehind(known, newAt, null).length === 0;
  return all.length > 0 && all.every(isNew);
}

function unreadBehind(known: Known, order: number, key: string | null): readonly string[] {
  const runs = valuesOf(known.unreadRuns).filter(
    ({ before, table }) => order < before && (table === null || table === key),
  );
  return [...new Set(runs.toSorted((a, b) => a.before - b.before).map(({ what }) => what))];
}

/** Of routines' names: some file made one; something made others whose names no file says, or a trigger calls one that none made. */
export const SOME = "\0some";
export const BROUGHT = "\0brought";
/** Of an extension that may bring default operator classes for other types than its own, and of what is a class or a cast itself. */
export const CLASSES = "\0classes";

/** Of tables' names: something may have made some that its text does not name. */
export const UNTOLD = "\0untold";

/** By a name in whatever schema: which one a search path finds is not told by files. */
export const bareName = ({ name }: RelationName): string => `\0bare\0${name}`;

/** Files have made none of the name, in no schema, and tell of all that there is. */
function lacksRoutine(known: Known, name: RelationName): boolean {
  const has = (key: string) => get(known.routineNames, key) === true;
  // Files that make none at all tell of all there is where they name all tables.
  const isTold = has(SOME) || get(known.named, UNTOLD) !== true;
  return known.forgot !== true && isTold && !has(BROUGHT) && !has(bareName(name));
}

/** The key of a routine's or event's name: each kind has its own on MySQL and MariaDB, which do not tell them apart by case. */
export function routineName(
  known: Pick<Known, "dialect" | "defaultSchema">,
  object: string,
  name: RelationName,
): string {
  if (known.dialect === undefined) return `\0${keyOf(known, name)}`;
  return `${object}\0${keyOf(known, { schema: name.schema, name: name.name.toLowerCase() })}`;
}

/** What the replay takes from the catalog that it begins with. */
function givenOf(from: Known | Catalog) {
  const { source, complete, defaultSchema, dialect, lowerCaseNames, columnGrantsHidden, sqlModes } = from;
  const { objects, owned } = from;
  return {
    source,
    complete,
    defaultSchema,
    ...(dialect === undefined ? {} : { dialect }),
    ...(lowerCaseNames === true ? { lowerCaseNames } : {}),
    ...(columnGrantsHidden === true ? { columnGrantsHidden } : {}),
    ...(sqlModes === undefined ? {} : { sqlModes }),
    ...(objects === undefined ? {} : { objects }),
    ...(owned === undefined ? {} : { owned }),
  };
}

function withoutTypes(known: Known): Catalog {
  let tables: readonly Table[] | null = null;
  return {
    ...givenOf(known),
    get tables() {
      tables ??= tablesOf(known);
      return tables;
    },
  };
}

function withTypes(known: Known): Catalog {
  let tables: readonly Table[] | null = null;
  let types: readonly UserType[] | null = null;
  return {
    ...givenOf(known),
    get tables() {
      tables ??= tablesOf(known);
      return tables;
    },
    get types() {
      types ??= Object.freeze(valuesOf(known.types));
      return types;
    },
  };
}

function tablesOf(known: Known): readonly Table[] {
  const all = valuesOf(known.tables).toSorted((a, b) => a.order - b.order);
  return Object.freeze(all.map((l) => l.table));
}

const NOTHING: Omit<Known, "source" | "complete" | "defaultSchema"> = Object.freeze({
  tables: emptyMap<Listed>(),
  nextOrder: 0,
  owners: emptyMap<string>(),
  targets: emptyMap<readonly string[]>(),
  views: emptyMap<KnownView>(),
  triggersElsewhere: emptyMap<readonly KnownTrigger[]>(),
  defaultRights: Object.freeze([]),
  members: Object.freeze([]),
  acls: noAcls(GIVEN_TO_ALL),
  types: emptyMap<UserType>(),
  sequences: emptyMap<true>(),
  publications: emptyMap<readonly string[]>(),
  routines: emptyMap<readonly RoutineShape[]>(),
  places: emptyMap<number>(),
  bodies: emptyMap<readonly StoredCode[]>(),
  routineNames: emptyMap<true>(),
  invokers: emptyMap<boolean>(),
  accounts: emptyMap<true>(),
  unreadRuns: emptyMap<UnreadRun>(),
  steady: emptyMap<boolean>(),
  unseen: emptyMap<readonly Constraint[]>(),
  gone: emptyMap<true>(),
  named: emptyMap<true>(),
  temporary: emptyMap<true>(),
  firstDefault: null,
  otherSchemas: Object.freeze([]),
  afterTransaction: null,
  savepoints: Object.freeze([]),
});

/** Nothing is certain any more; what a transaction goes back to still is. */
export function nothingKnown(known: Known): Known {
  const { temporary, firstDefault, otherSchemas, afterTransaction, savepoints, growing } = known;
  const own = growing === undefined ? {} : { growing };
  const session = { temporary, firstDefault, otherSchemas, afterTransaction, savepoints, ...own };
  return { ...NOTHING, ...givenOf(known), complete: false, forgot: true, ...session };
}

function listed(catalog: Catalog): Known {
  const start: Known = { ...NOTHING, ...givenOf(catalog) };
  const withTables = catalog.tables.reduce(putTable, start);
  const noted = catalog.tables.reduce(
    (known, table) => table.referencedBy.reduce((k, r) => noteTarget(k, r.relation, table.relation), known),
    withTables,
  );
  return (catalog.types ?? []).reduce(putType, noted);
}

/** An index's key: it is in the schema of its table. */
function indexKey(known: Known, relation: RelationName, name: string): string {
  return keyOf(known, { schema: relation.schema, name });
}

/** The table, or null when it is not known. */
export function tableIn(known: Known, relation: RelationName): Table | null {
  return get(known.tables, keyOf(known, relation))?.table ?? null;
}

/**
 * A name without a schema, of something that is there, with the first schema of the path that has it. Where something was done of
 * which nothing is known, any of them may have it.
 */
export function found(known: Known, relation: RelationName): RelationName {
  if (known.otherSchemas.length === 0 || relation.schema !== null || known.forgot === true) return relation;
  if (get(known.temporary, relation.name) === true) return relation;
  const all = [known.defaultSchema, ...known.otherSchemas].map((schema) => ({ schema, name: relation.name }));
  const isThere = (one: RelationName) =>
    tableIn(known, one) !== null || get(known.views, keyOf(known, one)) !== undefined;
  return all.find(isThere) ?? relation;
}

/** The table that an index is of, where an index is named without it (PostgreSQL); those of MySQL's and MariaDB's tables may share their names. */
export function ownerOf(known: Known, index: RelationName): Table | null {
  if (known.dialect !== undefined) return null;
  const owner = get(known.owners, keyOf(known, index));
  return owner === undefined ? null : (get(known.tables, owner)?.table ?? null);
}

/** Neither server tells such names apart by case. */
export const constraintKey = (known: Known, kind: Constraint["kind"], { schema, name }: RelationName): string =>
  `${kind}\0${keyOf(known, { schema, name: name.toLowerCase() })}`;

/** The table that has a foreign key or CHECK of a name (MySQL, MariaDB); null where none is known to have it. */
function ownerOfConstraint(known: Known, kind: Constraint["kind"], constraint: RelationName): Table | null {
  const owner = get(known.owners, constraintKey(known, kind, constraint));
  const name = constraint.name.toLowerCase();
  const isIt = (one: Constraint) => one.kind === kind && one.name.toLowerCase() === name;
  return tablesAt(known, owner === undefined ? [] : [owner]).find((table) => table.constraints.some(isIt)) ?? null;
}

/** The place of a table in the list. */
export const orderOf = (known: Known, relation: RelationName): number =>
  get(known.tables, keyOf(known, relation))?.order ?? known.nextOrder;

/** With a table as it is now; at its old place in the list when it was there, else at this one. */
export function putTable(known: Known, table: Table, place = known.nextOrder): Known {
  const key = keyOf(known, table.relation);
  const before = get(known.tables, key);
  const order = before?.order ?? place;
  const frozen = Object.freeze(table);
  return {
    ...known,
    tables: set(known.tables, key, { order, table: frozen }),
    nextOrder: Math.max(known.nextOrder, order + 1),
    owners: ownersAfter(known, before?.table ?? null, frozen),
  };
}

/** Without a table. Who points at whom is not touched. */
export function withoutTable(known: Known, relation: RelationName): Known {
  const before = tableIn(known, relation);
  if (before === null) return known;
  return {
    ...known,
    tables: without(known.tables, keyOf(known, relation)),
    owners: ownersAfter(known, before, null),
  };
}

/** Only of what changed: a table may get thousands of indexes, and lose them, one at a time. */
function ownersAfter(known: Known, before: Table | null, after: Table | null): Known["owners"] {
  const [old, now] = [before?.indexes ?? [], after?.indexes ?? []];
  if (old === now || known.dialect !== undefined) return known.owners;
  const { first, last } = sameEnds(old, now);
  const left = old
    .slice(first, old.length - last)
    .reduce((map, { name }) => without(map, indexKey(known, (before as Table).relation, name)), known.owners);
  return now.slice(first, now.length - last).reduce((map, { name }) => {
    const { relation } = after as Table;
    return set(map, indexKey(known, relation, name), keyOf(known, relation));
  }, left);
}

/** How many of two lists are the same at their beginnings, and at their ends. */
function sameEnds<T>(a: readonly T[], b: readonly T[]): { readonly first: number; readonly last: number } {
  const least = Math.min(a.length, b.length);
  let first = 0;
  while (first < least && a[first] === b[first]) first++;
  let last = 0;
  while (last < least - first && a[a.length - 1 - last] === b[b.length - 1 - last]) last++;
  return { first, last };
}

/** Notes that a foreign key of one table points at another, or that it is a partition of it. */
export function noteTarget(known: Known, from: RelationName, to: RelationName): Known {
  const key = keyOf(known, from);
  const noted = get(known.targets, key) ?? [];
  const target = keyOf(known, to);
  if (noted.includes(target)) return known;
  return { ...known, targets: set(known.targets, key, [...noted, target]) };
}

/** The tables that this one points at, and those that it is a partition of, as far as they are known. */
export function targetsOf(known: Known, relation: RelationName): Table[] {
  return tablesAt(known, get(known.targets, keyOf(known, relation)) ?? []);
}

/** The tables at some keys that are still there. */
export function tablesAt(known: Known, keys: readonly string[]): Table[] {
  return keys.flatMap((key) => get(known.tables, key)?.table ?? []);
}

/** With a type as it is now. */
export function putType(known: Known, type: UserType): Known {
  return { ...known, types: set(known.types, keyOf(known, type.relation), Object.freeze(type)) };
}

/** The type of a name, or null. */
export function typeIn(known: Known, relation: RelationName): UserType | null {
  return get(known.types, keyOf(known, relation)) ?? null;
}

/** Without a type. */
export function withoutType(known: Known, relation: RelationName): Known {
  return { ...known, types: without(known.types, keyOf(known, relation)) };
}

/** All tables, in their order. For what is rare: it takes as long as there are tables. */
export function allTables(known: Known): readonly Table[] {
  return tablesOf(known);
}
