import type { Work } from "../support/clients.js";
import type { PhasedChange } from "../support/phased.js";

const ROWS = 200;

const numbers = (columns: string, values: string, table = "orders") => `INSERT INTO ${table} (${columns})
  SELECT ${values} FROM (WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < ${ROWS}) SELECT n FROM s) x`;

/** NULL from old writers while the column becomes NOT NULL, and what old code does not notice beside it. */
export const FILLED: PhasedChange = {
  setup: [
    "CREATE TABLE orders (id int AUTO_INCREMENT PRIMARY KEY, `The Title` varchar(40), amount int DEFAULT 1, found varchar(20) NOT NULL, kind enum('a','b'))",
    numbers("id, `The Title`, amount, found", "n, IF(n % 2 = 0, CONCAT('T', n), NULL), n, CONCAT('F', n)"),
    "ALTER TABLE orders AUTO_INCREMENT = 1001",
  ],
  migration: `-- zmigrate:batch rows=50
-- zmigrate:fill CONCAT(LOWER(found), orders.amount)
ALTER TABLE orders MODIFY \`The Title\` varchar(40) NOT NULL COMMENT 'on the cover';
ALTER TABLE orders MODIFY found varchar(60) NOT NULL;
CREATE INDEX by_found ON orders (found);
ALTER TABLE orders MODIFY kind enum('a','b','c');
UPDATE orders SET kind = 'c' WHERE id <= 20;
ALTER TABLE orders ALTER amount SET DEFAULT 2;
`,
  plain: [
    "UPDATE orders SET `The Title` = CONCAT(LOWER(found), amount) WHERE `The Title` IS NULL",
    "ALTER TABLE orders MODIFY `The Title` varchar(40) NOT NULL COMMENT 'on the cover', MODIFY found varchar(60) NOT NULL, MODIFY kind enum('a','b','c'), ALTER amount SET DEFAULT 2",
    "CREATE INDEX by_found ON orders (found)",
    "UPDATE orders SET kind = 'c' WHERE id <= 20",
  ],
  tables: ["orders"],
  untouched: "id <= 1000",
  old: async (run, turn) => {
    const id = 200_000 + turn;
    await run("REPLACE INTO orders (id, amount, found) VALUES (?, 1, 'ABC')", [id]);
    await run("UPDATE orders SET `The Title` = NULL WHERE id = ?", [id]);
    await run("UPDATE orders SET found = found WHERE id = 1 + ? % 200", [turn]);
  },
  fresh: async (run, turn) => {
    await run("INSERT INTO orders (id, `The Title`, amount, found) VALUES (?, 'own', 2, 'x')", [100_000 + turn]);
  },
  wrong: "SELECT COUNT(*) FROM orders WHERE `The Title` IS NULL OR id >= 200000 AND `The Title` <> 'abc1'",
};

const KEYS = [
  "ALTER TABLE coded ADD COLUMN no int",
  "UPDATE coded SET no = id",
  "ALTER TABLE coded ADD PRIMARY KEY (no)",
  "ALTER TABLE tenants ADD COLUMN tenant int",
  "UPDATE tenants SET tenant = 1",
  "ALTER TABLE tenants DROP PRIMARY KEY, ADD PRIMARY KEY (tenant, id)",
];

/** The same, and columns that the file itself adds and fills become part of a key. */
export const KEYED: PhasedChange = {
  ...FILLED,
  setup: [
    ...FILLED.setup,
    "CREATE TABLE coded (id int NOT NULL UNIQUE, w int)",
    numbers("id, w", "n, n", "coded"),
    "CREATE TABLE tenants (id int PRIMARY KEY, w int)",
    numbers("id, w", "n, n", "tenants"),
  ],
  migration: `${FILLED.migration}${KEYS.join(";\n")};\n`,
  plain: [...(FILLED.plain ?? []), ...KEYS],
  tables: ["orders", "coded", "tenants"],
  old: async (run, turn, failures) => {
    await FILLED.old(run, turn, failures);
    await run("REPLACE INTO coded (id) VALUES (?)", [200_000 + turn]);
    await run("REPLACE INTO tenants (id, w) VALUES (?, 1)", [200_000 + turn]);
  },
  fresh: async (run, turn, failures) => {
    await FILLED.fresh(run, turn, failures);
    await run("INSERT INTO coded (id, no) VALUES (?, ?)", [100_000 + turn, 300_000 + turn]);
    await run("INSERT INTO tenants (tenant, id) VALUES (2, ?)", [100_000 + turn]);
  },
};

const reads: Work = async (run, turn) => {
  await run("INSERT INTO orders (id, amount, found) VALUES (?, 1, 'ABC')", [100_000 + turn]);
  await run("SELECT COUNT(*) FROM orders WHERE amount > 3");
};

/** Without contract: everything that old code does not notice. */
export const LOOSENED: PhasedChange = {
  setup: [
    "CREATE TABLE orders (id int PRIMARY KEY, amount int NOT NULL COMMENT 'c', found varchar(20))",
    numbers("id, amount, found", "n, n, CONCAT('F', n)"),
  ],
  migration: "ALTER TABLE orders MODIFY amount int NULL DEFAULT 7 COMMENT 'c';\n",
  tables: ["orders"],
  untouched: "id <= 1000",
  old: reads,
  fresh: async (run, turn) => {
    await run("INSERT INTO orders (id, amount) VALUES (?, NULL)", [200_000 + turn]);
  },
  contracts: false,
};
