import { findTable } from "../engines/engine.js";
import { ZmigrateError } from "../errors.js";
import type { Catalog } from "../model/catalog.js";
import { show } from "../model/name.js";
import type { Retired } from "../model/plan.js";
import { standsIn } from "./carried.js";
import { helpersOf, renamedTo } from "./helpers.js";
import type { Asked } from "./missing-helpers.js";

/** A column of the table that it did not have, or not under this name, and that may be the parked one. */
function strangers({ relation, column, replacement, beside }: Retired, catalog: Catalog): string[] {
  const columns = findTable(catalog, relation)?.columns ?? [];
  const type = columns.find((c) => c.name.toLowerCase() === replacement?.toLowerCase())?.type;
  const known = new Set([...(beside ?? []), replacement ?? ""].map((name) => name.toLowerCase()));
  known.delete(column.toLowerCase());
  return columns.filter((c) => c.type === type && !known.has(c.name.toLowerCase())).map((c) => c.name);
}

function renamed(
  { engine, record }: Asked,
  { relation, parked, replacement }: Retired,
  to: readonly string[],
  type: string | null,
) {
  const alter = `ALTER TABLE ${engine.quoteRelation(relation)}`;
  return new ZmigrateError("column-renamed", {
    id: record.id,
    table: show(relation),
    column: parked,
    nameBack: to.map((name) => `${alter} RENAME COLUMN ${engine.quote(name)} TO ${engine.quote(parked)};`),
    again: type === null || replacement === null ? null : `${alter} ADD COLUMN ${engine.quote(parked)} ${type} NULL;`,
  });
}

/**
 * The error of a parked column that somebody has renamed: what counts as dropped would stay, with its NOT NULL. Null where
 * it is there, or gone for good.
 */
export function parkedRenamed(asked: Asked): ZmigrateError<"column-renamed"> | null {
  const { engine, record, steps, catalog } = asked;
  const helpers = helpersOf(record, steps);
  if (record.swappedAt === null || helpers.length === 0) return null;
  for (const retired of record.plan.retires) {
    const { relation, parked, replacement, beside } = retired;
    if (standsIn(catalog, relation, parked) || findTable(catalog, relation) === null) continue;
    const now = renamedTo(helpers, catalog, relation, parked, engine.quote);
    if (now !== null && now !== replacement) return renamed(asked, retired, [now], null);
    const maybe = beside === undefined ? [] : strangers(retired, catalog);
    const type = findTable(catalog, relation)?.columns.find((c) => c.name === maybe[0])?.type ?? null;
    if (maybe.length > 0) return renamed(asked, retired, maybe, type);
  }
  return null;
}
