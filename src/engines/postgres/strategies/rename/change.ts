import type { Constraint, Index } from "../../../../model/catalog.js";
import { literal, quote, quoteRelation } from "../../names.js";
import type { Rename } from "./subject.js";

/** A statement of the swap, and what takes it back. */
export interface Change {
  readonly sql: string;
  readonly undo: readonly string[];
}

export const change = (sql: string, ...undo: string[]): Change => ({ sql, undo });

export const tableOf = (r: Rename) => quoteRelation(r.relation);

export const indexName = (r: Rename, name: string) => quoteRelation({ schema: r.relation.schema, name });

/** They go with the copy when that goes, so nothing takes them back. */
export function remarks(r: Rename, i: Index): Change[] {
  const name = indexName(r, i.name);
  return [
    ...(i.statistics ?? []).map((s) =>
      change(`ALTER INDEX ${name} ALTER COLUMN ${s.column} SET STATISTICS ${s.target}`),
    ),
    ...(i.comment == null ? [] : [change(`COMMENT ON INDEX ${name} IS ${literal(i.comment)}`)]),
  ];
}

export function commentOn(r: Rename, c: Constraint): Change[] {
  if (c.comment == null) return [];
  return [change(`COMMENT ON CONSTRAINT ${quote(c.name)} ON ${tableOf(r)} IS ${literal(c.comment)}`)];
}
