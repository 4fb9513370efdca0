import type { Engine } from "../engines/engine.js";
import type { Catalog, Table } from "../model/catalog.js";
import type { ObjectType } from "../model/detail/object.js";
import { type RelationName, show } from "../model/name.js";
import type { Operation, OtherOperation } from "../model/operation.js";
import type { OperationDetail } from "../model/operation-detail.js";
import { rightsGiven, rightsTaken } from "./right-names.js";
import { switchesLeft, switchesTaken } from "./switch-names.js";

/** How far the name of an index reaches: it is one of its schema's (PostgreSQL), or of its table's (MySQL, MariaDB). */
type IndexScope = Engine["indexNames"];

/** Something that has a name: two with one key cannot stand beside each other. */
export interface Name {
  /** For comparing: `relation public.t`. */
  readonly key: string;
  /** For people: `public.t`. */
  readonly shown: string;
  /** Without its schema. */
  readonly name: string;
}

/** What names are read with. */
export interface Naming {
  /** What an unqualified name means. */
  readonly defaultSchema: string | null;
  readonly indexes: IndexScope;
}

/** How the names of a catalog's database are read. */
export const namingOf = ({ indexNames }: Pick<Engine, "indexNames">, { defaultSchema }: Catalog): Naming => ({
  defaultSchema,
  indexes: indexNames,
});

/** What is neither a table nor named like one of its own kind alone. */
const AMONG_RELATIONS: ReadonlySet<ObjectType> = new Set<ObjectType>([
  "domain",
  "foreign-table",
  "index",
  "materialized-view",
  "sequence",
  "type",
  "view",
]);
/** What hangs on a table: its strategies exchange it in one moment. */
const HANGING: ReadonlySet<ObjectType> = new Set<ObjectType>(["policy", "rule", "trigger"]);

function named(space: string, relation: RelationName, { defaultSchema }: Naming): Name {
  const schema = relation.schema ?? defaultSchema ?? "";
  return { key: JSON.stringify([space, schema, relation.name]), shown: show(relation), name: relation.name };
}

const table = (relation: RelationName, naming: Naming): Name => named("relation", relation, naming);

function index(name: string, on: RelationName, naming: Naming): Name {
  if (naming.indexes === "schema") return named("relation", { schema: on.schema, name }, naming);
  // Names of indexes do not tell case apart there.
  return { ...named(`index of ${on.name}`, { schema: on.schema, name: name.toLowerCase() }, naming), shown: name };
}

function object(kind: ObjectType, name: RelationName | null, naming: Naming): Name[] {
  if (name === null || HANGING.has(kind)) return [];
  return [named(AMONG_RELATIONS.has(kind) ? "relation" : kind, name, naming)];
}

const partition = (name: string, on: RelationName, naming: Naming): Name => ({
  ...named(`partition of ${on.name}`, { schema: on.schema, name: name.toLowerCase() }, naming),
  shown: name,
});

function freedByDetail(detail: OperationDetail, relation: RelationName | null, naming: Naming): Name[] {
  switch (detail.kind) {
    case "drop-object":
    case "rename-object":
      return object(detail.object, detail.name, naming);
    case "drop-table":
    case "rename-table":
      return relation === null ? [] : [table(relation, naming)];
    case "drop-index":
      return [index(detail.index.name, relation ?? detail.index, naming)];
    case "rename-index":
      return relation === null ? [] : [index(detail.from, relation, naming)];
    case "privileges":
      return detail.action === "revoke" ? rightsTaken(detail, naming) : [];
    case "drop-partition":
      if (relation === null || detail.partitions === "all") return [];
      return detail.partitions.map((p) => partition(p, relation, naming));
    default:
      return [];
  }
}

function takenByDetail({ detail, relation }: OtherOperation, naming: Naming): Name[] {
  switch (detail?.kind) {
    case "create-object":
      return object(detail.object, detail.name, naming);
    case "rename-object":
      return detail.name === null ? [] : object(detail.object, { ...detail.name, name: detail.to }, naming);
    case "rename-table":
      return [table({ ...detail.to, schema: detail.to.schema ?? relation?.schema ?? null }, naming)];
    case "rename-index":
      return relation === null ? [] : [index(detail.to, relation, naming)];
    case "privileges":
      return detail.action === "grant" ? rightsGiven(detail, naming) : [];
    case "add-partition":
      return relation === null ? [] : detail.partitions.map((p) => partition(p.name, relation, naming));
    default:
      return [];
  }
}

/** The names that an operation says it gives to something. */
export function namesTaken(operation: Operation, naming: Naming): readonly Name[] {
  switch (operation.kind) {
    case "create-table":
      return operation.temporary ? [] : [table(operation.relation, naming)];
    case "create-index":
      return operation.name === null ? [] : [index(operation.name, operation.relation, naming)];
    case "other":
      return [...takenByDetail(operation, naming), ...switchesTaken(operation, naming)];
    default:
      return [];
  }
}

/** The names of indexes by which an operation finds what it changes. */
export function namesUsed(operation: Operation, naming: Naming): readonly Name[] {
  if (operation.kind !== "other" || operation.relation === null) return [];
  const { detail, relation } = operation;
  switch (detail?.kind) {
    case "drop-index":
    case "rename-index":
      return freedByDetail(detail, relation, naming);
    case "set-index-visibility":
      return [index(detail.index, relation, naming)];
    default:
      return [];
  }
}

function namesIn(tables: readonly Table[], naming: Naming): ReadonlyMap<string, Name> {
  const all = tables.flatMap((t) => [
    table(t.relation, naming),
    ...t.indexes.map((i) => index(i.name, t.relation, naming)),
  ]);
  return new Map(all.map((name) => [name.key, name]));
}

/** The names of the tables and indexes of the first catalog that the second does not have. */
export function namesLost(of: Catalog, without: Catalog, naming: Naming): readonly Name[] {
  // A table that nothing changed is the same record in both, and in a long history nearly all are.
  const [had, has] = [new Set(of.tables), new Set(without.tables)];
  const left = namesIn(
    without.tables.filter((t) => !had.has(t)),
    naming,
  );
  const before = namesIn(
    of.tables.filter((t) => !has.has(t)),
    naming,
  );
  return [...before.values()].filter((name) => !left.has(name.key));
}

/**
 * The names that are free behind an operation: what it says, and what goes with it, as an index goes with its column.
 *
 * @param before the catalog before it
 * @param after the catalog behind it
 */
export function namesFreed(operation: Operation, before: Catalog, after: Catalog, naming: Naming): readonly Name[] {
  const said =
    operation.kind === "other" && operation.detail !== undefined
      ? [...freedByDetail(operation.detail, operation.relation, naming), ...switchesLeft(operation, naming)]
      : [];
  return [...new Map([...said, ...namesLost(before, after, naming)].map((name) => [name.key, name])).values()];
}
