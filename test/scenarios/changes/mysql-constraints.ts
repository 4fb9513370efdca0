import type { Work } from "../support/clients.js";
import type { PhasedChange } from "../support/phased.js";

const ROWS = 200;

export const rows = (table: string, values: string) => `INSERT INTO ${table}
  SELECT ${values} FROM (WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < ${ROWS}) SELECT n FROM s) x`;

/** Writes and reads rows of its own, and leaves those up to ROWS alone. */
const writer =
  (sign: number, columns: string, values: (id: number) => string): Work =>
  async (run, turn) => {
    const id = 100_000 + sign * (turn + 1);
    await run(`INSERT INTO orders (id, ${columns}) VALUES (${id}, ${values(id)})`);
    await run("UPDATE orders SET amount = amount + 1 WHERE id = ?", [id]);
    await run("UPDATE users SET region = region WHERE id = 1 + ? % 200", [turn]);
    await run("REPLACE INTO pairs (id, b, c) VALUES (?, 1, 1)", [id]);
    await run("DELETE FROM orders WHERE id = ?", [id - sign * 20]);
  };

const STATEMENTS = [
  `ALTER TABLE orders ADD CONSTRAINT positive CHECK (amount > 0), ADD FOREIGN KEY (\`user\`, region) REFERENCES users (id, region) ON DELETE CASCADE,
  ADD CONSTRAINT \`A child\` FOREIGN KEY (parent) REFERENCES orders (id) ON DELETE SET NULL, ADD UNIQUE (code), DROP CONSTRAINT gone`,
  "ALTER TABLE pairs DROP FOREIGN KEY loose",
  "ALTER TABLE pairs DROP PRIMARY KEY, ADD PRIMARY KEY (b, id)",
  "ALTER TABLE orders ADD COLUMN token varchar(20) UNIQUE, ADD COLUMN kind int REFERENCES kinds (id)",
];

/** Every constraint that old code might violate or rely on, beside what only loosens. */
export const STRICT: PhasedChange = {
  setup: [
    "CREATE TABLE users (id int, region int, PRIMARY KEY (id, region))",
    "CREATE TABLE orders (id int PRIMARY KEY, `user` int, region int, amount int DEFAULT 1, code varchar(20), parent int, CONSTRAINT gone CHECK (amount < 1000000))",
    "CREATE TABLE kinds (id int PRIMARY KEY)",
    "INSERT INTO kinds VALUES (1)",
    "CREATE TABLE pairs (id int, b int NOT NULL, c int, PRIMARY KEY (id), CONSTRAINT loose FOREIGN KEY (c) REFERENCES kinds (id))",
    rows("users", "n, n % 3"),
    rows("orders", "n, n, n % 3, n, CONCAT('c', n), NULLIF(n DIV 2, 0)"),
    rows("pairs", "n, n, 1"),
  ],
  migration: [...STATEMENTS, "-- zmigrate:fill '2000-01-01'\nALTER TABLE orders ADD COLUMN due date NOT NULL"]
    .map((statement) => `${statement};\n`)
    .join(""),
  plain: [
    ...STATEMENTS,
    "ALTER TABLE orders ADD COLUMN due date NOT NULL DEFAULT '2000-01-01'",
    "ALTER TABLE orders ALTER due DROP DEFAULT",
  ],
  tables: ["orders", "pairs", "users"],
  untouched: `id <= ${ROWS}`,
  old: writer(-1, "`user`, region, code", (id) => `3, 0, 'o${id}'`),
  fresh: writer(1, "code, parent, token, kind, due", (id) => `'f${id}', 7, 't${id}', 1, '2024-02-29'`),
  wrong: "SELECT COUNT(*) FROM orders WHERE due IS NULL OR id < 100000 AND due <> '2000-01-01'",
};
