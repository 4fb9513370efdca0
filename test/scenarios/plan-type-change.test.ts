import { expect, it } from "vitest";
import { describeServers, query } from "../servers/index.js";
import { project } from "./support/cli.js";
import { back, forward, type PhasedChange } from "./support/phased.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";

const ROWS = 200;

const FILL = `INSERT INTO orders (id, amount, price)
  SELECT n, n, CONCAT(n, '.25') FROM (WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < ${ROWS}) SELECT n FROM s) x`;

/** Two columns of one table change their types, one with indexes, one from text to numbers. */
const RETYPED: PhasedChange = {
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

describeServers(["mysql", "mariadb"], (server) => {
  const s = suite();

  it("changes types through second columns", () => forward(server, s, RETYPED));
  it("takes changes of type back", () => back(server, s, RETYPED));

  it("stops before anything is strict at a value that does not fit, and says which", async () => {
    const db = await server.createDatabase("unfit");
    s.after(() => db.drop());
    await query(db.url, "CREATE TABLE t (id int PRIMARY KEY, a varchar(9))");
    await query(db.url, "INSERT INTO t VALUES (1, '1'), (2, 'many'), (3, '3')");
    const p = project(db.url);
    s.after(async () => p.remove());
    await works(p.run("init", "--engine", server.name));
    p.write("migrations/20260101000000_change.sql", "ALTER TABLE t MODIFY a int;\n");
    const { code, stderr } = await p.run("apply", "--release", "r1");
    expect(code).toBe(3);
    expect(stderr).toContain("the row with id = 2 cannot be converted");
    expect(stderr).toContain("many");
    await query(db.url, "UPDATE t SET a = 'few' WHERE id = 3");
    const passed = await p.run("apply", "--release", "r1", "--max-bad-rows", "2");
    expect(passed.code).toBe(3);
    expect(passed.stdout).toMatch(/passed over the row with id = 2: .*many/);
    expect(passed.stdout).toMatch(/passed over the row with id = 3: .*few/);
    expect(passed.stderr).toMatch(/2\s+rows/);
    await query(db.url, "UPDATE t SET a = id WHERE id > 1");
    await works(p.run("apply", "--release", "r1"));
    await works(p.run("apply", "--contract", "--require-contract", "--release", "r2"));
    await query(db.url, "INSERT INTO t (id, a) VALUES (4, 4)");
    await works(p.run("rollback", "20260101000000"));
    expect((await query(db.url, "SELECT a FROM t ORDER BY id")).map((r) => r.a)).toEqual(["1", "2", "3", "4"]);
  });
});
