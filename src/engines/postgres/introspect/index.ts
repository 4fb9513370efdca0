import type { Catalog } from "../../../model/catalog.js";
import type { Session } from "../../engine.js";
import { loadParser } from "../parse/index.js";
import { readColumns } from "./columns.js";
import { readConstraints } from "./constraints.js";
import { readDependents } from "./dependents.js";
import { readHelpers } from "./helpers.js";
import { readIndexes } from "./indexes.js";
import { readObjects } from "./objects.js";
import { readOwners } from "./owners.js";
import { ALONE, readPartitions } from "./partitions.js";
import { readTableRights } from "./table-rights.js";
import { readTables } from "./tables.js";
import { readTypes } from "./types.js";

/** The application's tables as they are now: everything outside the system schemas and `zmigrate`. */
export async function introspect(session: Session): Promise<Catalog> {
  await loadParser();
  const [schema] = await session.query<{ name: string | null }>("SELECT pg_catalog.current_schema()::text AS name");
  // One snapshot for all queries, and an empty search_path so that the server qualifies every name it prints.
  await session.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL search_path = ''");
  try {
    return await read(session, schema?.name ?? "public");
  } finally {
    await session.query("ROLLBACK");
  }
}

async function read(session: Session, defaultSchema: string): Promise<Catalog> {
  const tables = await readTables(session);
  const columns = await readColumns(session);
  const constraints = await readConstraints(session);
  const indexes = await readIndexes(session);
  const dependents = await readDependents(session);
  const trees = await readPartitions(session);
  const types = await readTypes(session);
  const objects = await readObjects(session, indexes);
  const owned = await readOwners(session);
  const rights = await readTableRights(session);
  const helpers = await readHelpers(session);
  return Object.freeze({
    source: "database",
    complete: true,
    defaultSchema,
    types,
    objects,
    owned,
    tables: tables.map((t) =>
      Object.freeze({
        relation: Object.freeze({ schema: t.schema, name: t.name }),
        columns: columns.get(t.oid) ?? [],
        constraints: constraints.of.get(t.oid) ?? [],
        indexes: indexes.of.get(t.oid) ?? [],
        referencedBy: constraints.inbound.get(t.oid) ?? [],
        dependents: dependents.get(t.oid) ?? [],
        partitioned: t.partitioned,
        ...(trees.get(t.oid) ?? ALONE),
        rows: t.rows === null ? null : Number(t.rows),
        bytes: Number(t.bytes),
        writeRules: t.writeRules,
        options: t.options,
        publications: t.publications,
        helpers: helpers.get(t.oid) ?? [],
        ...rights.get(t.oid),
      }),
    ),
  });
}
