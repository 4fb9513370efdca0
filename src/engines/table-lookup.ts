import type { Catalog, Constraint, Table, UserType } from "../model/catalog.js";
import type { ObjectType, Privileges, RoutineShape } from "../model/detail/object.js";
import type { Publication, PublishedPart } from "../model/detail/publication.js";
import type { RelationName } from "../model/name.js";
import type { Taken } from "./acl.js";
import type { KnownTrigger } from "./known-trigger.js";
import type { KnownView } from "./known-view.js";
import type { StoredCode } from "./stored-code.js";

/** A part of a table that a publication takes. */
export interface PartOfTable extends Omit<PublishedPart, "relation"> {
  /** The publication's name. */
  readonly name: string;
  /** Which changes of its rows: `update`. */
  readonly publish: readonly string[];
}

/** How what a catalog of a history holds is found without going through its lists. The answers must agree with them. */
export interface Lookups<S> {
  table(from: S, relation: RelationName): Table | null;
  type(from: S, relation: RelationName): UserType | null;
  /** Whether all functions of a name are known, and IMMUTABLE or STABLE. */
  isSteady(from: S, name: RelationName): boolean;
  /** What the files have added to a table that is not listed. */
  constraints(from: S, relation: RelationName): readonly Constraint[];
  /** The view of a name; null where no file made it. */
  view(from: S, view: RelationName): KnownView | null;
  /** Whether files have made a sequence that no column owns. */
  hasSequence(from: S, name: RelationName): boolean;
  /** What a publication takes; null where no file made it. */
  publication(from: S, name: string): Publication | null;
  /** The publications that take a part of a table, with it. */
  parts(from: S, relation: RelationName): readonly PartOfTable[];
  /** Which changes of a table's rows the publications take that files made. */
  published(from: S, relation: RelationName): readonly string[];
  /** The routines of a name; null where no file made one, or one of them cannot be told. */
  routines(from: S, name: RelationName): readonly RoutineShape[] | null;
  /** The code that files have stored. */
  code(from: S): readonly StoredCode[];
  /** The views that files have made. */
  views(from: S): readonly KnownView[];
  /** The triggers that files have made on tables which none of them makes, and on views (PostgreSQL). */
  triggersElsewhere(from: S): readonly KnownTrigger[];
  /** What a table or view of this name has as soon as it is made: `SELECT app`. */
  defaultRights(from: S, name: RelationName): readonly string[];
  /** Who has been made a member of whom: `admin app` behind `GRANT admin TO app`. */
  members(from: S): readonly string[];
  /** Which of the rights that a REVOKE takes are held, as files tell; null where they tell of none (MySQL, MariaDB). */
  takenBy(from: S, revoke: Privileges): Taken | null;
  /** The table that an index is of. */
  owner(from: S, index: RelationName): Table | null;
  /** The table that has a foreign key or CHECK of a name (MySQL, MariaDB). */
  constraintOwner(from: S, kind: Constraint["kind"], constraint: RelationName): Table | null;
  /** Whether files have made a routine of a name, which may be there still. */
  hasRoutine(from: S, object: ObjectType, name: RelationName): boolean;
  /** Whether files have dropped a table, with its indexes, or given it another name, and nothing has this one since. */
  isGone(from: S, relation: RelationName): boolean;
  /** Whether a routine runs with the rights of its callers (MySQL, MariaDB); null where no file made it. */
  isInvokers(from: S, object: ObjectType, name: RelationName): boolean | null;
  /** Whether files make an account, or have named it as if it were there (MySQL, MariaDB). */
  hasAccount(from: S, account: string): boolean;
  /** Whether files tell of all routines, and make none of a name, in whatever schema. */
  lacksRoutine(from: S, name: RelationName): boolean;
  /** Whether files have named all tables, and none of a name, in whatever schema. */
  isNowhere(from: S, name: string): boolean;
  /** Whether files have given a name to a table or the like, or changed or written to one by it, in whatever schema. */
  isNamed(from: S, name: string): boolean;
  /** Whether files have made default operator classes or casts, or an extension that may bring some (PostgreSQL). */
  isExtended(from: S): boolean;
  /** Whether something was done that nothing is known of. */
  forgot(from: S): boolean;
  /** What ran when a table was there, and may have changed it, though no file tells. */
  unreadRuns(from: S, relation: RelationName): readonly string[];
  /** The same of the routines of a name (PostgreSQL). */
  unreadRunsBehind(from: S, object: ObjectType, name: RelationName): readonly string[];
  /** Whether files have made all routines of a name for the first time, and nothing has run since that none tells of (PostgreSQL). */
  isRoutineNew(from: S, routine: RelationName): boolean;
  /** Whether no table is known. */
  isEmpty(from: S): boolean;
  /** The tables that one points at, or is a partition of. */
  targets(from: S, relation: RelationName): readonly Table[];
}

