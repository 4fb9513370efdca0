import type { Catalog } from "../../../model/catalog.js";
import type { Session } from "../../engine.js";
import { loadParser } from "../parse/index.js";
import { inboundReferences } from "./constraints.js";
import { readDependents } from "./dependents.js";
import { readHelpers } from "./helpers.js";
import { indexesOfViews } from "./indexes.js";
import { type Marks, readMarks } from "./marks.js";
import { readObjects } from "./objects.js";
import { readOwners } from "./owners.js";
import { ALONE, readPartitions } from "./partitions.js";
import { NONE, type Parts, readParts, renewed } from "./parts.js";
import { readTableRights } from "./table-rights.js";
import { readTypes } from "./types.js";

/** The application's tables as they are now: everything outside the system schemas and `zmigrate`. */
export const introspect = (session: Session): Promise<Catalog> => inSnapshot(session, () => readParts(session, null));

/**
 * What does the same each time, and reads again only the tables that have changed since the last time, whoever has changed them:
 * a run of many migrations reads the catalog for each. What belongs to no table, and stands in the pictures of many, has all
 * read again when it changes.
 */
export function rereading(): (session: Session) => Promise<Catalog> {
  let last: { readonly marks: Marks; readonly parts: Parts } | null = null;
  return (session) =>
    inSnapshot(session, async () => {
      const marks = await readMarks(session);
      const parts = last === null ? await readParts(session, null) : await since(session, last, marks);
      last = { marks, parts };
      return parts;
    });
}

async function since(session: Session, last: { readonly marks: Marks; readonly parts: Parts }, marks: Marks) {
  if (marks.others !== last.marks.others) return readParts(session, null);
  const all = [...marks.tables.keys()];
  const changed = all.filter((oid) => marks.tables.get(oid) !== last.marks.tables.get(oid));
  const again = changed.length === 0 ? NONE : await readParts(session, changed);
  return renewed(last.parts, again, all, new Set(changed));
}

async function inSnapshot(session: Session, parts: () => Promise<Parts>): Promise<Catalog> {
  await loadParser();
  const [schema] = await session.query<{ name: string | null }>("SELECT pg_catalog.current_schema()::text AS name");
  // One snapshot for all queries, and an empty search_path so that the server qualifies every name it prints.
  await session.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL search_path = ''");
  try {
    return await read(session, schema?.name ?? "public", await parts());
  } finally {
    await session.query("ROLLBACK");
  }
}

async function read(session: Session, defaultSchema: string, parts: Parts): Promise<Catalog> {
  const { tables, columns, constraints, indexes } = parts;
  const inbound = inboundReferences(constraints);
  const dependents = await readDependents(session);
  const trees = await readPartitions(session);
  const types = await readTypes(session);
  const objects = await readObjects(session, indexesOfViews(indexes));
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
    tables: [...tables.values()].map((t) =>
      Object.freeze({
        relation: Object.freeze({ schema: t.schema, name: t.name }),
        columns: columns.get(t.oid) ?? [],
        constraints: constraints.get(t.oid)?.map(({ constraint }) => constraint) ?? [],
        indexes: indexes.get(t.oid)?.indexes ?? [],
        referencedBy: inbound.get(t.oid) ?? [],
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
