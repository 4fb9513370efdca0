import { type Case, dangerous, safe } from "../../case.js";

/** Indexes. */
export const INDEXES: readonly Case[] = [
  safe("index-concurrently", "CREATE INDEX CONCURRENTLY orders_code ON orders (code);", "Writes go on."),
  safe("unique-index-concurrently", "CREATE UNIQUE INDEX CONCURRENTLY orders_code ON orders (code);", "Writes go on."),
  safe("drop-index-concurrently", "DROP INDEX CONCURRENTLY orders_note;", "Nobody waits behind it.", {
    queue: { reader: "SELECT count(*) FROM orders", victim: "SELECT id FROM orders WHERE id = 5" },
  }),
  safe("reindex-concurrently", "REINDEX INDEX CONCURRENTLY orders_note;", "Writes go on."),
  safe("reindex-table-concurrently", "REINDEX TABLE CONCURRENTLY orders;", "Writes go on."),
  safe("rename-index", "ALTER INDEX orders_note RENAME TO orders_by_note;", "Code does not name it."),
  safe("cluster-on", "ALTER TABLE orders CLUSTER ON orders_note;", "Only says what CLUSTER would do."),
  safe(
    "index-of-partitions-one-by-one",
    `CREATE INDEX events_kind ON ONLY events (kind);
CREATE INDEX CONCURRENTLY events_2025_kind ON events_2025 (kind);
ALTER INDEX events_kind ATTACH PARTITION events_2025_kind;`,
    "The parent's index holds nothing, and each partition's is built beside writes.",
  ),
  safe(
    "index-of-a-new-table",
    "CREATE TABLE parcels (id bigint PRIMARY KEY, code text);\nCREATE INDEX ON parcels (code);",
    "Nobody uses it yet.",
  ),
  dangerous("stalls-writes", "index", "CREATE INDEX orders_code ON orders (code);", "Nobody writes until it is built."),
  dangerous("stalls-writes", "unique-index", "CREATE UNIQUE INDEX orders_code ON orders (code);", "As any index."),
  dangerous(
    "stalls-writes",
    "index-of-partitions",
    "CREATE INDEX events_kind ON events (kind);",
    "On every partition.",
  ),
  dangerous(
    "fails",
    "index-of-partitions-concurrently",
    "CREATE INDEX CONCURRENTLY events_kind ON events (kind);",
    "Refused.",
  ),
  dangerous(
    "fails",
    "index-concurrently-in-a-transaction",
    "BEGIN;\nCREATE INDEX CONCURRENTLY orders_code ON orders (code);\nCOMMIT;",
    "Refused.",
  ),
  dangerous(
    "fails",
    "drop-index-concurrently-in-a-transaction",
    "BEGIN;\nDROP INDEX CONCURRENTLY orders_note;\nCOMMIT;",
    "Refused.",
  ),
  dangerous(
    "fails",
    "reindex-concurrently-in-a-transaction",
    "BEGIN;\nREINDEX INDEX CONCURRENTLY orders_note;\nCOMMIT;",
    "Refused.",
  ),
  dangerous(
    "fails",
    "index-under-a-timeout",
    "SET statement_timeout = '1s';\nCREATE INDEX CONCURRENTLY orders_code ON orders (code);",
    "It waits for every transaction that writes; killed, it leaves an invalid index behind.",
    { busy: "orders" },
  ),
  dangerous("queues", "drop-index", "DROP INDEX orders_note;", "A report over orders keeps all others out.", {
    queue: {
      reader: "SELECT count(*) FROM orders",
      victim: "SELECT id FROM orders WHERE id = 5",
      gentler: "DROP INDEX CONCURRENTLY orders_note;",
    },
  }),
  dangerous("breaks", "drop-unique-index", "DROP INDEX CONCURRENTLY shops_slug;", "ON CONFLICT (slug) needs it."),
  dangerous("fails", "drop-index-of-a-constraint", "DROP INDEX CONCURRENTLY customers_email_key;", "Refused."),
  dangerous("stalls-writes", "reindex-table", "REINDEX TABLE orders;", "Nobody writes until all are built."),
  dangerous("stalls-writes", "reindex-index", "REINDEX INDEX orders_note;", "And who would read through it waits too."),
];
