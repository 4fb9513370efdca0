import { describe, expect, test } from "vitest";
import { judged, rules } from "./judged.js";

const BASE = `CREATE TABLE users (id bigint PRIMARY KEY, n int);
CREATE TABLE other (id bigint PRIMARY KEY, n int);
CREATE TRIGGER marks BEFORE INSERT ON users FOR EACH ROW SET NEW.n = 1;
CREATE PROCEDURE counts() SELECT 1;`;
const TRIGGER = "CREATE TRIGGER marks BEFORE INSERT ON users FOR EACH ROW SET NEW.n = 2;";
const EXCHANGE = `DROP TRIGGER IF EXISTS marks; ${TRIGGER}`;

// Both servers take DROP and CREATE TRIGGER under LOCK TABLES, and only MariaDB takes OR REPLACE: asked of them.
describe.each(["mysql", "mariadb"] as const)("%s: what is dropped and made again by the next statement", (engine) => {
  const saidOf = async (sql: string) =>
    (await judged([BASE, sql], engine)).map(({ message, help }) => `${message} ${help}`);

  test("a trigger misses rows in between, and the way around it is told", async () => {
    const [said, ...more] = await saidOf(EXCHANGE);
    expect(said).toMatch(/^Rows of `users` that are written between .* are without what trigger marks does\./);
    expect(said).toContain(engine === "mysql" ? "LOCK TABLES `users` WRITE;" : "CREATE OR REPLACE TRIGGER");
    expect(more).toEqual([]);
  });

  test("a routine is not there in between", async () => {
    const [said] = await saidOf("DROP PROCEDURE IF EXISTS counts; CREATE PROCEDURE counts() SELECT 2;");
    expect(said).toContain("statements that name it fail (1305)");
    expect(said).toContain(engine === "mysql" ? "under another name" : "CREATE OR REPLACE PROCEDURE");
  });

  test("nobody writes in between while the session has the table for itself", async () => {
    expect(await rules([BASE, `LOCK TABLES users WRITE; ${EXCHANGE} UNLOCK TABLES;`], engine)).toBe("");
  });

  test.each([
    `LOCK TABLES users READ; ${EXCHANGE} UNLOCK TABLES;`,
    `LOCK TABLES other WRITE; ${EXCHANGE} UNLOCK TABLES;`,
    `LOCK TABLES users WRITE; UNLOCK TABLES; ${EXCHANGE}`,
    `LOCK TABLES users WRITE; START TRANSACTION; ${EXCHANGE} COMMIT;`,
  ])("but not under: %s", async (sql) => {
    expect(await rules([BASE, sql], engine)).toContain("breaking-running-code");
  });

  test.each(["DROP TRIGGER marks;", "DROP TRIGGER IF EXISTS marks;"])(
    "one of that name on another table is another one: %s",
    async (drop) => {
      const moved = `LOCK TABLES other WRITE; ${drop} ${TRIGGER.replace("users", "other")} UNLOCK TABLES;`;
      expect(await saidOf(moved)).toEqual(await saidOf(`LOCK TABLES other WRITE; ${drop} UNLOCK TABLES;`));
      expect((await saidOf(moved)).join()).toContain("what the trigger did to rows is not done any more");
      const [gone] = await judged([`${BASE} DROP TABLE users;`, "CREATE TABLE users (id int);", moved], engine);
      expect(gone?.message ?? "").not.toContain("what the trigger did");
    },
  );

  test("one that a file made is not assumed to be there, another one is", async () => {
    expect((await saidOf("DROP TRIGGER IF EXISTS marks;")).join()).not.toContain("no file made it");
    expect((await saidOf("DROP PROCEDURE IF EXISTS counts;")).join()).not.toContain("no file made it");
    expect((await saidOf("DROP PROCEDURE IF EXISTS nobodys;")).join()).toContain("though no file made it");
  });
});
