import { type Engine, findTable, Refusal } from "../engines/engine.js";
import { hasKey } from "../engines/walkable.js";
import type { Catalog, Table } from "../model/catalog.js";
import { show } from "../model/name.js";
import type { Step } from "../model/step.js";

/** @throws Refusal for a column that `-- zmigrate:batch key=` names and the table does not have */
function refuseUnknownKey(table: Table, key: readonly string[] | null): void {
  const names = table.columns.map((c) => c.name);
  const unknown = key?.find((column) => !names.some((n) => n.toLowerCase() === column.toLowerCase()));
  if (unknown === undefined) return;
  throw new Refusal(
    `\`zmigrate:batch\` asks for the key ${unknown}, and ${table.relation.name} has no such column.`,
    `Its columns are ${names.join(", ")}.`,
  );
}

/** The server is asked for the key before anything of the file is done. @throws Refusal for one that the file itself makes */
function refuseNewKey(table: Table, before: Catalog): void {
  const first = findTable(before, table.relation);
  if (first === null || hasKey(first)) return;
  throw new Refusal(
    `The rows of ${show(table.relation)} cannot be walked in batches before it has the key that this file gives it.`,
    "Put this statement into a later migration, behind the one that adds the key.",
  );
}

/**
 * A backfill walks its table in the order of a key. The server is asked again before anything is changed, since an
 * index may have a predicate or an expression.
 *
 * @param catalog before the operation
 * @param before before its file
 * @throws Refusal for a table without one
 */
export function refuseWithoutKey(
  engine: Pick<Engine, "walksByPlace">,
  steps: readonly Step[],
  catalog: Catalog,
  before: Catalog,
): void {
  for (const { backfill } of steps) {
    const table = backfill === null ? null : findTable(catalog, backfill.relation);
    if (table === null || backfill === null) continue;
    refuseUnknownKey(table, backfill.key);
    if (hasKey(table)) {
      refuseNewKey(table, before);
      continue;
    }
    // Not what an author wrote: rows that are written meanwhile lie elsewhere then, and no trigger does it for them.
    if (backfill.key === null && backfill.statement === undefined && engine.walksByPlace?.(table) === true) continue;
    if (table.indexes.some((i) => i.unique && i.walkable === false))
      throw new Refusal(
        `${show(table.relation)} has no primary key and no NOT NULL unique key that its rows can be walked by in batches: those that it has may be NULL, are DEFERRABLE, or have a part whose order and equality do not agree (ENUM, SET, FLOAT, DOUBLE, a prefix or an expression on MySQL and MariaDB).`,
        "Add a unique key over whole NOT NULL columns of other types, not DEFERRABLE, in an earlier migration.",
      );
    throw new Refusal(
      `${show(table.relation)} has no primary key and no NOT NULL unique key that holds for every row at every moment, so its rows cannot be walked in batches.`,
      "Add a primary key, not DEFERRABLE, in an earlier migration.",
    );
  }
}