interface Noted {
  readonly from: unknown;
  readonly lookups: Lookups<unknown>;
}

/** One entry for each catalog: a history has one for each of its statements. */
const notes = new WeakMap<Catalog, Noted>();

/** Says how a catalog's things are found. @param from what the lookups look into */
export function noteLookups<S>(catalog: Catalog, from: S, lookups: Lookups<S>): void {
  notes.set(catalog, { from, lookups: lookups as Lookups<unknown> });
}

/** The table, or null when it is not listed; undefined when the catalog has nothing but its list. */
export function lookUp(catalog: Catalog, relation: RelationName): Table | null | undefined {
  const noted = notes.get(catalog);
  return noted?.lookups.table(noted.from, relation);
}

/** What is known of the constraints of a table that is not listed. */
export function addedConstraints(catalog: Catalog, relation: RelationName): readonly Constraint[] {
  const noted = notes.get(catalog);
  return noted?.lookups.constraints(noted.from, relation) ?? [];
}

/** Whether all functions of a name are known, and IMMUTABLE or STABLE. */
export function isSteadyFunction(catalog: Catalog, name: RelationName): boolean {
  const noted = notes.get(catalog);
  return noted?.lookups.isSteady(noted.from, name) ?? false;
}

/** The type, or null when it is not listed; undefined when the catalog has nothing but its list. */
export function lookUpType(catalog: Catalog, relation: RelationName): UserType | null | undefined {
  const noted = notes.get(catalog);
  return noted?.lookups.type(noted.from, relation);
}

/** The table that an index is of, where an index is named without it (PostgreSQL); null when it is not listed. */
export function tableOfIndex(catalog: Catalog, index: RelationName): Table | null {
  const noted = notes.get(catalog);
  if (noted !== undefined) return noted.lookups.owner(noted.from, index);
  if (catalog.dialect !== undefined) return null;
  const schema = index.schema ?? catalog.defaultSchema;
  const inSchema = catalog.tables.filter((t) => (t.relation.schema ?? catalog.defaultSchema) === schema);
  return inSchema.find((t) => t.indexes.some((i) => i.name === index.name)) ?? null;
}

/** The table that has a foreign key or CHECK of a name, whatever its case (MySQL, MariaDB); null where no file says so. */
export function tableOfConstraint(catalog: Catalog, kind: Constraint["kind"], name: RelationName): Table | null {
  const noted = notes.get(catalog);
  return noted?.lookups.constraintOwner(noted.from, kind, name) ?? null;
}

/** The tables that a table's foreign keys point at, as far as they are listed; itself may be among them. */
export function tablesPointedAt(
  catalog: Catalog,
  relation: RelationName,
  isSame: (a: RelationName, b: RelationName) => boolean,
): readonly Table[] {
  const noted = notes.get(catalog);
  const near = noted?.lookups.targets(noted.from, relation) ?? catalog.tables;
  return near.filter((t) => t.referencedBy.some((r) => isSame(r.relation, relation)));
}

/** A view that files made; null where none did. */
export function knownView(catalog: Catalog, view: RelationName): KnownView | null {
  const noted = notes.get(catalog);
  return noted?.lookups.view(noted.from, view) ?? null;
}

/** What a table or view of this name has as soon as it is made, by ALTER DEFAULT PRIVILEGES: `SELECT app` (PostgreSQL). */
export function rightsFromBeginning(catalog: Catalog, name: RelationName): readonly string[] {
  const noted = notes.get(catalog);
  return noted?.lookups.defaultRights(noted.from, name) ?? [];
}

