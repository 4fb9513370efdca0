import type { MigrationRecord } from "../journal/records.js";
import type { Catalog } from "../model/catalog.js";
import { type Fresh, freshAfter } from "../plan/fresh.js";
import { newInRelease } from "../plan/new-tables.js";
import type { Run } from "./run.js";

/**
 * What no running code knows: made in this run, or for this release in tables that are still empty. Changes of it run as
 * they are written, so that a new database gets its whole history in one run.
 */
export async function freshOf(run: Run, catalog: Catalog, records: readonly MigrationRecord[]): Promise<Fresh> {
  const { database, release } = run.options;
  const now = records.filter((r) => run.begun.has(r.id));
  const earlier = records.filter((r) => !run.begun.has(r.id));
  const empty = await newInRelease(database, run.main, catalog, earlier, release);
  return now.reduce((fresh, r) => freshAfter(fresh, r.plan), empty);
}
