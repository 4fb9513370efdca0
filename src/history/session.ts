import type { AlterObject } from "../model/detail/object.js";
import type { Setting, Transaction } from "../model/detail/session.js";
import type { RelationName } from "../model/name.js";
import { catalogOf, type Known, knownOf } from "./known.js";
import { allTables, orderOf, putTable, putType, tableIn, withoutTable, withoutType } from "./known-tables.js";
import { emptyMap, valuesOf } from "./persistent-map.js";
import { forgetTable, incomplete } from "./tables.js";

/** BEGIN, COMMIT, ROLLBACK and savepoints: a rollback brings back what was known, where it undoes the schema. */
export function applyTransaction(known: Known, transaction: Transaction): Known {
  if (transaction.undoesSchema !== true || (transaction.distributed && transaction.action !== "prepare")) return known;
  switch (transaction.action) {
    case "begin":
      return known.savepoints.length > 0 ? known : marked(known, null);
    case "savepoint":
      return marked(known, transaction.name);
    case "release-savepoint":
      return { ...known, savepoints: known.savepoints.slice(0, savepointIndex(known, transaction.name)) };
    case "rollback-to-savepoint":
      return rolledBackTo(known, transaction.name);
    case "rollback":
      return chained(ended(rolledBack(known)), transaction.chain);
    case "commit":
      return chained(ended(known), transaction.chain);
    case "prepare":
      // Whether it will be committed is not known: what it did may not be.
      return incomplete(ended(rolledBack(known)));
  }
}

function marked(known: Known, name: string | null): Known {
  const savepoint = Object.freeze({ name, catalog: catalogOf({ ...kept(known), savepoints: [] }) });
  return { ...known, ...later(known), savepoints: [...known.savepoints, savepoint] };
}

function chained(known: Known, chain: boolean): Known {
  return chain ? marked(known, null) : known;
}

/** What a savepoint goes back to must not grow; what comes behind it may. */
const later = ({ growing }: Known): Pick<Known, "growing"> => (growing === undefined ? {} : { growing: new WeakSet() });

/** The last savepoint of a name; one that is not known is none. */
function savepointIndex(known: Known, name: string | null): number {
  const at = known.savepoints.findLastIndex((s) => s.name === name && s.name !== null);
  return at < 0 ? known.savepoints.length : at;
}

function rolledBackTo(known: Known, name: string | null): Known {
  const at = savepointIndex(known, name);
  const savepoint = known.savepoints[at];
  if (savepoint === undefined) return known;
  return { ...knownOf(savepoint.catalog), ...later(known), savepoints: known.savepoints.slice(0, at + 1) };
}

/** Without a BEGIN that was seen, there is nothing that ROLLBACK is known to undo. */
function rolledBack(known: Known): Known {
  const [begin] = known.savepoints;
  return begin === undefined ? known : { ...knownOf(begin.catalog), ...later(known), savepoints: known.savepoints };
}

function ended(known: Known): Known {
  const after = known.afterTransaction;
  const outside = known.savepoints.length === 0 ? known : { ...known, savepoints: [] };
  return after === null ? outside : { ...withDefault(outside, after.schema, after.others), afterTransaction: null };
}

/**
 * The session ends: a transaction that is open is rolled back, temporary tables are gone, and the default schema is
 * that of the beginning.
 */
export function endSession(known: Known): Known {
  const outside = kept(ended(rolledBack(known)));
  const named = outside.temporary.size === 0 ? outside : { ...outside, temporary: emptyMap<true>() };
  if (named.laterPath !== undefined) return beginning(named, named.laterPath);
  return named.firstDefault === null ? named : withDefault(named, named.firstDefault.schema);
}

/** A session of a database whose search_path was set. */
function beginning(known: Known, { schemas, first }: NonNullable<Known["laterPath"]>): Known {
  const [schema = null, ...others] = schemas ?? (first === null ? [] : [first]);
  const begun = withDefault(others.length > 0 ? incomplete(known) : known, schema, others);
  return begun.firstDefault === null ? begun : { ...begun, firstDefault: { schema } };
}

/**
 * `ALTER DATABASE ... SET search_path` is for the sessions that come: the database is taken for that of the files. Where it is a
 * role's, nobody says who runs the files: of a table whose name is in another schema of that path, too, nothing is certain any more.
 */