/** Whether files have made tables: what they say IF NOT EXISTS of then, and have not made, is nowhere. */
export function hasHistory(catalog: Catalog): boolean {
  const noted = notes.get(catalog);
  return noted === undefined ? catalog.tables.length > 0 : !noted.lookups.isEmpty(noted.from);
}

/** The roles that files have made members of a role, which have its rights (PostgreSQL). */
export function membersOf(catalog: Catalog, role: string): readonly string[] {
  const noted = notes.get(catalog);
  const all = noted?.lookups.members(noted.from) ?? [];
  return all.filter((one) => one.startsWith(`${role} `)).map((one) => one.slice(role.length + 1));
}

/** Which of the rights that a REVOKE takes are held, as files tell (PostgreSQL); null where there are no files that do. */
export function takenRights(catalog: Catalog, revoke: Privileges): Taken | null {
  const noted = notes.get(catalog);
  return noted?.lookups.takenBy(noted.from, revoke) ?? null;
}

/** What a publication takes that files made (PostgreSQL); null where none did. */
export function knownPublication(catalog: Catalog, name: string): Publication | null {
  const noted = notes.get(catalog);
  return noted?.lookups.publication(noted.from, name) ?? null;
}

/** The parts of a table that publications take, which files made (PostgreSQL): some of its rows, or of its columns. */
export function publishedParts(catalog: Catalog, relation: RelationName): readonly PartOfTable[] {
  const noted = notes.get(catalog);
  return noted?.lookups.parts(noted.from, relation) ?? [];
}

/** Which changes of a table's rows the publications take that files made (PostgreSQL): `insert`, `update`; nothing where none do. */
export function publishedChanges(catalog: Catalog, relation: RelationName): readonly string[] {
  const noted = notes.get(catalog);
  return noted?.lookups.published(noted.from, relation) ?? [];
}

/** The routines of a name that files made (PostgreSQL); null where none did, or one of them cannot be told. */
export function knownRoutines(catalog: Catalog, name: RelationName): readonly RoutineShape[] | null {
  const noted = notes.get(catalog);
  return noted?.lookups.routines(noted.from, name) ?? null;
}

/** Whether files have made no routine of a name, or dropped it; by the catalog alone that is not known, and false. */
export function isUnknownRoutine(catalog: Catalog, object: ObjectType, name: RelationName): boolean {
  return (knownRoutines(catalog, name) ?? []).length === 0 && !mayHaveRoutine(catalog, object, name);
}

/** The code of routines, triggers and events that files have made; nothing where a body was not read. */
export function storedCode(catalog: Catalog): readonly StoredCode[] {
  const noted = notes.get(catalog);
  return noted?.lookups.code(noted.from) ?? [];
}

/** The views that files have made. */
export function knownViews(catalog: Catalog): readonly KnownView[] {
  const noted = notes.get(catalog);
  return noted?.lookups.views(noted.from) ?? [];
}

/** Whether files have made a routine of a name that may be there still; by the catalog alone it may. */
export function mayHaveRoutine(catalog: Catalog, object: ObjectType, name: RelationName): boolean {
  const noted = notes.get(catalog);
  return noted?.lookups.hasRoutine(noted.from, object, name) ?? true;
}

/** Whether files have made a routine, or an event that lasts, of a name (MySQL, MariaDB), and not dropped it. */
export function isMadeRoutine(catalog: Catalog, object: ObjectType, name: RelationName): boolean {
  const noted = notes.get(catalog);
  return catalog.dialect !== undefined && noted?.lookups.hasRoutine(noted.from, object, name) === true;
}

/** Whether files have dropped a table, or given it another name, and made nothing of this one since. */
export function isGoneTable(catalog: Catalog, relation: RelationName): boolean {
  const noted = notes.get(catalog);
  return noted?.lookups.isGone(noted.from, relation) === true;
}

/** Whether a routine that files made runs with the rights of its callers (MySQL, MariaDB); null where none did. */
export function isInvokersRoutine(catalog: Catalog, object: ObjectType, name: RelationName): boolean | null {
  const noted = notes.get(catalog);
  return noted?.lookups.isInvokers(noted.from, object, name) ?? null;
}

