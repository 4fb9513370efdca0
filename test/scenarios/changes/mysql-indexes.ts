import type { EngineName } from "../../../src/engines/engine.js";
import type { PhasedChange } from "../support/phased.js";

const ROWS = 200;

/**
 * Old code writes by a unique key and names indexes in hints until it is gone; new code writes what the key refused once
 * it may. Everything that can happen to an index is in one file.
 */
const changeOn = (hide: string, show: string): PhasedChange => ({
  setup: [
    "CREATE TABLE p (id int PRIMARY KEY)",
    `CREATE TABLE orders (id int PRIMARY KEY, code varchar(40) NOT NULL, customer int, \`Paid at\` int, note text,
       UNIQUE KEY by_code (code), KEY \`By customer\` (customer), KEY paid (\`Paid at\`), KEY wide (\`Paid at\`, customer),
       KEY shown (customer, id) ${hide}, KEY unshown (customer, code), CONSTRAINT own FOREIGN KEY (customer) REFERENCES p (id))`,
    `INSERT INTO p WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < ${ROWS}) SELECT n FROM s`,
    "INSERT INTO orders (id, code, customer, `Paid at`) SELECT id, CONCAT('c', id), id, id FROM p",
  ],
  migration: `
ALTER TABLE orders DROP INDEX by_code;
ALTER TABLE orders DROP INDEX \`By customer\`, ADD INDEX \`By customer\` (customer, \`Paid at\` DESC) COMMENT 'newer';
ALTER TABLE orders RENAME INDEX paid TO by_payment;
ALTER TABLE orders ALTER INDEX shown ${show}, ALTER INDEX unshown ${hide};
CREATE INDEX noted ON orders (note(10));
`,
  plain: [
    "ALTER TABLE orders DROP INDEX by_code",
    "ALTER TABLE orders ADD INDEX noted (note(10))",
    "ALTER TABLE orders DROP INDEX `By customer`, ADD INDEX `By customer` (customer, `Paid at` DESC) COMMENT 'newer'",
    "ALTER TABLE orders RENAME INDEX paid TO by_payment",
    `ALTER TABLE orders ALTER INDEX shown ${show}`,
    `ALTER TABLE orders ALTER INDEX unshown ${hide}`,
  ],
  tables: ["orders"],
  untouched: "id <= 1000",
  old: async (run, turn) => {
    await run("INSERT INTO orders (id, code) VALUES (?, 'often') ON DUPLICATE KEY UPDATE note = 'again'", [
      200_000 + turn,
    ]);
    await run("SELECT id FROM orders FORCE INDEX (by_code) WHERE code = 'c7'");
    await run("SELECT id FROM orders USE INDEX (paid) WHERE `Paid at` = 7");
    await run("SELECT id FROM orders FORCE INDEX (`By customer`, unshown) WHERE customer = ?", [turn % ROWS]);
  },
  fresh: async (run, turn) => {
    await run("REPLACE INTO orders (id, code, customer) VALUES (?, ?, 3)", [100_000 + turn, `f${turn}`]);
    await run("SELECT id FROM orders FORCE INDEX (`By customer`) WHERE customer = ?", [turn % ROWS]);
    await run("SELECT id FROM orders USE INDEX (wide, shown) WHERE customer = 7");
  },
  wrong: "SELECT COUNT(*) - 1 FROM orders WHERE code = 'often'",
});

/** The servers have other words for an index that is not used. */
export const change = (server: EngineName): PhasedChange =>
  server === "mysql" ? changeOn("INVISIBLE", "VISIBLE") : changeOn("IGNORED", "NOT IGNORED");
