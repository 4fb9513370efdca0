import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { readGates } from "../../src/config/gates.js";
import { postgresEngine } from "../../src/engines/postgres/index.js";
import { GATES } from "../../src/gates/index.js";
import { parseMigration } from "../../src/history/load.js";
import { planMigration } from "../../src/plan/plan.js";
import { schema } from "../engines/postgres/support/plan.js";
import { blocksOf, tableOf } from "./markdown.js";

const FILE = "docs/gates.md";
const blocks = (language: string): string[] =>
  blocksOf(FILE).flatMap((block) => (block.language === language ? [block.text] : []));

it("lists all gates, in the order in which they are checked", () => {
  const rows = tableOf(FILE, "| gate | open when |").map(([name = ""]) => name.replaceAll("`", ""));
  expect(rows).toEqual(GATES.map((gate) => gate.name));
});

it.each(blocks("json"))("a configuration takes %s", (text) => {
  const { gates } = JSON.parse(text) as { gates: Parameters<typeof readGates>[1] };
  expect(Object.keys(gates)).toHaveLength(1);
  const environments = { staging: { databaseUrl: "$STAGING_URL" }, production: { databases: { us: "$US_URL" } } };
  expect(() => readGates("zmigrate.config.json", gates, {}, environments)).not.toThrow();
});

it.each(blocks("sql"))("a plan is made of %s", async (text) => {
  const catalog = await schema("CREATE TABLE users (id int PRIMARY KEY, user_email text);");
  const given = { id: "20260101000000", slug: "x", file: "x.sql", text, checksum: "" };
  const version = { text: "18", parts: [18] };
  const { plan, refusals } = planMigration(parseMigration(given, postgresEngine), {
    ...{ engine: postgresEngine, catalog, version },
  });
  expect(refusals).toEqual([]);
  expect(plan?.gates).toHaveLength(1);
});

it("has every gate that is not told elsewhere, under its name", () => {
  const told = ["later-release", "verified", "dependents", "replicas", "soak", "park", "sql"];
  const titles = [...readFileSync(FILE, "utf8").matchAll(/^## ([a-z-]+):/gm)].map(([, name]) => name);
  expect(titles).toEqual(GATES.map((g) => g.name).filter((name) => !told.includes(name)));
});