/** Whether files make an account, or have named it as if it were there (MySQL, MariaDB). @param account by `accountOf` */
export function isKnownAccount(catalog: Catalog, account: string): boolean {
  const noted = notes.get(catalog);
  return noted?.lookups.hasAccount(noted.from, account) ?? false;
}

/** Whether files tell of all routines, and make none of a name, in whatever schema, nor anything that may have brought one. */
export function lacksRoutine(catalog: Catalog, name: RelationName): boolean {
  const noted = notes.get(catalog);
  return isWhole(catalog) && noted?.lookups.lacksRoutine(noted.from, name) === true;
}

/**
 * Whether the files tell what there is: they have made tables, and done nothing that could have made what they do not
 * show. What they have not made then is nowhere.
 */
export function isWhole(catalog: Catalog): boolean {
  const noted = notes.get(catalog);
  return hasHistory(catalog) && noted?.lookups.forgot(noted.from) !== true;
}

/** What ran when a table was there that files tell of, and may have changed it, in words: `my_migration()`; nothing for another table. */
export function unreadRunsOn(catalog: Catalog, relation: RelationName): readonly string[] {
  const noted = notes.get(catalog);
  return noted?.lookups.unreadRuns(noted.from, relation) ?? [];
}

/** What ran when files had made the routines, the type, view or sequence of a name, and may have changed it; nothing for any other. */
export function unreadRunsBehind(catalog: Catalog, object: ObjectType, name: RelationName): readonly string[] {
  const noted = notes.get(catalog);
  return noted?.lookups.unreadRunsBehind(noted.from, object, name) ?? [];
}

/**
 * Whether what hangs on the routines of a name was made by files: these have made all of them for the first time, and nothing has run
 * since that none tells of (PostgreSQL).
 */
export function isRoutineNew(catalog: Catalog, routine: RelationName): boolean {
  const noted = notes.get(catalog);
  return noted?.lookups.isRoutineNew(noted.from, routine) === true;
}

/** The triggers that files have made on tables which none of them makes, and on views (PostgreSQL). */
export function triggersElsewhere(catalog: Catalog): readonly KnownTrigger[] {
  const noted = notes.get(catalog);
  return noted?.lookups.triggersElsewhere(noted.from) ?? [];
}

/** Whether all that was done to a table that is known stands in files: they made it, and nothing ran that none of them tells of. */
export function isToldByFiles(catalog: Catalog, relation: RelationName): boolean {
  return catalog.source === "files" && unreadRunsOn(catalog, relation).length === 0;
}

/** Whether files have made a sequence, which no column owns, and which is there still (PostgreSQL). */
export function hasSequence(catalog: Catalog, name: RelationName): boolean {
  const noted = notes.get(catalog);
  return noted?.lookups.hasSequence(noted.from, name) === true;
}

/** Whether the files tell what there is, and have named no table or the like of a name, in whatever schema. */
export function isNowhere(catalog: Catalog, name: string): boolean {
  const noted = notes.get(catalog);
  return isWhole(catalog) && noted?.lookups.isNowhere(noted.from, name) === true;
}

/**
 * Whether nothing in front tells what there is: files have made no table, nor done anything of which nothing is known. It may be
 * the beginning of a history, or its base may be elsewhere.
 */
export function isBeginning(catalog: Catalog): boolean {
  const noted = notes.get(catalog);
  return noted !== undefined && !hasHistory(catalog) && !noted.lookups.forgot(noted.from);
}

/** Whether files have given a name to a table or the like, or changed or written to one by it, in whatever schema. */
export function isNamed(catalog: Catalog, name: string): boolean {
  const noted = notes.get(catalog);
  return noted?.lookups.isNamed(noted.from, name) === true;
}

/** Whether nothing but PostgreSQL itself has brought default operator classes, or casts, for its types, as far as files tell. */
export function hasOwnClasses(catalog: Catalog): boolean {
  const noted = notes.get(catalog);
  return isWhole(catalog) && noted?.lookups.isExtended(noted.from) !== true;
}
