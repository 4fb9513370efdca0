import { type Case, dangerous, safe } from "../../case.js";

/** What goes, and what is called otherwise. */
export const DROPS: readonly Case[] = [
  safe(
    "table-behind-a-view-of-its-name",
    `BEGIN;
ALTER TABLE shops RENAME TO stores;
CREATE VIEW shops AS SELECT * FROM stores;
COMMIT;`,
    "Old code goes on through the view, ON CONFLICT included.",
  ),
  safe(
    "table-behind-a-view-that-names-its-columns",
    `BEGIN;
ALTER TABLE shops RENAME TO stores;
CREATE VIEW shops AS SELECT id, name, slug, stars, kind FROM stores;
COMMIT;`,
    "The same rows and columns.",
  ),
  dangerous(
    "breaks",
    "table-behind-a-view-that-hides-rows",
    `BEGIN;
ALTER TABLE shops RENAME TO stores;
CREATE VIEW shops AS SELECT * FROM stores WHERE slug <> 's5';
GRANT ALL ON shops TO verdicts_app;
COMMIT;`,
    "Code finds fewer rows.",
  ),
  safe("drop-of-a-new-table", "CREATE TABLE scratch (id bigint);\nDROP TABLE scratch;", "Nobody has seen it."),
  safe(
    "wider-view",
    "CREATE OR REPLACE VIEW paid_orders AS SELECT id, pieces, total FROM orders WHERE status = 'paid';",
    "A column more at the end.",
  ),
  safe(
    "view-made-anew",
    `BEGIN;
DROP VIEW paid_orders;
CREATE VIEW paid_orders AS SELECT id, pieces, total FROM orders WHERE status = 'paid';
COMMIT;`,
    "Who names it meanwhile waits, and finds the new one.",
  ),
  safe(
    "function-made-anew",
    `BEGIN;
DROP FUNCTION order_total(bigint);
CREATE FUNCTION order_total(bigint) RETURNS numeric LANGUAGE sql AS 'SELECT total + 0 FROM orders WHERE id = $1';
COMMIT;`,
    "The same arguments and result.",
  ),
  dangerous(
    "breaks",
    "view-made-anew-with-other-columns",
    `BEGIN;
DROP VIEW paid_orders;
CREATE VIEW paid_orders AS SELECT id, total FROM orders WHERE status = 'paid';
COMMIT;`,
    "Code names a column that it has no more.",
  ),
  dangerous(
    "fails",
    "function-that-returns-another-type",
    "CREATE OR REPLACE FUNCTION order_total(bigint) RETURNS text LANGUAGE sql AS 'SELECT total::text FROM orders WHERE id = $1';",
    "Refused.",
  ),
  safe("new-view", "CREATE VIEW sent_orders AS SELECT id FROM orders WHERE status = 'sent';", "Nobody uses it yet."),
  safe("new-function", "CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1';", "Nobody uses it yet."),
  dangerous("breaks", "drop-column", "ALTER TABLE customers DROP COLUMN age;", "Code names it."),
  dangerous("breaks", "drop-column-if-exists", "ALTER TABLE customers DROP COLUMN IF EXISTS age;", "Code names it."),
  dangerous("breaks", "drop-table", "DROP TABLE shops;", "Code names it."),
  dangerous("breaks", "drop-schema", "DROP SCHEMA stock CASCADE;", "Code names what is in it."),
  dangerous("breaks", "truncate", "TRUNCATE shops;", "Its rows are gone."),
  dangerous("breaks", "truncate-cascade", "TRUNCATE customers CASCADE;", "The rows of orders go too."),
  dangerous("breaks", "rename-column", "ALTER TABLE customers RENAME COLUMN age TO years;", "Code uses the old name."),
  dangerous("breaks", "rename-table", "ALTER TABLE customers RENAME TO clients;", "Code uses the old name."),
  dangerous("breaks", "rename-schema", "ALTER SCHEMA stock RENAME TO store;", "Code uses the old name."),
  dangerous("breaks", "move-to-a-schema", "ALTER TABLE shops SET SCHEMA stock;", "Code uses the old name."),
  dangerous("breaks", "rename-view", "ALTER VIEW paid_orders RENAME TO paid;", "Code uses the old name."),
  dangerous("breaks", "rename-sequence", "ALTER SEQUENCE tickets RENAME TO ticket_numbers;", "Code uses the old name."),
  dangerous(
    "breaks",
    "rename-function",
    "ALTER FUNCTION order_total(bigint) RENAME TO total_of;",
    "Code uses the old name.",
  ),
  dangerous(
    "breaks",
    "rename-enum-value",
    "ALTER TYPE order_status RENAME VALUE 'sent' TO 'shipped';",
    "Code writes the old one.",
  ),
  dangerous("breaks", "drop-view", "DROP VIEW paid_orders;", "Code reads it."),
  dangerous("breaks", "drop-function", "DROP FUNCTION order_total(bigint);", "Code calls it."),
  dangerous("breaks", "drop-materialized-view", "DROP MATERIALIZED VIEW daily_totals;", "Code reads it."),
  dangerous("fails", "drop-type", "DROP TYPE order_status;", "A column has it."),
  dangerous("breaks", "drop-type-cascade", "DROP TYPE order_status CASCADE;", "The column goes with it."),
  dangerous("breaks", "drop-sequence", "DROP SEQUENCE tickets;", "Code asks it."),
  dangerous("breaks", "revoke", "REVOKE SELECT ON customers FROM verdicts_app;", "Code reads it."),
];
