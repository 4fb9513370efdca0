import type { Table } from "../model/catalog.js";
import type { CreateObject } from "../model/detail/object.js";
import type { RelationName } from "../model/name.js";

/** A view that files made, as far as they tell. */
export interface KnownView {
  readonly name: RelationName;
  /** The keys of the tables that it reads. */
  readonly reads: readonly string[];
  /** The names of its columns, in order: null for one that is not told, or as a whole. */
  readonly columns: readonly (string | null)[] | null;
  readonly materialized: boolean;
  /** Of those columns, in order, their types as written; null for one that is not told, or as a whole. */
  readonly types: readonly (string | null)[] | null;
  /** A unique index that REFRESH ... CONCURRENTLY can go by may be there. */
  readonly keyed: boolean;
  /** Its options that are on: `security_invoker` (PostgreSQL). */
  readonly options: readonly string[];
  /** What the files give on it, a privilege and a role each: `SELECT app` (PostgreSQL). */
  readonly rights: readonly string[];
}

/**
 * The names of a view's columns, in order; null for one that cannot be told. Null as a whole where not even their number is
 * known: `*` of a table that no file made.
 */
export function outputsOf(
  { outputs, reads }: Pick<CreateObject, "outputs" | "reads">,
  tableOf: (relation: RelationName) => Table | null,
): readonly (string | null)[] | null {
  if (outputs === undefined) return null;
  if (!outputs.includes("*")) return outputs;
  const [only, another] = reads;
  const table = only === undefined || another !== undefined ? null : tableOf(only);
  return table === null
    ? null
    : outputs.flatMap((name): (string | null)[] => (name === "*" ? shownColumns(table) : [name]));
}

/** What `*` means: MySQL's and MariaDB's invisible columns are not among it. */
const shownColumns = ({ columns }: Table): string[] =>
  columns.filter(({ settings }) => !settings.includes("INVISIBLE")).map(({ name }) => name);

/**
 * The first column of a view that is there before and not behind, where the columns of both are known; else null. MySQL and
 * MariaDB do not tell case apart, and take any others with OR REPLACE.
 */
export function columnTakenAway(
  before: readonly (string | null)[] | null,
  after: readonly (string | null)[] | null,
): string | null {
  const left = new Set(after?.map((name) => name?.toLowerCase()));
  const gone = (name: string | null) => name !== null && !left.has(name.toLowerCase());
  return after === null ? null : (before?.find(gone) ?? null);
}

/** The types of a view's columns, as far as they are written in the view or in the table that it reads. */
export function outputTypesOf(
  { outputs, outputTypes, reads }: Pick<CreateObject, "outputs" | "outputTypes" | "reads">,
  tableOf: (relation: RelationName) => Table | null,
): readonly (string | null)[] | null {
  if (outputs === undefined || outputTypes === undefined || outputs.includes("*")) return null;
  const [only, another] = reads;
  const table = only === undefined || another !== undefined ? null : tableOf(only);
  const typeOf = (column: string) => table?.columns.find((c) => c.name === column)?.type ?? null;
  return outputTypes.map((type) => (type === null || typeof type === "string" ? type : typeOf(type.column)));
}
