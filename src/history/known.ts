import { GIVEN_TO_ALL } from "../engines/acl.js";
import type { KnownTrigger } from "../engines/known-trigger.js";
import type { KnownView } from "../engines/known-view.js";
import type { StoredCode } from "../engines/stored-code.js";
import { type Lookups, noteLookups } from "../engines/table-lookup.js";
import type { Catalog, Constraint, OwnedObject, StoredObject, Table, UserType } from "../model/catalog.js";
import type { RoutineShape } from "../model/detail/object.js";
import type { RelationName } from "../model/name.js";
import { type KnownAcls, noAcls, takenByRevoke } from "./acl-places.js";
import { type DefaultRight, defaultRights } from "./default-rights.js";
import type { Growing } from "./growing.js";
import { keyOf } from "./key-of.js";
import {
  allTables,
  found,
  noteTarget,
  ownerOf,
  ownerOfConstraint,
  putTable,
  putType,
  tableIn,
  targetsOf,
  typeIn,
} from "./known-tables.js";
import { emptyMap, get, type PersistentMap, valuesOf } from "./persistent-map.js";
import { type KnownPublication, partsPublished, publishedOf } from "./publications.js";
import { CLASSES, hasRoutine, lacksRoutine, routineName, UNTOLD } from "./routine-names.js";
import { triggersElsewhere } from "./triggers-elsewhere.js";
import { isRoutineNew, unreadRuns, unreadRunsBehind } from "./unread-behind.js";
import type { UnreadRun } from "./unread-runs.js";

/** A table with its place in the list. */
export interface Listed {
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
  /** By the publication's name (PostgreSQL). */
  readonly publications: PersistentMap<KnownPublication>;
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
  parts: partsPublished,
  published: publishedOf,
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
      tables ??= allTables(known);
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
      tables ??= allTables(known);
      return tables;
    },
    get types() {
      types ??= Object.freeze(valuesOf(known.types));
      return types;
    },
  };
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
  publications: emptyMap<KnownPublication>(),
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
