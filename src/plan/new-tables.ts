import { type Database, findTable, type Session } from "../engines/engine.js";
import type { MigrationRecord } from "../journal/records.js";
import type { Catalog } from "../model/catalog.js";
import type { RelationName } from "../model/name.js";
import { type Fresh, freshAfter, NOTHING_FRESH, onlyOn } from "./fresh.js";

/** Whether a table holds no row. */
export async function isEmpty(database: Database, session: Session, relation: RelationName): Promise<boolean> {
  const rows = await session.query(`SELECT 1 AS one FROM ${database.engine.quoteRelation(relation)} LIMIT 1`);
  return rows.length === 0;
}

/** Wrappers and links through which statements reach rows of other databases. */
const REACHES = /_fdw$|^dblink$/;

/**
 * Whether a database holds neither a table, in whatever schema, nor a view, a routine or the like, which may be about rows of
 * other databases: no code runs on it. What an extension brings is not counted, but for those that reach elsewhere.
 */
export const isNewDatabase = ({ source, complete, tables, objects }: Catalog): boolean =>
  source === "database" &&
  complete &&
  tables.length === 0 &&
  objects?.every(({ object, name }) => object === "schema" || (object === "extension" && !REACHES.test(name.name))) ===
    true;

/**
 * Tables that were created for this release by an earlier run, and are still empty, with what hangs on them alone. Code of
 * former releases cannot know them, and code of this one knows the end of its migrations, not what stands between.
 */
export async function newInRelease(
  database: Database,
  session: Session,
  catalog: Catalog,
  records: readonly MigrationRecord[],
  release: string | null,
): Promise<Fresh> {
  const ours = records.filter((r) => r.status !== "rolled-back" && release !== null && r.expandRelease === release);
  const empty: RelationName[] = [];
  const made = ours.reduce((fresh, r) => freshAfter(fresh, r.plan), NOTHING_FRESH);
  for (const relation of made.tables)
    if (findTable(catalog, relation) !== null && (await isEmpty(database, session, relation))) empty.push(relation);
  return { tables: empty, filled: [], objects: onlyOn(empty, made.objects, catalog) };
}
