import type { Table } from "../../../model/catalog.js";
import type { Effect, Lock } from "../../../model/effect.js";
import type { CreateIndex } from "../../../model/operation.js";
import { effect } from "../../effect.js";
import { type EffectContext, findTable } from "../../engine.js";
import { knownView } from "../../table-lookup.js";
import { lock, type Mode } from "./locks.js";
import { partitionNote } from "./notes.js";
import { withPartitions } from "./relations.js";
import { unsteadyPart } from "./unsteady-index.js";
import { isAtLeast } from "./versions.js";

/** CREATE INDEX: writes wait for the build; with CONCURRENTLY other DDL waits, and no transaction may be around it. */
export function createIndexEffect(operation: CreateIndex, context: EffectContext): Effect {
  const table = findTable(context.catalog, operation.relation);
  const exists = operation.ifNotExists && table?.indexes.some((i) => i.name === operation.name) === true;
  const partitions = table?.partitioned === true;
  const built = !exists && !(operation.only && partitions);
  const mode = operation.concurrently ? "SHARE UPDATE EXCLUSIVE" : "SHARE";
  return effect({
    locks: locksOf(operation, mode, built ? "build" : "brief", context),
    scan: built,
    fails: built ? (refused(operation, table, context) ?? failure(operation, partitions)) : null,
    transaction: operation.concurrently ? "never" : "any",
    replicaCost: built ? "replay" : "none",
    assumes: [...(operation.only ? [] : partitionNote(table)), ...unknowns(operation, table)],
  });
}

function locksOf(operation: CreateIndex, mode: Mode, held: Lock["held"], { catalog }: EffectContext): Lock[] {
  const all = operation.only ? [operation.relation] : withPartitions(catalog, operation.relation);
  // Nobody writes to a materialized view: only REFRESH waits.
  const written = knownView(catalog, operation.relation)?.materialized !== true;
  return all.map((r) => (written ? lock(r, mode, held) : { ...lock(r, mode, held), blocks: "ddl" }));
}

/** What the server refuses at once, whatever the rows are. */
function refused(operation: CreateIndex, table: Table | null, context: EffectContext): string | null {
  if (/\bNULLS\s+NOT\s+DISTINCT\b/i.test(operation.definition) && !isAtLeast(context, 15))
    return "PostgreSQL 14 does not know NULLS NOT DISTINCT (42601)";
  const part = unsteadyPart(operation, { catalog: context.catalog, table });
  return part === null ? null : `an index takes IMMUTABLE functions only, and ${part} is not (42P17)`;
}

function failure(operation: CreateIndex, partitioned: boolean): string | null {
  if (operation.concurrently && partitioned) return "a partitioned table takes no CONCURRENTLY (0A000)";
  if (!operation.unique) return null;
  const leaving = operation.concurrently ? ", and leaves an INVALID index that refuses further ones" : "";
  return `duplicates in the data fail the build (23505)${leaving}`;
}

function unknowns(operation: CreateIndex, table: Table | null): string[] {
  const notes: string[] = [];
  if (table === null && operation.concurrently) notes.push("the table is taken for one that is not partitioned");
  if (operation.concurrently && operation.ifNotExists) {
    notes.push("an INVALID index of this name, left by a failed build, would be kept as it is");
  }
  return notes;
}
