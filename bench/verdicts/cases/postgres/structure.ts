import { type Case, dangerous, safe } from "../../case.js";

/** Enums, domains, partitions, new tables and objects beside tables. */
export const STRUCTURE: readonly Case[] = [
  safe("enum-value", "ALTER TYPE order_status ADD VALUE 'returned';", "No table is touched."),
  safe(
    "enum-value-before",
    "ALTER TYPE order_status ADD VALUE IF NOT EXISTS 'draft' BEFORE 'new';",
    "No table is touched.",
  ),
  safe("new-enum", "CREATE TYPE priority AS ENUM ('low', 'high');", "Nobody uses it yet."),
  safe("new-domain", "CREATE DOMAIN zip AS text;", "Nobody uses it yet."),
  safe(
    "domain-check-not-valid",
    "ALTER DOMAIN label ADD CONSTRAINT short CHECK (length(VALUE) < 90) NOT VALID;",
    "No table is read.",
  ),
  safe(
    "new-table-with-reference",
    "CREATE TABLE invoices (id bigint PRIMARY KEY, customer_id bigint NOT NULL REFERENCES customers (id));",
    "A short lock on customers; the new table is empty.",
  ),
  safe(
    "new-table-and-all-about-it",
    `CREATE TABLE parcels (id bigint PRIMARY KEY, code text);
ALTER TABLE parcels ADD CONSTRAINT parcels_code_check CHECK (code <> '');
ALTER TABLE parcels ALTER COLUMN code SET NOT NULL;
ALTER TABLE parcels ALTER COLUMN code TYPE varchar(30);
ALTER TABLE parcels RENAME COLUMN code TO label;`,
    "Nobody uses it yet.",
  ),
  safe("new-sequence", "CREATE SEQUENCE invoice_numbers;", "Nobody uses it yet."),
  safe("new-schema", "CREATE SCHEMA archive;", "Nobody uses it yet."),
  safe("comment", "COMMENT ON TABLE orders IS 'What was bought.';", "Catalog only."),
  safe("grant", "GRANT SELECT ON orders TO verdicts_app;", "Catalog only."),
  safe(
    "statistics-object",
    "CREATE STATISTICS orders_st ON customer_id, shop_id FROM orders;",
    "For the next ANALYZE.",
  ),
  safe("fillfactor", "ALTER TABLE orders SET (fillfactor = 80);", "For new pages."),
  safe(
    "trigger",
    `CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER keep BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION keep();`,
    "A short lock.",
  ),
  safe("policy-without-security", "CREATE POLICY all_of_it ON orders USING (true);", "Nothing asks it."),
  safe("refresh-concurrently", "REFRESH MATERIALIZED VIEW CONCURRENTLY daily_totals;", "Readers go on."),
  safe(
    "empty-materialized-view",
    "CREATE MATERIALIZED VIEW by_shop AS SELECT shop_id FROM orders WITH NO DATA;",
    "Nothing is read.",
  ),
  dangerous(
    "queues",
    "new-partition",
    "CREATE TABLE events_2029 PARTITION OF events FOR VALUES FROM ('2029-01-01') TO ('2030-01-01');",
    "A report over events keeps every reader of it waiting; ATTACH waits for nobody.",
    {
      queue: {
        reader: "SELECT count(*) FROM events",
        victim: "SELECT id FROM events WHERE day = '2025-02-02'",
        gentler: `CREATE TABLE events_2029 (LIKE events INCLUDING ALL);
ALTER TABLE events ATTACH PARTITION events_2029 FOR VALUES FROM ('2029-01-01') TO ('2030-01-01');`,
      },
    },
  ),
  safe(
    "new-partition-attached",
    `CREATE TABLE events_2029 (LIKE events INCLUDING ALL);
ALTER TABLE events ATTACH PARTITION events_2029 FOR VALUES FROM ('2029-01-01') TO ('2030-01-01');`,
    "Reads and writes of events go on; the partition is empty.",
  ),
  safe(
    "attach-behind-a-check",
    `ALTER TABLE events_2028 ADD CONSTRAINT bounds CHECK (day >= '2028-01-01' AND day < '2029-01-01') NOT VALID;
ALTER TABLE events_2028 VALIDATE CONSTRAINT bounds;
ALTER TABLE events ATTACH PARTITION events_2028 FOR VALUES FROM ('2028-01-01') TO ('2029-01-01');
ALTER TABLE events_2028 DROP CONSTRAINT bounds;`,
    "The validated CHECK proves the bounds.",
  ),
  dangerous(
    "fails",
    "enum-value-used-in-its-transaction",
    "BEGIN;\nALTER TYPE order_status ADD VALUE 'returned';\nUPDATE orders SET status = 'returned' WHERE id = 5;\nCOMMIT;",
    "Refused.",
  ),
  dangerous(
    "fails",
    "enum-value-as-default-in-its-transaction",
    "BEGIN;\nALTER TYPE order_status ADD VALUE 'returned';\nALTER TABLE orders ALTER COLUMN status SET DEFAULT 'returned';\nCOMMIT;",
    "Refused.",
  ),
  dangerous(
    "stalls-writes",
    "domain-check",
    "ALTER DOMAIN label ADD CONSTRAINT short CHECK (length(VALUE) < 90);",
    "Every table that uses it is read.",
  ),
  dangerous(
    ["stalls-writes", "breaks"],
    "domain-not-null",
    "ALTER DOMAIN label SET NOT NULL;",
    "Every table that uses it is read.",
  ),
  dangerous(
    "stalls-reads",
    "attach",
    "ALTER TABLE events ATTACH PARTITION events_2027 FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');",
    "The new partition is read.",
    { old: ["SELECT id FROM events_2027 WHERE id = 5"] },
  ),
  dangerous(
    "stalls-reads",
    "partition-beside-a-default",
    "CREATE TABLE metrics_2030 PARTITION OF metrics FOR VALUES FROM ('2030-01-01') TO ('2031-01-01');",
    "The default partition is read for rows that belong to the new one.",
  ),
  dangerous(
    "breaks",
    "detach",
    "ALTER TABLE events DETACH PARTITION events_2025;",
    "Its rows are gone for who reads events.",
  ),
  dangerous("breaks", "drop-partition", "DROP TABLE events_2025;", "Its rows are gone."),
  dangerous(
    "fails",
    "detach-concurrently-beside-a-default",
    "ALTER TABLE metrics DETACH PARTITION metrics_rest CONCURRENTLY;",
    "Refused.",
  ),
  dangerous(
    "fails",
    "detach-concurrently-in-a-transaction",
    "BEGIN;\nALTER TABLE events DETACH PARTITION events_2025 CONCURRENTLY;\nCOMMIT;",
    "Refused.",
  ),
];
