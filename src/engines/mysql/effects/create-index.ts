import type { Table } from "../../../model/catalog.js";
import type { CreateIndex } from "../../../model/operation.js";
import { findTable } from "../../engine.js";
import { altered, type Change } from "./change.js";
import { columnIn, fulltextIndexes, has } from "./facts.js";
import { hasRowOrder } from "./index-facts.js";
import { isTooLong, prefixIn } from "./key-bytes.js";
import { takesPlaceOfItself } from "./same-index.js";
import type { Server } from "./server.js";
import { BUILD, BUILD_SHARED, COPY, INSTANT, METADATA, REBUILD, REBUILD_SHARED, type Way } from "./ways.js";

/** CREATE INDEX: built next to the writers, which replicas repeat; writers wait for the special kinds. */
export function createIndexChange(operation: CreateIndex, server: Server): Change {
  const table = findTable(server.catalog, operation.relation);
  const exists = operation.ifNotExists && table?.indexes.some((i) => i.name === operation.name) === true;
  if (exists) return altered(operation.relation, METADATA, {}, "index");
  const fulltext = operation.method === "fulltext";
  const said = {
    fails: operation.unique ? "duplicates in the data, or written meanwhile, fail the build (1062)" : null,
    ...(operation.unique ? { enforces: [`UNIQUE ${keysOf(operation)}`] } : {}),
    assumes: fulltext && table === null ? ["it is taken for the table's first FULLTEXT index"] : [],
  };
  return altered(operation.relation, wayOf(operation, table, server), said, "index");
}

function keysOf(operation: CreateIndex): string {
  return `(${operation.keys.map((k) => k.text).join(", ")})`;
}

function wayOf(operation: CreateIndex, table: Table | null, server: Server): Way {
  if (takesPlaceOfItself(operation, table, server)) return INSTANT;
  if (operation.method === "fulltext") return fulltextWay(operation, table, server);
  if (operation.method === "spatial") return BUILD_SHARED;
  // MariaDB 11.7 and later, which no test starts: taken for the worst.
  if (operation.method === "vector") return COPY;
  const { dialect } = server;
  // MariaDB keeps unique indexes over hashes of whole values, in a hidden column.
  if (dialect === "mariadb" && operation.unique && isHashed(operation, table)) return COPY;
  const functional = operation.keys.some((k) => k.column === null);
  if (functional && operation.unique) return COPY;
  if (functional || isOverNewVirtual(operation, server)) return BUILD_SHARED;
  return table !== null && becomesPrimary(operation, table, dialect) ? REBUILD : BUILD;
}

/** Without a primary key, rows are put into the order of the first unique index that cannot be NULL. */
function becomesPrimary({ unique, keys }: CreateIndex, table: Table, dialect: Server["dialect"]): boolean {
  if (!unique || hasRowOrder(table, dialect)) return false;
  return keys.every((k) => !k.text.includes("(") && columnIn(table, k.column ?? "")?.notNull === true);
}

/** The first one adds a hidden column to every row, and neither server can build two at once. */
function fulltextWay(operation: CreateIndex, table: Table | null, { siblings = [] }: Server): Way {
  const more = siblings.filter((o) => o.kind === "create-index" && o.method === "fulltext" && o !== operation);
  if (more.length > 0) return COPY;
  return fulltextIndexes(table, null).length > 0 ? BUILD_SHARED : REBUILD_SHARED;
}

function isHashed({ method, keys }: CreateIndex, table: Table | null): boolean {
  if (method === "hash") return true;
  const key = keys.flatMap(({ column, text }) =>
    column === null ? [] : [{ name: column, prefix: prefixIn(text.replace(/^(?:`(?:[^`]|``)*`|[^\s(]+)/, "")) }],
  );
  return isTooLong(key, table, "mariadb");
}

/** A virtual column that the same statement adds. */
function isOverNewVirtual(operation: CreateIndex, { siblings = [] }: Server): boolean {
  const keys = operation.keys.flatMap((k) => k.column ?? []);
  return siblings.some(
    (o) => o.kind === "add-column" && o.column.generated?.kind === "virtual" && has(keys, o.column.name),
  );
}
