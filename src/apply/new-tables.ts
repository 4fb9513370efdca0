import type { MigrationRecord } from "../journal/records.js";
import type { Catalog } from "../model/catalog.js";
import type { RelationName } from "../model/name.js";
import { newInRelease } from "../plan/new-tables.js";
import type { Run } from "./run.js";

/**
 * Tables that no running code knows: created in this run, or for this release and still empty. Changes of such a table
 * run as they are written, so that a new database gets its whole history in one run.
 */
export async function newTablesOf(
  run: Run,
  catalog: Catalog,
  records: readonly MigrationRecord[],
): Promise<readonly RelationName[]> {
  const { database, release } = run.options;
  const now = records.filter((r) => run.begun.has(r.id));
  const earlier = records.filter((r) => !run.begun.has(r.id));
  const empty = await newInRelease(database, run.main, catalog, earlier, release);
  return [...now.flatMap((r) => r.plan.creates), ...empty];
}
