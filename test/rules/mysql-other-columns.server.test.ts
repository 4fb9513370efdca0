import { describe, expect, test } from "vitest";
import { describeServer, query } from "../servers/index.js";
import { allRules, judged, rules } from "./judged.js";

const VIEW = "CREATE TABLE users (id bigint PRIMARY KEY, age int); CREATE VIEW young AS SELECT id, age FROM users;";
const ITEMS = "CREATE TABLE items (id int PRIMARY KEY, sku varchar(64), qty int);";

describe.each(["mysql", "mariadb"] as const)("%s: a view that is replaced", (engine) => {
  test.each([
    "SELECT id FROM users WHERE age < 30",
    "SELECT id, age AS years FROM users",
    "SELECT id, age years FROM users",
    "SELECT id, age + 0 FROM users",
    "SELECT u.id FROM users u",
    "SELECT id FROM users UNION SELECT age FROM users",
  ])("loses a column: %s", async (query) => {
    const replaced = `CREATE OR REPLACE VIEW young AS ${query};`;
    expect(await rules([VIEW, replaced], engine)).toBe("breaking-running-code");
    const [said] = await judged([VIEW, replaced], engine);
    expect(said?.message).toContain("what reads age of view young fails (1054)");
  });

  test.each([
    "AS SELECT id, AGE FROM users WHERE age < 30",
    "AS SELECT * FROM users",
    "AS SELECT u.* FROM users u",
    "AS SELECT u.age, u.id, 1 AS one FROM users u",
    "(id, age) AS SELECT id, age + 1 FROM users",
    "AS SELECT id, 1 'age' FROM users",
  ])("keeps its columns: %s", async (query) => {
    const said = await allRules([VIEW, `CREATE OR REPLACE VIEW young ${query};`], engine);
    expect(said).toMatch(/^(?:replacing-routine|narrowing-view)$/);
  });

  test("ALTER VIEW is judged as OR REPLACE is", async () => {
    const alter = (query: string) => allRules([VIEW, `ALTER VIEW young AS ${query};`], engine);
    expect(await alter("SELECT age, id FROM users")).toBe("replacing-routine");
    expect(await alter("SELECT id FROM users")).toBe("breaking-running-code");
    expect(await alter("SELECT * FROM (SELECT id, age FROM users) x")).toBe("narrowing-view");
    expect(await alter("SELECT * FROM (SELECT id FROM users) x")).toBe("breaking-running-code");
    expect(await rules(["", "ALTER VIEW young AS SELECT id FROM users;"], engine)).toBe("breaking-running-code");
  });

  test("what is not told is no loss", async () => {
    const derived = "CREATE OR REPLACE VIEW young AS SELECT * FROM (SELECT id AS age, age AS id FROM users) x;";
    expect(await rules([VIEW, derived], engine)).toBe("narrowing-view");
    expect(await rules(["", "CREATE OR REPLACE VIEW young AS SELECT id FROM users;"], engine)).toBe("");
    const shorter = "CREATE OR REPLACE VIEW young AS SELECT id FROM users;";
    expect(await rules([VIEW, `-- zmigrate:phase contract\n${shorter}`], engine)).toBe("");
    expect(await rules([`${VIEW} ALTER VIEW young AS SELECT id FROM users;`, shorter], engine)).toBe("");
  });
});

describe.each(["mysql", "mariadb"] as const)("%s: INVISIBLE", (engine) => {
  test.each(["MODIFY sku varchar(64) INVISIBLE", "CHANGE sku sku varchar(64) INVISIBLE"])("%s", async (change) => {
    expect(await rules([ITEMS, `ALTER TABLE items ${change};`], engine)).toBe("breaking-running-code");
    const hidden = ITEMS.replace("varchar(64)", "varchar(64) INVISIBLE");
    expect(await rules([hidden, `ALTER TABLE items ${change};`], engine)).toBe("");
    const altered = `${ITEMS} ALTER TABLE items MODIFY sku varchar(64) INVISIBLE;`;
    expect(await rules([altered, `ALTER TABLE items ${change};`], engine)).toBe("");
  });

  test("MODIFY without it shows the column again", async () => {
    const hidden = ITEMS.replace("varchar(64)", "varchar(64) INVISIBLE");
    expect(await rules([hidden, "ALTER TABLE items MODIFY sku varchar(64);"], engine)).toBe("losing-column-attributes");
  });

  describeServer(engine, (server) => {
    test("the server takes both, and code that names what is gone fails", async () => {
      const db = await server.createDatabase("columns");
      const run = (sql: string) => query(db.url, sql);
      for (const sql of `${VIEW}${ITEMS}`.split(";").filter((text) => text.trim() !== "")) await run(sql);
      await run("CREATE OR REPLACE VIEW young AS SELECT id, age AS years FROM users");
      await expect(run("SELECT age FROM young")).rejects.toThrow("Unknown column 'age'");
      await run("ALTER TABLE items MODIFY sku varchar(64) INVISIBLE");
      await expect(run("INSERT INTO items VALUES (2, 'b', 3)")).rejects.toThrow("Column count");
      await run("INSERT INTO items VALUES (2, 3)");
      expect(await run("SELECT * FROM items")).toEqual([{ id: 2, qty: 3 }]);
      await db.drop();
    });
  });
});
