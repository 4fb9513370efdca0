import { type Case, dangerous } from "../../case.js";

/** Dangerous on MySQL and on MariaDB, in the same way. */
export const DANGEROUS: readonly Case[] = [
  dangerous("stalls-writes", "integer-to-bigint", "ALTER TABLE tickets MODIFY shop_id bigint;", "Copied."),
  dangerous("stalls-writes", "key-to-bigint", "ALTER TABLE tickets MODIFY id bigint AUTO_INCREMENT;", "Copied."),
  dangerous("stalls-writes", "narrower-varchar", "ALTER TABLE tickets MODIFY code varchar(10) NOT NULL;", "Copied."),
  dangerous(
    "stalls-writes",
    "another-scale",
    "ALTER TABLE tickets MODIFY amount decimal(12, 4) NOT NULL DEFAULT 0;",
    "Copied.",
  ),
  dangerous(
    "stalls-writes",
    "enum-in-another-order",
    "ALTER TABLE tickets MODIFY state enum('paid', 'new') NOT NULL DEFAULT 'new';",
    "The numbers of its values change.",
  ),
  dangerous(
    "stalls-writes",
    "column-charset",
    "ALTER TABLE tickets MODIFY note varchar(100) CHARACTER SET latin1;",
    "Copied.",
  ),
  dangerous("stalls-writes", "table-charset", "ALTER TABLE tickets CONVERT TO CHARACTER SET latin1;", "Copied."),
  dangerous(
    "stalls-writes",
    "stored-column",
    "ALTER TABLE tickets ADD COLUMN twice int AS (shop_id * 2) STORED;",
    "Copied.",
  ),
  dangerous(
    "stalls-writes",
    "foreign-key",
    "ALTER TABLE tickets ADD CONSTRAINT tickets_shop FOREIGN KEY (shop_id) REFERENCES shops (id);",
    "Copied.",
  ),
  dangerous("stalls-writes", "check", "ALTER TABLE tickets ADD CONSTRAINT positive CHECK (amount >= 0);", "Copied."),
  dangerous(
    "stalls-writes",
    "fulltext",
    "CREATE FULLTEXT INDEX words ON tickets (body);",
    "Nobody writes until it is built.",
  ),
  dangerous(
    "rebuilds",
    "set-not-null",
    "ALTER TABLE tickets MODIFY note varchar(100) NOT NULL DEFAULT '';",
    "Written anew.",
  ),
  dangerous("rebuilds", "engine", "ALTER TABLE tickets ENGINE=InnoDB;", "Written anew."),
  dangerous("rebuilds", "force", "ALTER TABLE tickets FORCE;", "Written anew."),
  dangerous("rebuilds", "row-format", "ALTER TABLE tickets ROW_FORMAT=COMPACT;", "Written anew."),
  dangerous("rebuilds", "optimize", "OPTIMIZE TABLE tickets;", "Written anew."),
  dangerous("rebuilds", "inline-unique", "ALTER TABLE tickets ADD COLUMN n int UNIQUE;", "Written anew."),
  dangerous(
    ["rebuilds", "not-done"],
    "modify-that-forgets",
    "ALTER TABLE tickets MODIFY title varchar(50);",
    "Default, NOT NULL and comment are gone.",
    {
      fresh: [
        "SELECT 1 / (SELECT count(*) = 1 FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'tickets' AND column_name = 'title' AND column_comment = 'shown') AS kept",
      ],
    },
  ),
  dangerous(
    "breaks",
    "required-column",
    "ALTER TABLE tickets ADD COLUMN n int NOT NULL;",
    "An INSERT that leaves it out fails.",
  ),
  dangerous(
    "breaks",
    "drop-default",
    "ALTER TABLE tickets ALTER amount DROP DEFAULT;",
    "An INSERT that leaves it out fails.",
  ),
  dangerous("breaks", "drop-unique", "ALTER TABLE tickets DROP INDEX code;", "ON DUPLICATE KEY finds no duplicate."),
  dangerous("fails", "drop-primary-key", "ALTER TABLE tickets DROP PRIMARY KEY;", "Its column counts by itself."),
  dangerous("breaks", "drop-column", "ALTER TABLE tickets DROP COLUMN amount;", "Code names it."),
  dangerous("breaks", "rename-column", "ALTER TABLE tickets RENAME COLUMN amount TO total;", "Code uses the old name."),
  dangerous(
    "breaks",
    "change-column",
    "ALTER TABLE tickets CHANGE amount total decimal(10, 2) NOT NULL DEFAULT 0;",
    "Code uses the old name.",
  ),
  dangerous("breaks", "rename-table", "RENAME TABLE shops TO stores;", "Code uses the old name."),
  dangerous("breaks", "alter-table-rename", "ALTER TABLE shops RENAME TO stores;", "Code uses the old name."),
  dangerous("breaks", "drop-table", "DROP TABLE days;", "Code names it."),
  dangerous("breaks", "truncate", "TRUNCATE TABLE days;", "Its rows are gone."),
  dangerous("breaks", "drop-partition", "ALTER TABLE days DROP PARTITION p0;", "Its rows are gone."),
  dangerous("breaks", "truncate-partition", "ALTER TABLE days TRUNCATE PARTITION p0;", "Its rows are gone."),
  dangerous("breaks", "drop-view", "DROP VIEW paid;", "Code reads it."),
  dangerous(
    "breaks",
    "view-with-a-further-condition",
    "CREATE OR REPLACE VIEW paid AS SELECT id, state FROM tickets WHERE state = 'paid' AND id > 900;",
    "Code finds fewer rows.",
  ),
  dangerous(
    "breaks",
    "view-with-distinct",
    "ALTER VIEW paid AS SELECT DISTINCT id, state FROM tickets WHERE state = 'paid';",
    "The server writes nothing through it.",
    { old: ["UPDATE paid SET state = 'paid' WHERE id = 5"] },
  ),
  dangerous("breaks", "drop-procedure", "DROP PROCEDURE touch_it;", "Code calls it."),
  dangerous(
    "writes-all",
    "update-all",
    "UPDATE tickets SET note = 'x';",
    "Every row is locked until the last is written.",
  ),
  dangerous(["writes-all", "breaks"], "delete-all", "DELETE FROM days WHERE 1 = 1;", "Every row."),
  dangerous(
    "writes-all",
    "insert-select",
    "INSERT INTO shops SELECT id + 5000, name FROM shops;",
    "As many rows as the table has.",
  ),
  dangerous(
    "not-done",
    "rollback-of-nothing",
    "BEGIN;\nINSERT INTO shops (id, name) VALUES (2001, 'a');\nALTER TABLE tickets ADD COLUMN n int;\nROLLBACK;",
    "The ALTER has committed the row.",
    { fresh: ["INSERT INTO shops (id, name) VALUES (2001, 'b')"] },
  ),
];

