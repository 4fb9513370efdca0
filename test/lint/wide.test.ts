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
