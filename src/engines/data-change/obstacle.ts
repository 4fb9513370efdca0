import type { Table } from "../../model/catalog.js";
import type { DataChange } from "../../model/detail/data.js";
import { type RelationName, show } from "../../model/name.js";
import { findTable, type StrategyContext, sameRelation } from "../engine.js";
import { sizeOf } from "../table-size.js";
import { hasKey } from "../walkable.js";
import { KEYS_FIRST } from "./indirect.js";

/** Why rows cannot be changed batch by batch, and what to write instead. */
export type Obstacle = readonly [reason: string, help: string];

/** What a table may take on disk for a statement over all of it to hold its rows for no more than a moment. */
export const SMALL_BYTES = 1_048_576;

/** Why there is no walk, as far as the statement tells. */
const unwalked = (verb: DataChange["verb"]): Obstacle =>
  verb === "insert"
    ? [
        "its SELECT takes more than one row of one table for each row that it inserts (a join, a group, a union, WITH)",
        "Read one table, and look the others up in subqueries; or fill a table of its own by hand before.",
      ]
    : ["its parts cannot be told apart", "Write it as `UPDATE t SET ... WHERE ...` or `DELETE FROM t WHERE ...`."];

/** Why the statement has no rows of its own to be walked; null when it has. */
function inStatement({ verb, cte, limited, writes, walk }: DataChange): Obstacle | null {
  if (cte) return ["it begins with WITH", "Write the query of WITH as a subquery."];
  if (limited)
    return ["it has a LIMIT, which each batch would have for itself", "Name the rows in WHERE, without LIMIT."];
  if (writes.length > 1) return ["it writes several tables", "Write one statement for each table."];
  if (walk === undefined) return unwalked(verb);
  if (!walk.readsItself) return null;
  return [
    `it reads ${show(writes[0] ?? walk.relation)}, which it writes: what becomes of a row depends on rows that other batches have changed`,
    KEYS_FIRST,
  ];
}

/** What does not depend on the engine: why a change cannot be cut into ranges of rows. Null when it can. */
export function obstacle(detail: DataChange, table: Table | null): Obstacle | null {
  const own = inStatement(detail);
  if (own !== null || table === null || hasKey(table)) return own;
  return [
    `${show(table.relation)} has no key that rows can be walked by`,
    "Add a primary key in an earlier migration.",
  ];
}

/** Whether a table is new, and holds at most the rows that files write out. */
export const isUnfilled = (relation: RelationName, { unfilled = [], catalog }: StrategyContext): boolean =>
  unfilled.some((table) => sameRelation(table, relation, catalog.defaultSchema));

function isSmallTable(relation: RelationName, context: StrategyContext): boolean {
  const bytes = findTable(context.catalog, relation)?.bytes ?? null;
  return bytes === null ? isUnfilled(relation, context) : bytes <= SMALL_BYTES;
}

/** True when every table that a change writes or reads is known to be small. @param read what it reads, also behind views and functions */
export const isSmall = (
  { writes, walk }: DataChange,
  read: readonly RelationName[],
  context: StrategyContext,
): boolean =>
  [...writes, ...(walk === undefined ? [] : [walk.relation]), ...read].every((relation) =>
    isSmallTable(relation, context),
  );

/** How large the tables are that are written or read, each once, as far as it is known. */
export const sizesOf = (detail: DataChange, context: StrategyContext): string =>
  [...new Set([...detail.writes, ...detail.reads].map((r) => `${show(r)}: ${sizeAt(r, context)}`))].join("; ");

/** A table that the file makes has no size yet. */
function sizeAt(relation: RelationName, { catalog, beforeFile }: StrategyContext): string {
  const table = findTable(catalog, relation);
  const made = table !== null && beforeFile !== undefined && findTable(beforeFile, relation) === null;
  return made ? "made by this file, and filled from a query" : sizeOf(table);
}
