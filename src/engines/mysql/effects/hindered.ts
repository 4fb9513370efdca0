import type { Table } from "../../../model/catalog.js";
import { fulltextIndexes, hasIndexedVirtualColumn, hasSpatialIndex } from "./facts.js";
import type { Server } from "./server.js";
import { COPY, INSTANT_ROWS, REBUILD, REBUILD_SHARED, type Way } from "./ways.js";

/**
 * A way as the table's indexes allow it. A FULLTEXT index keeps a hidden column, which neither server carries along: no
 * INSTANT change of columns, no rebuild beside writers. SPATIAL indexes and, on MariaDB, indexes over virtual columns
 * cannot be rebuilt beside writers.
 *
 * @param without a column that takes its own indexes with it
 */
export function hindered(way: Way, table: Table | null, without: string | null, { dialect }: Server): Way {
  const fulltext = fulltextIndexes(table, without).length > 0;
  const plain = way === INSTANT_ROWS && fulltext ? REBUILD : way;
  if (plain !== REBUILD) return plain;
  if (fulltext) return dialect === "mysql" ? COPY : REBUILD_SHARED;
  const shared = hasSpatialIndex(table) || (dialect === "mariadb" && hasIndexedVirtualColumn(table));
  return shared ? REBUILD_SHARED : REBUILD;
}
