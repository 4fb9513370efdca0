import { expect, test } from "vitest";
import { rule as banDropColumn } from "../../rules/ban-drop-column.js";
import type { Rule } from "../../rules/rule.js";
import { postgresEngine } from "../../src/engines/postgres/index.js";
import { initialCatalog, lintFile } from "../../src/lint/file.js";

const engine = postgresEngine;
const SQL = "ALTER TABLE t DROP COLUMN a;";

async function lint(rules: readonly Rule[], severities = {}) {
  await engine.load();
  const options = { engine, version: engine.oldestVersion, severities, rules };
  return lintFile({ file: "t.sql", text: SQL }, initialCatalog(engine), options);
}

test("a rule that breaks is named with its statement, and hides nothing that others say", async () => {
  const broken: Rule = {
    ...banDropColumn,
    id: "breaks-down",
    check: () => {
      throw new Error("no such thing");
    },
  };
  const { findings, unreadable } = await lint([broken, banDropColumn]);
  expect(findings.map(({ rule }) => rule)).toEqual(["ban-drop-column", "rule-failed"]);
  expect(findings[1]?.message).toContain("your rule breaks-down broke on `ALTER TABLE t DROP COLUMN a");
  expect(findings[1]?.message).toContain("no such thing");
  expect(unreadable).toBe(true);
});

test("a rule of style speaks only where the configuration gives it a severity", async () => {
  const style: Rule = { ...banDropColumn, defaultOff: true };
  expect((await lint([style])).findings).toEqual([]);
  const { findings } = await lint([style], { "ban-drop-column": "info" });
  expect(findings.map(({ rule, severity }) => `${rule} ${severity}`)).toEqual(["ban-drop-column info"]);
});

test("what a rule says of something else does not hide that the table stands still", async () => {
  await engine.load();
  const options = { engine, version: engine.oldestVersion, severities: {} };
  const text = "BEGIN; ALTER TABLE u ADD COLUMN b int; ALTER TABLE t SET LOGGED; COMMIT;";
  const { findings } = lintFile({ file: "t.sql", text }, initialCatalog(engine), options);
  expect(findings.map(({ rule }) => rule)).toContain("blocking-table-access");
});

test("a rule that throws what cannot be shown hides nothing either", async () => {
  const broken: Rule = {
    ...banDropColumn,
    id: "breaks-down",
    check: () => {
      throw {
        toString: () => {
          throw new Error("no text");
        },
      };
    },
  };
  const { findings } = await lint([broken, banDropColumn]);
  expect(findings.map(({ rule }) => rule)).toEqual(["ban-drop-column", "rule-failed"]);
});
