import { expect, it } from "vitest";
import { describeServers, query } from "../servers/index.js";
import { project } from "./support/cli.js";
import type { Work } from "./support/clients.js";
import { back, forward, type PhasedChange } from "./support/phased.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";

const ROWS = 200;

const rows = (table: string, values: string) => `INSERT INTO ${table}
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
const STRICT: PhasedChange = {
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

describeServers(["mysql", "mariadb"], (server) => {
  const s = suite();

  it("adds what old code may violate in the contract", () => forward(server, s, STRICT));
  it("takes constraints back", () => back(server, s, STRICT));

  it("says how many rows are in the way, and of what, before anything is strict", async () => {
    const db = await server.createDatabase("violated");
    s.after(() => db.drop());
    await query(db.url, "CREATE TABLE p (id int PRIMARY KEY)");
    await query(db.url, "CREATE TABLE t (id int PRIMARY KEY, a int, p int, KEY (p))");
    await query(db.url, "INSERT INTO p VALUES (1), (2)");
    await query(db.url, "INSERT INTO t VALUES (1, 1, 1), (2, 1, 9), (3, 3, 2)");
    const p = project(db.url);
    s.after(async () => p.remove());
    await works(p.run("init", "--engine", server.name));
    p.write(
      "migrations/20260101000000_strict.sql",
      "ALTER TABLE t ADD FOREIGN KEY (p) REFERENCES p (id), ADD UNIQUE (a);\n",
    );
    const pointless = await p.run("apply", "--release", "r1");
    expect(pointless.code).toBe(3);
    expect(pointless.stderr).toContain("step 1-verify: Rows of t point with p at no row of p: 1. Keys of some: 2.");
    await query(db.url, "UPDATE t SET p = 1");
    const twice = await p.run("apply", "--release", "r1");
    expect(twice.code).toBe(3);
    expect(twice.stderr).toContain("step 2-verify: 2 rows of t share a with another row. Keys of some: 1 | 2.");
    await query(db.url, "UPDATE t SET a = id");
    await works(p.run("apply", "--release", "r1"));
    await query(db.url, "INSERT INTO t VALUES (4, 1, 1)");
    const late = await p.run("apply", "--contract", "--release", "r2");
    expect(late.code).toBe(3);
    expect(late.stderr).toContain("2 rows of t share a with another row. Keys of some: 1 | 4.");
  });
});
