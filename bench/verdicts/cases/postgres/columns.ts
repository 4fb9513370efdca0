import { type Case, dangerous, safe } from "../../case.js";

/** Columns that are added. */
export const COLUMNS: readonly Case[] = [
  safe("nullable-column", "ALTER TABLE customers ADD COLUMN nickname text;", "Nothing is written."),
  safe(
    "constant-default",
    "ALTER TABLE customers ADD COLUMN vip boolean NOT NULL DEFAULT false;",
    "A constant is kept in the catalog.",
  ),
  safe("enum-default", "ALTER TABLE orders ADD COLUMN earlier order_status DEFAULT 'new';", "As a constant."),
  safe("negative-default", "ALTER TABLE orders ADD COLUMN balance bigint NOT NULL DEFAULT -1;", "As a constant."),
  safe(
    "now-default",
    "ALTER TABLE customers ADD COLUMN seen_at timestamptz NOT NULL DEFAULT now();",
    "A stable function is asked once for all rows.",
  ),
  safe(
    "now-and-interval-default",
    "ALTER TABLE customers ADD COLUMN until timestamptz NOT NULL DEFAULT now() + interval '1 day';",
    "Stable as a whole.",
  ),
  safe(
    "utc-default",
    "ALTER TABLE customers ADD COLUMN seen_at timestamp NOT NULL DEFAULT timezone('utc', now());",
    "Stable as a whole.",
  ),
  safe("user-default", "ALTER TABLE orders ADD COLUMN entered_by text DEFAULT current_user;", "Stable."),
  safe(
    "jsonb-default",
    "ALTER TABLE customers ADD COLUMN settings jsonb NOT NULL DEFAULT jsonb_build_object('theme', 'dark');",
    "Stable.",
  ),
  safe("array-default", "ALTER TABLE customers ADD COLUMN tags text[] DEFAULT ARRAY['new'];", "As a constant."),
  safe(
    "column-with-collation",
    'ALTER TABLE customers ADD COLUMN nick varchar(255) COLLATE "C";',
    "Nothing is written.",
  ),
  safe(
    "virtual-column",
    "ALTER TABLE customers ADD COLUMN shout text GENERATED ALWAYS AS (upper(name)) VIRTUAL;",
    "Computed when read.",
  ),
  safe(
    "nullable-reference",
    "ALTER TABLE customers ADD COLUMN shop_id bigint REFERENCES shops (id);",
    "All rows are NULL, and the server knows: nothing is read.",
  ),
  safe("column-of-a-free-domain", "ALTER TABLE customers ADD COLUMN kind label;", "A domain without a condition."),
  safe(
    "two-columns-at-once",
    "ALTER TABLE customers ADD COLUMN street text, ADD COLUMN city text;",
    "One short lock for both.",
  ),
  safe(
    "volatile-default-for-new-rows",
    `ALTER TABLE customers ADD COLUMN token uuid;
ALTER TABLE customers ALTER COLUMN token SET DEFAULT gen_random_uuid();`,
    "Old rows stay NULL.",
  ),
  safe("column-if-not-exists", "ALTER TABLE customers ADD COLUMN IF NOT EXISTS nickname text;", "It is not there yet."),
  safe("column-of-all-partitions", "ALTER TABLE events ADD COLUMN source text;", "Short locks on all partitions."),
  safe("set-default", "ALTER TABLE customers ALTER COLUMN age SET DEFAULT 18;", "For new rows only."),
  dangerous(
    "stalls-reads",
    "uuid-default",
    "ALTER TABLE customers ADD COLUMN token uuid NOT NULL DEFAULT gen_random_uuid();",
    "A value for each row: the table is written anew.",
  ),
  dangerous("stalls-reads", "random-default", "ALTER TABLE orders ADD COLUMN r float DEFAULT random();", "As above."),
  dangerous(
    "stalls-reads",
    "clock-default",
    "ALTER TABLE orders ADD COLUMN at timestamptz DEFAULT clock_timestamp();",
    "Unlike now(), it is asked for each row.",
  ),
  dangerous(
    "stalls-reads",
    "sequence-default",
    "ALTER TABLE orders ADD COLUMN ticket bigint DEFAULT nextval('tickets');",
    "Asked for each row.",
  ),
  dangerous(
    "stalls-reads",
    "own-function-default",
    "ALTER TABLE orders ADD COLUMN tag text DEFAULT next_code();",
    "A function is volatile if nothing else is said.",
  ),
  dangerous("stalls-reads", "serial-column", "ALTER TABLE orders ADD COLUMN n bigserial;", "A sequence for each row."),
  dangerous(
    "stalls-reads",
    "identity-column",
    "ALTER TABLE orders ADD COLUMN n bigint GENERATED ALWAYS AS IDENTITY;",
    "A sequence for each row.",
  ),
  dangerous(
    "stalls-reads",
    "stored-column",
    "ALTER TABLE orders ADD COLUMN twice numeric GENERATED ALWAYS AS (total * 2) STORED;",
    "Written for each row.",
  ),
  dangerous(
    "stalls-reads",
    "constrained-domain-column",
    "ALTER TABLE orders ADD COLUMN n positive DEFAULT 1;",
    "The domain's condition makes the server write the table anew.",
  ),
  dangerous(
    "stalls-reads",
    "constrained-domain-column-without-default",
    "ALTER TABLE orders ADD COLUMN n positive;",
    "As above, though every row is NULL.",
  ),
  dangerous(
    "stalls-reads",
    "inline-check",
    "ALTER TABLE orders ADD COLUMN n bigint CHECK (n > 0);",
    "Every row is read, though every row is NULL.",
  ),
  dangerous("stalls-reads", "inline-unique", "ALTER TABLE orders ADD COLUMN n bigint UNIQUE;", "An index is built."),
  dangerous(
    "stalls-reads",
    "primary-key-with-its-column",
    "ALTER TABLE audit_log ADD COLUMN key bigserial PRIMARY KEY;",
    "Written anew, and an index is built.",
  ),
  dangerous(
    "stalls-reads",
    "reference-with-default",
    "ALTER TABLE customers ADD COLUMN shop_id bigint DEFAULT 1 REFERENCES shops (id);",
    "Each row's value is looked up.",
  ),
  dangerous(
    "breaks",
    "json-column",
    "ALTER TABLE customers ADD COLUMN settings json;",
    "json has no equality: SELECT DISTINCT * fails.",
  ),
  dangerous(
    "fails",
    "not-null-without-default",
    "ALTER TABLE customers ADD COLUMN vip boolean NOT NULL;",
    "There are rows.",
  ),
  dangerous(
    "not-done",
    "column-is-there-with-another-type",
    "ALTER TABLE customers ADD COLUMN IF NOT EXISTS age bigint;",
    "It is an integer, and stays one.",
    { fresh: ["UPDATE customers SET age = 3000000000 WHERE id = 5"] },
  ),
];
