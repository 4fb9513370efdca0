import { type Case, safe } from "../../case.js";

/** In place or instant, beside reads and writes, and nothing fails afterwards. */
export const SAFE: readonly Case[] = [
  safe("nullable-column", "ALTER TABLE tickets ADD COLUMN n int;", "INSTANT."),
  safe("constant-default", "ALTER TABLE tickets ADD COLUMN n int NOT NULL DEFAULT 0;", "INSTANT."),
  safe(
    "current-timestamp-default",
    "ALTER TABLE tickets ADD COLUMN seen datetime NOT NULL DEFAULT CURRENT_TIMESTAMP;",
    "INSTANT.",
  ),
  safe("virtual-column", "ALTER TABLE tickets ADD COLUMN twice int AS (shop_id * 2) VIRTUAL;", "INSTANT."),
  safe("asserted-instant", "ALTER TABLE tickets ADD COLUMN n int, ALGORITHM=INSTANT;", "Refused rather than copied."),
  safe("index", "ALTER TABLE tickets ADD INDEX state (state);", "INPLACE, LOCK=NONE."),
  safe("create-index", "CREATE INDEX state ON tickets (state, made);", "INPLACE, LOCK=NONE."),
  safe(
    "asserted-in-place",
    "ALTER TABLE tickets ADD INDEX state (state), ALGORITHM=INPLACE, LOCK=NONE;",
    "Refused rather than copied.",
  ),
  safe("unique-over-a-key", "ALTER TABLE tickets ADD UNIQUE INDEX both_of (id, code);", "INPLACE, LOCK=NONE."),
  safe("rename-index", "ALTER TABLE tickets RENAME INDEX note TO by_note;", "Code does not name it."),
  safe("drop-index", "ALTER TABLE tickets DROP INDEX note;", "Code does not need it."),
  safe("set-default", "ALTER TABLE tickets ALTER note SET DEFAULT 'x';", "INSTANT."),
  safe("comment", "ALTER TABLE tickets COMMENT 'What was asked.';", "Catalog only."),
  safe("auto-increment", "ALTER TABLE tickets AUTO_INCREMENT = 5000;", "Catalog only."),
  safe(
    "enum-value-at-the-end",
    "ALTER TABLE tickets MODIFY state enum('new', 'paid', 'sent') NOT NULL DEFAULT 'new';",
    "The numbers of the others stay.",
  ),
  safe("wider-varchar", "ALTER TABLE tickets MODIFY code varchar(40) NOT NULL;", "Both lengths need one byte."),
  safe(
    "wider-varchar-with-its-attributes",
    "ALTER TABLE tickets MODIFY title varchar(50) NOT NULL DEFAULT 'none' COMMENT 'shown';",
    "Default and comment are repeated.",
  ),
  safe("drop-foreign-key", "ALTER TABLE audits DROP FOREIGN KEY audits_shop;", "Catalog only."),
  safe(
    "new-table",
    "CREATE TABLE parcels (id int PRIMARY KEY AUTO_INCREMENT, code varchar(20) UNIQUE, n int CHECK (n > 0));",
    "Nobody uses it yet.",
  ),
  safe(
    "new-table-and-all-about-it",
    `CREATE TABLE parcels (id int PRIMARY KEY, code varchar(20));
ALTER TABLE parcels MODIFY code varchar(300) NOT NULL;
ALTER TABLE parcels ADD UNIQUE (code);
ALTER TABLE parcels CHANGE code label varchar(300) NOT NULL;`,
    "Nobody uses it yet.",
  ),
  safe("table-like-another", "CREATE TABLE tickets_new LIKE tickets;", "It is empty."),
  safe("drop-of-a-new-table", "CREATE TABLE scratch (id int);\nDROP TABLE scratch;", "Nobody has seen it."),
  safe(
    "view-written-otherwise",
    "CREATE OR REPLACE VIEW paid AS select p.id, p.state, p.note from tickets p where (p.state) in ('paid');",
    "The same rows, and a column more.",
  ),
  safe("new-view", "CREATE VIEW fresh AS SELECT id FROM tickets WHERE state = 'new';", "Nobody uses it yet."),
  safe(
    "trigger",
    "CREATE TRIGGER tickets_bi BEFORE INSERT ON tickets FOR EACH ROW SET NEW.body = coalesce(NEW.body, '');",
    "A short lock.",
  ),
  safe("new-partition", "ALTER TABLE days ADD PARTITION (PARTITION p2 VALUES LESS THAN (3000));", "It is empty."),
  safe("analyze", "ANALYZE TABLE tickets;", "Reads and writes go on."),
  safe("some-rows", "INSERT INTO shops (id, name) VALUES (2001, 'a'), (2002, 'b');", "Two rows."),
  safe("a-batch", "UPDATE tickets SET note = 'x' WHERE id BETWEEN 1 AND 100;", "A hundred rows."),
  safe(
    "seed",
    "INSERT INTO shops (id, name) SELECT 2001, 'x' FROM DUAL WHERE NOT EXISTS (SELECT 1 FROM shops WHERE id = 7001);",
    "One row.",
  ),
  safe(
    "copy-of-one-row",
    "INSERT INTO shops (id, name) SELECT id + 5000, code FROM tickets WHERE code = 'c5';",
    "The unique key finds the row.",
  ),
  safe("delete-one-row", "DELETE FROM tickets WHERE id = 900;", "One row."),
];

export const SAFE_ON_MYSQL: readonly Case[] = [
  safe("json-column", "ALTER TABLE tickets ADD COLUMN j json;", "INSTANT."),
  safe("invisible-column", "ALTER TABLE tickets ADD COLUMN n int INVISIBLE;", "INSTANT."),
  safe("invisible-index", "ALTER TABLE tickets ALTER INDEX note INVISIBLE;", "Catalog only."),
  safe("check-not-enforced", "ALTER TABLE tickets ADD CONSTRAINT c CHECK (amount >= 0) NOT ENFORCED;", "INSTANT."),
];

export const SAFE_ON_MARIADB: readonly Case[] = [
  safe("instant-without-lock", "ALTER TABLE tickets ADD COLUMN n int, ALGORITHM=INSTANT, LOCK=NONE;", "Both are kept."),
  safe("column-if-not-exists", "ALTER TABLE tickets ADD COLUMN IF NOT EXISTS n int;", "INSTANT."),
  safe("ignored-index", "ALTER TABLE tickets ALTER INDEX note IGNORED;", "Catalog only."),
  safe("sequence", "CREATE SEQUENCE numbers;", "Nobody uses it yet."),
];