export function withLaterPath(known: Known, { object, name, path }: AlterObject): Known {
  if (path === undefined) return known;
  const schemas = path === null ? null : schemasOf(path);
  const isOurs = object === "database" || name === null || name.name === "";
  const first = known.laterPath?.first ?? (known.firstDefault ?? { schema: known.defaultSchema }).schema;
  if (isOurs) return { ...known, laterPath: { schemas, first } };
  const at = schemas?.indexOf(first ?? "") ?? 0;
  const before = at < 0 ? (schemas ?? []) : (schemas ?? []).slice(0, at);
  const isHidden = ({ schema, name }: RelationName) =>
    (schema ?? first) === first && before.some((one) => tableIn(known, { schema: one, name }) !== null);
  return allTables(known)
    .filter(({ relation }) => isHidden(relation))
    .reduce((k, { relation }) => forgetTable(k, relation), known);
}

/** From here on every catalog stays as it is. */
function kept(known: Known): Known {
  if (known.growing === undefined) return known;
  const { growing: _, ...left } = known;
  return left;
}

/** `SET search_path` changes what a name without a schema means. */
export function applySettings(known: Known, settings: readonly Setting[]): Known {
  return settings.reduce((k, setting) => {
    if (setting.name !== "search_path" && !(setting.name === "all" && setting.value === null)) return k;
    const before = { schema: k.defaultSchema, others: k.otherSchemas };
    const path = setting.value === null ? firstDefault(k) : pathOf(setting.value);
    const [first = null, ...others] = path;
    const after = withDefault(others.length > 0 ? incomplete(k) : k, first, others);
    return setting.scope === "transaction" && k.afterTransaction === null
      ? { ...after, afterTransaction: k.savepoints.length > 0 ? before : null }
      : after;
  }, known);
}

function firstDefault(known: Known): string[] {
  const schema = known.firstDefault === null ? known.defaultSchema : known.firstDefault.schema;
  return schema === null ? [] : [schema];
}

/** The schemas of a path in which tables can be made. */
function pathOf(value: string): string[] {
  const names = value.match(/"(?:[^"]|"")*"|[^,\s]+/g) ?? [];
  const plain = names.map((n) => (n.startsWith('"') ? n.slice(1, -1).replaceAll('""', '"') : n.toLowerCase()));
  return schemasOf(plain);
}

const schemasOf = (path: readonly string[]): string[] =>
  path.filter((n) => n !== "$user" && n !== "pg_catalog" && n !== "");

/** `USE database`, or the first schema of a path: tables that are known keep the name that they have. */
export function withDefault(known: Known, schema: string | null, others: readonly string[] = []): Known {
  const isSame = others.join("\0") === known.otherSchemas.join("\0");
  if (schema === known.defaultSchema) return isSame ? known : { ...withSchemas(known), otherSchemas: others };
  const first = known.firstDefault ?? { schema: known.defaultSchema };
  const fixed = known.firstDefault === null ? allQualified(known) : known;
  return { ...fixed, defaultSchema: schema, firstDefault: first, otherSchemas: others };
}

/** The same, and from here on every name is remembered with its schema, as a server tells it. */
export const withSchemas = (known: Known): Known =>
  known.firstDefault === null ? { ...allQualified(known), firstDefault: { schema: known.defaultSchema } } : known;

/** A name as it is to be remembered: with its schema, once that is no longer the same for the whole history. */
export function qualified(known: Known, relation: RelationName): RelationName {
  if (known.firstDefault === null || relation.schema !== null || known.defaultSchema === null) return relation;
  return Object.freeze({ schema: known.defaultSchema, name: relation.name });
}

/** Done once: from then on, names are qualified as they come. */
function allQualified(known: Known): Known {
  const schema = known.defaultSchema;
  if (schema === null) return known;
  const fix = (relation: RelationName) =>
    relation.schema === null ? Object.freeze({ schema, name: relation.name }) : relation;
  const tables = allTables(known).reduce((k, table) => {
    const { relation, referencedBy, partitions = null, partitionOf } = table;
    const fixed = {
      ...table,
      relation: fix(relation),
      referencedBy: referencedBy.map((r) => ({ ...r, relation: fix(r.relation) })),
      ...(partitions === null ? {} : { partitions: partitions.map((p) => ({ ...p, relation: fix(p.relation) })) }),
      ...(partitionOf == null ? {} : { partitionOf: fix(partitionOf) }),
    };
    return putTable(withoutTable(k, relation), fixed, orderOf(k, relation));
  }, known);
  return valuesOf(known.types).reduce(
    (k, type) => putType(withoutType(k, type.relation), { ...type, relation: fix(type.relation) }),
    tables,
  );
}
