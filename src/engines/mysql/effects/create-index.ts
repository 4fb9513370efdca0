import type { Table } from "../../../model/catalog.js";
import type { Effect } from "../../../model/effect.js";
import type { CreateIndex } from "../../../model/operation.js";
import { findTable } from "../../engine.js";
import { fulltextIndexes } from "./facts.js";
import type { Server } from "./server.js";
import { BUILD, BUILD_SHARED, effectOf, METADATA, REBUILD_SHARED, type Way } from "./ways.js";

/** CREATE INDEX: built next to the writers, which replicas repeat; writers wait for the special kinds. */
export function createIndexEffect(operation: CreateIndex, server: Server): Effect {
  const table = findTable(server.catalog, operation.relation);
  const exists = operation.ifNotExists && table?.indexes.some((i) => i.name === operation.name) === true;
  if (exists) return effectOf(operation.relation, METADATA, {});
  const fulltext = operation.method === "fulltext";
  return effectOf(operation.relation, wayOf(operation, table), {
    fails: operation.unique ? "duplicates in the data, or written meanwhile, fail the build (1062)" : null,
    assumes: fulltext && table === null ? ["it is taken for the table's first FULLTEXT index"] : [],
  });
}

function wayOf(operation: CreateIndex, table: Table | null): Way {
  // The first one adds a hidden column to every row.
  if (operation.method === "fulltext") return fulltextIndexes(table, null).length > 0 ? BUILD_SHARED : REBUILD_SHARED;
  if (operation.method === "spatial") return BUILD_SHARED;
  const functional = operation.keys.some((k) => k.column === null);
  return functional ? BUILD_SHARED : BUILD;
}
