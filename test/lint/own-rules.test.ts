import { expect, test } from "vitest";
import { rule as banDropColumn } from "../../rules/ban-drop-column.js";
import type { Rule, RuleContext } from "../../rules/rule.js";
import { defineRule } from "../../src/config/define.js";
import { resolveSettings } from "../../src/config/settings.js";
import { postgresEngine } from "../../src/engines/postgres/index.js";
import { checkRule } from "../../src/lint/examples.js";
import { lintMigrations, lintOptions } from "../../src/lint/index.js";

const rule = (over: Partial<Rule>): Rule =>
  defineRule({
    id: "my-rule",
    engines: ["postgres"],
    severity: "warning",
    protects: "Ours.",
    check: () => ({ message: "Mine speaks.", help: "Do it my way." }),
    bad: [{ sql: "SELECT 1;" }],
    good: [{ sql: "SELECT 2;" }],
    ...over,
  });

async function lint(text: string, own: readonly Rule[], lintSettings = {}) {
  await postgresEngine.load();
  const settings = await resolveSettings({}, {}, "/");
  const options = lintOptions({ ...settings, lint: { ...settings.lint, ...lintSettings, own } }, postgresEngine);
  return lintMigrations([{ file: "t.sql", text, report: true }], options);
}

const told = async (...args: Parameters<typeof lint>) =>
  (await lint(...args)).findings.map(({ rule, severity }) => `${rule} ${severity}`);

test("speaks beside zmigrate's own rules, fallback rules included", async () => {
  expect(await told("ALTER TABLE t SET LOGGED;", [rule({})])).toEqual([
    "blocking-table-access error",
    "my-rule warning",
  ]);
});

test("follows severity settings", async () => {
  expect(await told("SELECT 1;", [rule({})], { rules: { "my-rule": "error" } })).toEqual(["my-rule error"]);
  expect(await told("SELECT 1;", [rule({})], { rules: { "my-rule": "off" } })).toEqual([]);
});

test("is ignored by its id, and an ignore of it that hides nothing is a finding", async () => {
  const ignore = "-- zmigrate:ignore my-rule -- we know\nSELECT 1;";
  expect(await told(ignore, [rule({})])).toEqual([]);
  expect(await told(ignore, [rule({ check: () => null })])).toEqual(["unused-ignore error"]);
  expect(await told(ignore, [])).toEqual(["bad-directive error"]);
});

test("is off with defaultOff until it is named", async () => {
  expect(await told("SELECT 1;", [rule({ defaultOff: true })])).toEqual([]);
  expect(await told("SELECT 1;", [rule({ defaultOff: true })], { rules: { "my-rule": "info" } })).toEqual([
    "my-rule info",
  ]);
});

test("only speaks on its engines, and about fresh tables only where it says so", async () => {
  const fresh = "CREATE TABLE t (a int);\nALTER TABLE t ADD COLUMN b int;";
  const speaks = ({ operation }: RuleContext) =>
    operation.kind === "add-column" ? { message: "Mine.", help: "" } : null;
  expect(await told(fresh, [rule({ check: speaks, engines: ["mysql"] })])).toEqual([]);
  expect(await told(fresh, [rule({ check: speaks })])).toEqual([]);
  expect(await told(fresh, [rule({ check: speaks, onFreshTables: true })])).toEqual(["my-rule warning"]);
});

test.each([
  ["a throw", () => JSON.parse("{"), "in JSON"],
  ["a promise", async () => null, "a promise"],
  ["a rejected promise", () => Promise.reject(new Error("late")), "a promise"],
  ["a text", () => "no", "neither null nor"],
  ["half a verdict", () => ({ message: "no" }), "neither null nor"],
  ["a fix without edits", () => ({ message: "m", help: "h", fix: {} }), "neither null nor"],
  ["a fix with a half edit", () => ({ message: "m", help: "h", fix: { edits: [{ start: 1 }] } }), "neither null nor"],
])("%s names the rule and the statement, and hides nothing", async (_, answer, why) => {
  const broken = rule({ check: answer as unknown as Rule["check"] });
  const { findings, unreadable } = await lint("ALTER TABLE t DROP COLUMN a;", [broken]);
  expect(findings.map((finding) => finding.rule)).toEqual(["ban-drop-column", "rule-failed"]);
  const [, failed] = findings;
  expect(failed?.message).toContain("your rule my-rule broke on `ALTER TABLE t DROP COLUMN a");
  expect(failed?.message).toContain(why);
  expect(failed?.help).not.toContain("zmigrate: please report");
  expect(unreadable).toBe(true);
});

test("a rule of zmigrate's that breaks is told as ours", async () => {
  const { RULES } = await import("../../rules/index.js");
  const { checkOperation } = await import("../../src/lint/check.js");
  expect(RULES).toContain(banDropColumn);
  const broken = { ...banDropColumn, check: () => JSON.parse("{") };
  const context = { engine: postgresEngine } as unknown as RuleContext;
  expect(checkOperation(context, [broken], { isFresh: false, isOwn: false }).broken.map(({ rule }) => rule)).toEqual([
    broken,
  ]);
});

test("cannot change what later rules read", async () => {
  const spoils = rule({
    id: "a-spoiler",
    check: (context) => {
      Object.assign(context, { operation: null });
      return null;
    },
  });
  expect(await told("ALTER TABLE t DROP COLUMN a;", [spoils, rule({})])).toEqual([
    "ban-drop-column error",
    "my-rule warning",
    "rule-failed error",
  ]);
});

test("keeps what its check is called on", async () => {
  const withState = {
    ...rule({}),
    words: "From this.",
    check(this: { readonly words: string }) {
      return { message: this.words, help: "" };
    },
  };
  const { findings } = await lint("SELECT 1;", [withState]);
  expect(findings.map(({ message }) => message)).toEqual(["From this."]);
});

test.each([
  [{ id: "My rule" }, "id: "],
  [{ severity: "fatal" }, "severity: "],
  [{ bad: [] }, "bad: "],
  [{ engines: ["oracle"] }, "engines.0: "],
  [{ good: [{ sql: "SELECT 2;", engines: ["oracle"] }] }, "good.0.engines.0: "],
])("checkRule names what a configuration would refuse: %j", async (over, place) => {
  const wrong = await checkRule({ ...rule({}), ...over } as Rule);
  expect(wrong).toHaveLength(1);
  expect(wrong[0]).toContain(place);
});
