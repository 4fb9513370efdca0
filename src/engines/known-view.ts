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
  return table === null ? null : outputs.flatMap((name) => (name === "*" ? table.columns.map((c) => c.name) : [name]));
}
