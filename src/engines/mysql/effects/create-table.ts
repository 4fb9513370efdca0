import type { Lock } from "../../../model/effect.js";
import type { RelationName } from "../../../model/name.js";
import type { CreateTable } from "../../../model/operation.js";
import { findTable } from "../../engine.js";
import { readsBatch } from "../../found-by-key.js";
import { type Change, unaltered } from "./change.js";
import { unkeyedTarget } from "./foreign-target.js";
import { misfitTypes, refusedFor } from "./foreign-types.js";
import { refusedColumn } from "./refused-column.js";
import { enforcesInlineReferences, locksWhatIsRead, type Server } from "./server.js";
import { exclusive } from "./ways.js";

/** CREATE TABLE: nothing waits for the new table, but the tables that its foreign keys point at are locked briefly. */
export function createTableChange(operation: CreateTable, server: Server): Change {
  const base = { transaction: operation.temporary ? "any" : "never" } as const;
  if (operation.ifNotExists && findTable(server.catalog, operation.relation) !== null) return unaltered(base);
  const reads = operation.form === "as" && !readsFew(operation, server);
  return unaltered({
    ...base,
    locks: [
      ...parents(operation),
      ...(operation.sources ?? []).map((s) => sourceLock(s, reads && locksWhatIsRead(server))),
    ],
    scan: reads,
    replicaCost: reads ? "replay" : "none",
    fails: refusedOf(operation, server) ?? refusedTarget(operation, server) ?? refusedTypes(operation, server),
    assumes:
      reads && locksWhatIsRead(server) ? ["the rows that it reads stay locked against writes until it is done"] : [],
  });
}

/** Rows that the query names by their key, or of a range of it, are locked, and no others. */
function readsFew({ withData, found }: CreateTable, { catalog }: Server): boolean {
  return withData === false || readsBatch(found, catalog);
}

function refusedOf({ columns }: CreateTable, server: Server): string | null {
  const [refused] = columns.flatMap((column) => refusedColumn(column, server) ?? []);
  return refused === undefined ? null : `it is refused, because ${refused}`;
}

/** Of several foreign keys the first that points at no key. */
function refusedTarget({ columns, constraints }: CreateTable, server: Server): string | null {
  const inline = enforcesInlineReferences(server) ? columns : [];
  const refused = [...inline, ...constraints].flatMap(({ references }) => unkeyedTarget(references, server) ?? []);
  return refused[0] ?? null;
}

function refusedTypes(operation: CreateTable, server: Server): string | null {
  const misfit = misfitTypes(operation, server);
  return misfit === null ? null : refusedFor(misfit);
}

function parents(operation: CreateTable): Lock[] {
  const targets = [...operation.columns, ...operation.constraints].flatMap((d) => d.references?.relation ?? []);
  const distinct = targets.filter((t, i) => targets.findIndex((o) => same(o, t)) === i);
  return distinct.filter((t) => !same(t, operation.relation)).map(exclusive);
}

function same(a: RelationName, b: RelationName): boolean {
  return a.name === b.name && a.schema === b.schema;
}

/** Under REPEATABLE READ the rows that CREATE ... SELECT reads are locked until it commits. */
function sourceLock(relation: RelationName, reads: boolean): Lock {
  if (!reads) return Object.freeze({ relation, mode: "MDL SHARED READ", blocks: "ddl", held: "brief" });
  return Object.freeze({ relation, mode: "MDL SHARED READ, row locks", blocks: "writes", held: "scan" });
}
