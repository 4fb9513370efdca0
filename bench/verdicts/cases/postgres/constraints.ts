import { type Case, dangerous, safe } from "../../case.js";

const VALIDATED = `ALTER TABLE orders ADD CONSTRAINT orders_shop_nn CHECK (shop_id IS NOT NULL) NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT orders_shop_nn;`;
const WAITING = {
  reader: "SELECT count(*) FROM customers",
  victim: "SELECT id FROM orders WHERE id = 5",
};

/** Constraints, defaults and NULL. */
export const CONSTRAINTS: readonly Case[] = [
  safe(
    "check-not-valid",
    "ALTER TABLE orders ADD CONSTRAINT orders_total_check CHECK (total >= 0) NOT VALID;",
    "Rows that are there are not read.",
  ),
  safe(
    "check-validated-later",
    `ALTER TABLE orders ADD CONSTRAINT orders_total_check CHECK (total >= 0) NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT orders_total_check;`,
    "The rows are read under a lock that lets reads and writes pass.",
  ),
  safe(
    "foreign-key-not-valid",
    "ALTER TABLE orders ADD CONSTRAINT orders_shop_fk FOREIGN KEY (shop_id) REFERENCES shops (id) NOT VALID;",
    "Rows that are there are not read.",
  ),
  safe(
    "foreign-key-validated-later",
    `ALTER TABLE orders ADD CONSTRAINT orders_shop_fk FOREIGN KEY (shop_id) REFERENCES shops (id) NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT orders_shop_fk;`,
    "As a CHECK.",
  ),
  safe(
    "not-null-behind-a-check",
    `${VALIDATED}
ALTER TABLE orders ALTER COLUMN shop_id SET NOT NULL;
ALTER TABLE orders DROP CONSTRAINT orders_shop_nn;`,
    "The validated CHECK proves it: the rows are not read again.",
  ),
  safe(
    "not-null-constraint-not-valid",
    `ALTER TABLE orders ADD CONSTRAINT orders_shop_nn NOT NULL shop_id NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT orders_shop_nn;`,
    "From PostgreSQL 18 on NOT NULL can wait too.",
  ),
  safe(
    "unique-using-index",
    `CREATE UNIQUE INDEX CONCURRENTLY orders_code_key ON orders (code);
ALTER TABLE orders ADD CONSTRAINT orders_code_key UNIQUE USING INDEX orders_code_key;`,
    "The index is there already.",
  ),
  safe(
    "primary-key-using-index",
    "ALTER TABLE audit_log ADD CONSTRAINT audit_log_pkey PRIMARY KEY USING INDEX audit_log_id;",
    "The index is there already, and the column is NOT NULL.",
  ),
  safe("drop-check", "ALTER TABLE orders DROP CONSTRAINT orders_code_check;", "Nothing is read, and nothing fails."),
  safe(
    "rename-constraint",
    "ALTER TABLE orders RENAME CONSTRAINT orders_code_check TO orders_code_short;",
    "Code does not name it.",
  ),
  safe(
    "deferrable",
    "ALTER TABLE orders ALTER CONSTRAINT orders_customer_id_fkey DEFERRABLE INITIALLY IMMEDIATE;",
    "Catalog only.",
  ),
  safe(
    "drop-foreign-key-that-gives-up",
    "SET lock_timeout = '1s';\nALTER TABLE orders DROP CONSTRAINT orders_customer_id_fkey;",
    "Who waits behind it waits a second at most.",
    { queue: WAITING },
  ),
  dangerous(
    "queues",
    "drop-foreign-key",
    "ALTER TABLE orders DROP CONSTRAINT orders_customer_id_fkey;",
    "A report over customers keeps every reader of orders waiting.",
    { queue: WAITING },
  ),
  dangerous(
    "stalls-reads",
    "set-not-null",
    "ALTER TABLE orders ALTER COLUMN shop_id SET NOT NULL;",
    "Every row is read while nobody may use the table.",
  ),
  dangerous(
    "stalls-reads",
    "set-not-null-beside-drop-constraint",
    `${VALIDATED}
ALTER TABLE orders ALTER COLUMN shop_id SET NOT NULL, DROP CONSTRAINT orders_shop_nn;`,
    "The CHECK goes first, and proves nothing any more.",
  ),
  dangerous(
    "stalls-reads",
    "not-null-behind-another-check",
    `ALTER TABLE orders ADD CONSTRAINT orders_shop_ck CHECK (shop_id > 0) NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT orders_shop_ck;
ALTER TABLE orders ALTER COLUMN shop_id SET NOT NULL;`,
    "NULL passes that CHECK: it proves nothing.",
  ),
  dangerous(
    "breaks",
    "not-null-check-before-backfill",
    `ALTER TABLE orders ADD CONSTRAINT orders_note_nn CHECK (note IS NOT NULL) NOT VALID;
UPDATE orders SET note = '' WHERE id BETWEEN 900 AND 950 AND note IS NULL;`,
    "An UPDATE of any column of a row that is not filled yet fails.",
  ),
  dangerous(
    "stalls-reads",
    "add-check",
    "ALTER TABLE orders ADD CONSTRAINT orders_total_check CHECK (total >= 0);",
    "Every row is read.",
  ),
  dangerous(
    "stalls-writes",
    "add-foreign-key",
    "ALTER TABLE orders ADD CONSTRAINT orders_shop_fk FOREIGN KEY (shop_id) REFERENCES shops (id);",
    "Both tables are read while nobody writes to either.",
  ),
  dangerous(
    "stalls-reads",
    "check-validated-in-the-same-transaction",
    `BEGIN;
ALTER TABLE orders ADD CONSTRAINT orders_total_check CHECK (total >= 0) NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT orders_total_check;
COMMIT;`,
    "The first statement's lock is held while the second reads.",
  ),
  dangerous(
    "stalls-reads",
    "check-validated-in-the-same-statement",
    `ALTER TABLE orders ADD CONSTRAINT orders_total_check CHECK (total >= 0) NOT VALID,
  VALIDATE CONSTRAINT orders_total_check;`,
    "One statement, one lock.",
  ),
  dangerous(
    "stalls-writes",
    "foreign-key-validated-in-the-same-transaction",
    `BEGIN;
ALTER TABLE orders ADD CONSTRAINT orders_shop_fk FOREIGN KEY (shop_id) REFERENCES shops (id) NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT orders_shop_fk;
COMMIT;`,
    "The first statement's lock is held while the second reads.",
  ),
  dangerous(
    "stalls-reads",
    "add-unique",
    "ALTER TABLE orders ADD CONSTRAINT orders_code_key UNIQUE (code);",
    "Its index is built under the strongest lock.",
  ),
  dangerous(
    "stalls-reads",
    "add-primary-key",
    "ALTER TABLE audit_log ADD PRIMARY KEY (id);",
    "Its index is built under the strongest lock.",
  ),
  dangerous(
    "stalls-reads",
    "primary-key-using-index-of-a-nullable-column",
    "ALTER TABLE audit_log ADD CONSTRAINT audit_log_pkey PRIMARY KEY USING INDEX audit_log_ticket;",
    "A hidden SET NOT NULL reads every row.",
  ),
  dangerous(
    "stalls-reads",
    "exclusion",
    "ALTER TABLE audit_log ADD CONSTRAINT seats_once EXCLUDE USING gist (seats WITH &&);",
    "Its index is built under the strongest lock, and there is no other way.",
  ),
  dangerous(
    "breaks",
    "drop-unique",
    "ALTER TABLE customers DROP CONSTRAINT customers_email_key;",
    "ON CONFLICT (email) needs it.",
  ),
  dangerous(
    "breaks",
    "drop-primary-key",
    "ALTER TABLE orders DROP CONSTRAINT orders_pkey;",
    "ON CONFLICT (id) needs it.",
  ),
  dangerous(
    "breaks",
    "drop-default",
    "ALTER TABLE orders ALTER COLUMN total DROP DEFAULT;",
    "An INSERT that leaves it out fails.",
  ),
  dangerous(
    "breaks",
    "default-for-old-rows-only",
    `ALTER TABLE orders ADD COLUMN weight integer NOT NULL DEFAULT 0;
ALTER TABLE orders ALTER COLUMN weight DROP DEFAULT;`,
    "An INSERT of code that does not know the column fails.",
  ),
  dangerous(
    "breaks",
    "drop-not-null",
    "ALTER TABLE customers ALTER COLUMN email DROP NOT NULL;",
    "Code that has never met NULL there meets it.",
    {
      fresh: ["INSERT INTO customers (email) VALUES (NULL)"],
      old: ["SELECT jsonb_object_agg(email, id) FROM customers"],
    },
  ),
];
