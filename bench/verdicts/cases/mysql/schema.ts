/** The schema before each case. Only `tickets` begins with a `t`: the server is asked about its file. */
export const SCHEMA: readonly string[] = [
  "CREATE TABLE shops (id int PRIMARY KEY, name varchar(50) NOT NULL) CHARACTER SET utf8mb4",
  `CREATE TABLE tickets (
  id int PRIMARY KEY AUTO_INCREMENT,
  shop_id int,
  code varchar(20) NOT NULL,
  title varchar(40) NOT NULL DEFAULT 'none' COMMENT 'shown',
  state enum('new', 'paid') NOT NULL DEFAULT 'new',
  amount decimal(10, 2) NOT NULL DEFAULT 0,
  note varchar(100),
  body text,
  made datetime NOT NULL DEFAULT CURRENT_TIMESTAMP,
  UNIQUE KEY code (code),
  KEY shop (shop_id),
  KEY note (note)
) CHARACTER SET utf8mb4`,
  `CREATE TABLE audits (
  id int PRIMARY KEY,
  shop_id int,
  message varchar(50),
  CONSTRAINT audits_shop FOREIGN KEY (shop_id) REFERENCES shops (id)
)`,
  `CREATE TABLE days (id int, day int NOT NULL, PRIMARY KEY (id, day))
PARTITION BY RANGE (day) (PARTITION p0 VALUES LESS THAN (100), PARTITION p1 VALUES LESS THAN (2000))`,
  "CREATE VIEW paid AS SELECT id, state FROM tickets WHERE state = 'paid'",
  "CREATE PROCEDURE touch_it() SELECT 1",
];

/** Rows of each table: enough that work on all of them is told from work on some. */
export const ROWS = 1_000;

const numbers = (columns: string): string =>
  `WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < ${ROWS}) SELECT ${columns} FROM n`;

export const FILL: readonly string[] = [
  `INSERT INTO shops ${numbers("i, concat('s', i)")}`,
  `INSERT INTO tickets (id, shop_id, code, state, note) ${numbers("i, i, concat('c', i), 'paid', 'n'")}`,
  `INSERT INTO audits ${numbers("i, i, 'm'")}`,
  `INSERT INTO days ${numbers("i, i")}`,
];

/** What the code that runs now sends, in every case. */
export const OLD_CODE: readonly string[] = [
  "SELECT id, shop_id, code, title, state, amount, note FROM tickets WHERE id = 5 AND title = 'none'",
  "INSERT INTO tickets (shop_id, code) VALUES (5, 'new')",
  "INSERT INTO tickets (shop_id, code) VALUES (5, 'c5') ON DUPLICATE KEY UPDATE amount = amount + 1",
  "UPDATE tickets SET amount = amount + 1, state = 'paid' WHERE id = 6",
  "DELETE FROM tickets WHERE id = 7",
  "SELECT id FROM paid WHERE id = 5",
  "SELECT id, name FROM shops WHERE id = 5",
  "INSERT INTO audits (id, shop_id, message) VALUES (100001, 5, 'm')",
  "SELECT id FROM days WHERE day = 50",
  "INSERT INTO days (id, day) VALUES (100001, 50)",
  "CALL touch_it()",
];
