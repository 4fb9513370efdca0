import type { PhasedChange } from "../support/phased.js";

const ROWS = 200;

const FILL = `INSERT INTO orders (id, amount, price)
  SELECT n, n, CONCAT(n, '.25') FROM (WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < ${ROWS}) SELECT n FROM s) x`;

/** Two columns of one table change their types, one with indexes, one from text to numbers. */
export const RETYPED: PhasedChange = {
  setup: [
    "CREATE TABLE orders (id int PRIMARY KEY, `The Amount` int NOT NULL DEFAULT 1 COMMENT 'it''s', price varchar(20), changed timestamp NULL ON UPDATE CURRENT_TIMESTAMP, KEY by_amount (`The Amount`), KEY by_price (price, id), UNIQUE KEY (`The Amount`, id))",
    FILL.replace("amount, price", "`The Amount`, price"),
  ],
  migration: `-- zmigrate:batch rows=50
ALTER TABLE orders MODIFY \`The Amount\` bigint NOT NULL DEFAULT 2 COMMENT 'it''s';
ALTER TABLE orders MODIFY price decimal(12,2);
`,
  plain: [
    "ALTER TABLE orders MODIFY `The Amount` bigint NOT NULL DEFAULT 2 COMMENT 'it''s', MODIFY price decimal(12,2)",
  ],
  tables: ["orders"],
  untouched: "id <= 1000",
  old: async (run, turn) => {
    const id = 200_000 + turn;
    await run("REPLACE INTO orders (id, `The Amount`, price) VALUES (?, ?, ?)", [id, turn, `${turn}.5`]);
    await run("UPDATE orders SET `The Amount` = `The Amount` + 1 WHERE id = ?", [id]);
    await run("DELETE FROM orders WHERE id = ?", [id - 20]);
  },
  fresh: async (run, turn) => {
    const id = 100_000 + turn;
    await run("INSERT INTO orders (id, price) VALUES (?, 7)", [id]);
    await run("UPDATE orders SET price = price + 1 WHERE id = ?", [id]);
    await run("DELETE FROM orders WHERE id = ?", [id - 20]);
  },
};
