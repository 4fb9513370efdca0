import type { Catalog, Constraint, Table, UserType } from "../model/catalog.js";
import type { RelationName } from "../model/name.js";

type Lookup = (relation: RelationName) => Table | null;

/** Where the tables of large catalogs are found without going through all of them. */
const lookups = new WeakMap<Catalog, Lookup>();

/** Says how a catalog's tables are found. The lookup must agree with the catalog's list. */
export function noteLookup(catalog: Catalog, lookup: Lookup): void {
  lookups.set(catalog, lookup);
}

/** The table, or null when it is not listed; undefined when the catalog has nothing but its list. */
export function lookUp(catalog: Catalog, relation: RelationName): Table | null | undefined {
  return lookups.get(catalog)?.(relation);
}

type ConstraintLookup = (relation: RelationName) => readonly Constraint[];

const constraints = new WeakMap<Catalog, ConstraintLookup>();

/** Says which constraints are known of tables that are not: those that the files have added. */
export function noteConstraints(catalog: Catalog, lookup: ConstraintLookup): void {
  constraints.set(catalog, lookup);
}

/** What is known of the constraints of a table that is not listed. */
export function addedConstraints(catalog: Catalog, relation: RelationName): readonly Constraint[] {
  return constraints.get(catalog)?.(relation) ?? [];
}

type FunctionLookup = (name: RelationName) => boolean;

const steady = new WeakMap<Catalog, FunctionLookup>();

/** Says which functions of the application's are IMMUTABLE or STABLE. */
export function noteSteady(catalog: Catalog, lookup: FunctionLookup): void {
  steady.set(catalog, lookup);
}

/** Whether all functions of a name are known, and IMMUTABLE or STABLE. */
export function isSteadyFunction(catalog: Catalog, name: RelationName): boolean {
  return steady.get(catalog)?.(name) ?? false;
}

type TypeLookup = (relation: RelationName) => UserType | null;

const types = new WeakMap<Catalog, TypeLookup>();

/** Says how a catalog's types are found. The lookup must agree with the catalog's list. */
export function noteTypes(catalog: Catalog, lookup: TypeLookup): void {
  types.set(catalog, lookup);
}

/** The type, or null when it is not listed; undefined when the catalog has nothing but its list. */
export function lookUpType(catalog: Catalog, relation: RelationName): UserType | null | undefined {
  return types.get(catalog)?.(relation);
}

/** Where the table of an index is found, and the tables that one points at or is a partition of. */
interface Neighbours {
  owner(index: RelationName): Table | null;
  targets(relation: RelationName): readonly Table[];
}

const neighbours = new WeakMap<Catalog, Neighbours>();

/** Says how what is beside a table is found. The answers must agree with the catalog's list. */
export function noteNeighbours(catalog: Catalog, found: Neighbours): void {
  neighbours.set(catalog, found);
}

/** The table that an index is of, where an index is named without it (PostgreSQL); null when it is not listed. */
export function tableOfIndex(catalog: Catalog, index: RelationName): Table | null {
  const noted = neighbours.get(catalog);
  if (noted !== undefined) return noted.owner(index);
  const schema = index.schema ?? catalog.defaultSchema;
  const inSchema = catalog.tables.filter((t) => (t.relation.schema ?? catalog.defaultSchema) === schema);
  return inSchema.find((t) => t.indexes.some((i) => i.name === index.name)) ?? null;
}

/** The tables that a table's foreign keys point at, as far as they are listed; itself may be among them. */
export function tablesPointedAt(
  catalog: Catalog,
  relation: RelationName,
  isSame: (a: RelationName, b: RelationName) => boolean,
): readonly Table[] {
  const noted = neighbours.get(catalog)?.targets(relation) ?? catalog.tables;
  return noted.filter((t) => t.referencedBy.some((r) => isSame(r.relation, relation)));
}
