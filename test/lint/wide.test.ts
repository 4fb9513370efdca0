import { expect, test } from "vitest";
import { rules } from "../rules/judged.js";

/** User time of the process for one ALTER that adds so many columns, microseconds. */
async function taken(columns: number, engine: "mysql" | "mariadb"): Promise<number> {
  const added = Array.from({ length: columns }, (_, at) => `ADD COLUMN c${at} int`).join(", ");
  const start = process.cpuUsage();
  expect(await rules(["CREATE TABLE w (id int PRIMARY KEY);", `ALTER TABLE w ${added};`], engine)).toBe("");
  return process.cpuUsage(start).user;
}

// Where each column looked at all others, four times as many took sixteen times as long.
test.each(["mysql", "mariadb"] as const)("%s: the time for one ALTER grows with its columns", async (engine) => {
  await taken(500, engine);
  const few = await taken(1000, engine);
  expect((await taken(4000, engine)) / few).toBeLessThan(10);
});

/** User time of the process for one transaction that makes so many views again with other columns, microseconds. */
async function swapped(views: number): Promise<number> {
  const all = Array.from({ length: views }, (_, at) => at);
  const made = all.map(
    (at) => `CREATE TABLE t${at} (id int PRIMARY KEY, a text, b text); CREATE VIEW v${at} AS SELECT id, a FROM t${at};`,
  );
  const anew = all.map((at) => `DROP VIEW v${at}; CREATE VIEW v${at} AS SELECT id, b, a FROM t${at};`);
  const start = process.cpuUsage();
  expect(await rules([made.join("\n"), `BEGIN;\n${anew.join("\n")}\nCOMMIT;`], "postgres")).toContain(
    "breaking-running-code",
  );
  return process.cpuUsage(start).user;
}

// Where each DROP worked out the schema at the end of its transaction, four times as many took thirteen times as long.
test("the time for one transaction grows with the views that it makes again", { timeout: 120_000 }, async () => {
  await swapped(25);
  const few = await swapped(50);
  expect((await swapped(200)) / few).toBeLessThan(8);
});