export const DANGEROUS_ON_MYSQL: readonly Case[] = [
  dangerous("fails", "required-datetime", "ALTER TABLE tickets ADD COLUMN seen datetime NOT NULL;", "There are rows."),
  dangerous(
    "fails",
    "instant-with-lock",
    "ALTER TABLE tickets ADD COLUMN n int, ALGORITHM=INSTANT, LOCK=NONE;",
    "Refused.",
  ),
  dangerous(
    "fails",
    "type-in-place",
    "ALTER TABLE tickets MODIFY shop_id bigint, ALGORITHM=INPLACE, LOCK=NONE;",
    "Refused.",
  ),
  dangerous(
    "fails",
    "check-with-its-column",
    "ALTER TABLE tickets ADD COLUMN rate int NOT NULL DEFAULT 0 CHECK (rate > 0);",
    "There are rows.",
  ),
];

export const DANGEROUS_ON_MARIADB: readonly Case[] = [
  dangerous(
    "breaks",
    "required-datetime",
    "ALTER TABLE tickets ADD COLUMN seen datetime NOT NULL;",
    "An INSERT that leaves it out fails.",
  ),
  dangerous(
    "breaks",
    "check-with-its-column",
    "ALTER TABLE tickets ADD COLUMN rate int NOT NULL DEFAULT 0 CHECK (rate > 0);",
    "Not verified: every UPDATE of a row that is there fails from now on.",
  ),
  dangerous(
    "stalls-writes",
    "uuid-default",
    "ALTER TABLE tickets ADD COLUMN token varchar(36) DEFAULT (uuid());",
    "Copied.",
  ),
  dangerous("stalls-writes", "system-versioning", "ALTER TABLE tickets ADD SYSTEM VERSIONING;", "Copied."),
];
