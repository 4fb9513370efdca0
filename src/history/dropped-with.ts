import { isPlainFunction } from "../engines/postgres/effects/query-functions.js";
import { constraintTree, expressionTree, indexTree } from "../engines/postgres/effects/trees.js";
import { isOfExtension, typeName, userType } from "../engines/postgres/effects/type-names.js";
import { ownerOfSequence } from "../engines/postgres/own-sequence.js";
import { callsIn } from "../engines/postgres/parse/relations.js";
import type { Column, Table } from "../model/catalog.js";
import type { DropObject } from "../model/detail/object.js";
import type { RelationName } from "../model/name.js";
import { catalogOf, type Known } from "./known.js";
import { allTables } from "./known-tables.js";
import { valuesOf } from "./persistent-map.js";
import { changeTable, forgetTable } from "./tables.js";
import { mayName } from "./text.js";
import { unknownRan } from "./unread-runs.js";
import { dropReaders, dropView } from "./views.js";

/**
 * What CASCADE takes along with something that is no table (PostgreSQL): what hangs on it, and nothing else. Without
 * CASCADE the server refuses to drop what anything hangs on. A table of which it is not certain what goes is unknown.
 */
export function droppedWith(known: Known, { object, name }: DropObject): Known {
  switch (object) {
    // Nothing is made of procedures, and a server has no tables that files show.
    case "procedure":
    case "foreign-server":
      return known;
    case "function":
    case "aggregate":
      return name === null ? known : withoutCallers(known, (called) => called.name === name.name);
    case "sequence":
      return name === null ? known : withoutCounting(known, name);
    case "extension":
      return name === null ? known : withoutExtension(known, name.name);
    default:
      // Casts have no name, and operators none that can be looked for.
      if (name === null) return unknownRan(known, "a DROP with CASCADE");
      return forgotten(known, (table) => textsOf(table).some((text) => mayName(text, name.name)));
  }
}

type Calls = (called: RelationName) => boolean;

/** Without the triggers, views and defaults that call something; what else calls it may be gone. */
function withoutCallers(known: Known, calls: Calls): Known {
  const viewless = withoutViews(known, calls);
  return allTables(viewless).reduce((k, table) => {
    if (expressionsOf(table).some((tree) => callsIn(tree).some(calls))) return forgetTable(k, table.relation);
    const columns = table.columns.map((column) => (defaultCalls(column, calls) ? withoutDefault(column) : column));
    const dependents = table.dependents.filter(({ trigger }) => trigger?.calls === undefined || !calls(trigger.calls));
    const isSame = columns.every((c, at) => c === table.columns[at]) && dependents.length === table.dependents.length;
    return isSame ? k : changeTable(k, table.relation, (t) => ({ ...t, columns, dependents }));
  }, viewless);
}

function withoutViews(known: Known, calls: Calls): Known {
  const calling = valuesOf(known.views).filter((view) => view.calls.some(calls));
  return calling.reduce((k, { name }) => dropView(dropReaders(k, name), name), known);
}

const defaultCalls = ({ default: given }: Column, calls: Calls): boolean =>
  given !== null && callsIn(expressionTree(given)).some(calls);

const withoutDefault = (column: Column): Column =>
  Object.freeze({ ...column, default: null, defaultVolatile: false as const });

/** What a table's computed columns, constraints and indexes are made of, and its partitions go by. */
const expressionsOf = (table: Table): readonly unknown[] => [
  ...table.columns.flatMap(({ generated }) => (generated === null ? [] : [expressionTree(generated.expression)])),
  ...table.constraints.map(({ definition }) => constraintTree(definition)),
  ...table.indexes.map(({ definition }) => indexTree(definition)),
  ...(table.partitionExpression === undefined ? [] : [expressionTree(table.partitionExpression)]),
];

/** Defaults that count by a sequence are gone with it; a serial column is not serial any more. */
function withoutCounting(known: Known, sequence: RelationName): Known {
  const owner = ownerOfSequence(sequence, { tables: allTables(known), defaultSchema: known.defaultSchema });
  const isSerial = owner !== null && /serial/i.test(owner.column.type) && owner.column.leftSequence === undefined;
  const left = isSerial ? forgetTable(known, owner.table.relation) : known;
  const counts = ({ default: given }: Column) => given !== null && mayName(given, sequence.name);
  return allTables(left)
    .filter(({ columns }) => columns.some(counts))
    .reduce(
      (k, { relation }) =>
        changeTable(k, relation, (t) => ({ ...t, columns: t.columns.map((c) => (counts(c) ? withoutDefault(c) : c)) })),
      left,
    );
}

/** What well-known extensions bring that tables are made of: the words by which a table's text names it. */
const BROUGHT: Readonly<Record<string, RegExp>> = Object.freeze({
  "uuid-ossp": /\buuid_(?:generate|ns|nil)/i,
  pgcrypto: /\b(?:crypt|gen_salt|digest|hmac|encrypt|decrypt|gen_random_bytes|armor|dearmor|pgp_\w+)\b/i,
  citext: /\bcitext/i,
  hstore: /hstore/i,
  ltree: /\b(?:ltree|lquery|ltxtquery)/i,
  vector: /\b(?:vector|halfvec|sparsevec)/i,
  pg_trgm: /trgm_ops|similarity/i,
  unaccent: /unaccent/i,
  intarray: /__int_ops|\bidx\b/i,
  btree_gin: /\bgin\b/i,
  btree_gist: /\bgist\b/i,
  postgis: /\b(?:geometry|geography|box[23]d|st_\w+)/i,
});
/** Of these no table is made, nor does one call them. */
const BRINGS_NOTHING: ReadonlySet<string> = new Set(
  "pg_cron pg_graphql pg_net pg_stat_statements pgmq pgaudit pageinspect pg_buffercache pg_prewarm supabase_vault".split(
    " ",
  ),
);

function withoutExtension(known: Known, name: string): Known {
  if (BRINGS_NOTHING.has(name)) return known;
  const words = BROUGHT[name];
  const catalog = catalogOf(known);
  const isOwn = (called: RelationName) => isPlainFunction(called);
  const mayUse =
    words === undefined
      ? (table: Table) =>
          table.columns.some(({ type }) => mayBeBrought(type)) ||
          table.indexes.some(
            (index) => !/\bUSING\s+btree\b/i.test(index.definition) || /_ops\b/i.test(index.definition),
          ) ||
          [...expressionsOf(table), ...table.columns.map((c) => expressionTree(c.default ?? "NULL"))].some((tree) =>
            callsIn(tree).some((called) => !isOwn(called)),
          )
      : (table: Table) => textsOf(table).some((text) => words.test(text));
  function mayBeBrought(type: string): boolean {
    const read = typeName(type);
    return read === null || isOfExtension(read) || (read.schema !== "pg_catalog" && userType(read, catalog) === null);
  }
  const viewless =
    words === undefined
      ? withoutViews(known, (called) => !isOwn(called))
      : withoutViews(known, ({ name }) => words.test(name));
  return forgotten(viewless, mayUse);
}

/** All that a table is written by. */
const textsOf = (table: Table): readonly string[] => [
  ...table.columns.flatMap((c) => [c.type, c.collation ?? "", c.default ?? "", c.generated?.expression ?? ""]),
  ...table.constraints.map(({ definition }) => definition),
  ...table.indexes.map(({ definition }) => definition),
  table.partitionExpression ?? "",
];

const forgotten = (known: Known, isMeant: (table: Table) => boolean): Known =>
  allTables(known)
    .filter(isMeant)
    .reduce((k, { relation }) => forgetTable(dropReaders(k, relation), relation), known);
