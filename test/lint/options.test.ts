import { expect, test } from "vitest";
import { rule as banDropColumn } from "../../rules/ban-drop-column.js";
import type { Rule } from "../../rules/rule.js";
import { engineFor } from "../../src/config/engine.js";
import { type LintSettings, resolveSettings, type Settings } from "../../src/config/settings.js";
import { postgresEngine } from "../../src/engines/postgres/index.js";
import { lintMigrations } from "../../src/lint/index.js";
import { lintOptions } from "../../src/lint/options.js";

async function settingsWith(lint: Partial<LintSettings>): Promise<Settings> {
  const settings = await resolveSettings({}, {}, "/");
  return { ...settings, lint: { ...settings.lint, ...lint } };
}

test("without a version the whole range that is supported is meant", async () => {
  const settings = await resolveSettings({}, {}, "/");
  expect(lintOptions(settings, postgresEngine).version).toBe(postgresEngine.oldestVersion);
  expect(lintOptions(settings, postgresEngine).newestVersion).toBe(postgresEngine.newestVersion);
  const named = await resolveSettings({ serverVersion: "17" }, {}, "/");
  expect(lintOptions(named, postgresEngine).version.parts).toEqual([17]);
  expect(lintOptions(named, postgresEngine).newestVersion).toBeUndefined();
});

test("a configured rule that does not exist is refused", async () => {
  const settings = await settingsWith({ rules: { "renaming-colum": "off" } });
  expect(() => lintOptions(settings, postgresEngine)).toThrow(
    expect.objectContaining({
      code: "bad-config",
      message: expect.stringContaining('did you mean "renaming-column"?'),
    }),
  );
});

test("rules of style are off, follow lint.style, and a rule's own line is nearer", async () => {
  const severities = async (lint: Partial<LintSettings>) =>
    lintOptions(await settingsWith(lint), postgresEngine).severities;
  expect((await severities({}))["prefer-text-field"]).toBe("off");
  const both = await severities({ style: "warning", rules: { "prefer-text-field": "error" } });
  expect([both["prefer-text-field"], both["identifier-too-long"]]).toEqual(["error", "warning"]);
  expect(both["ban-drop-column"]).toBeUndefined();
});

test.each([
  ["ban-drop-column", 'zmigrate has a rule of its own called "ban-drop-column"'],
  ["syntax-error", 'zmigrate has a rule of its own called "syntax-error"'],
])("a rule of the configuration may not be called %s", async (id, message) => {
  const settings = await settingsWith({ own: [{ ...banDropColumn, id }] });
  expect(() => lintOptions(settings, postgresEngine)).toThrow(
    expect.objectContaining({ code: "bad-config", message: expect.stringContaining(message) }),
  );
});

test("two rules of the configuration may not have the same id", async () => {
  const one = { ...banDropColumn, id: "mine" };
  const settings = await settingsWith({ own: [one, one] });
  expect(() => lintOptions(settings, postgresEngine)).toThrow('two rules are called "mine"');
});

test("an answer for all versions is the worst: inline REFERENCES is enforced from MySQL 9 on, and ignored before", async () => {
  const engine = await engineFor("mysql");
  const algorithm: Rule = {
    ...banDropColumn,
    id: "tells-algorithm",
    check: ({ effect }) => ({ message: String(effect.algorithm), help: "" }),
  };
  const lint = async (serverVersion?: string) => {
    const settings = await resolveSettings({ serverVersion }, {}, "/");
    const options = lintOptions({ ...settings, lint: { ...settings.lint, own: [algorithm] } }, engine);
    const text = "ALTER TABLE t ADD COLUMN q bigint REFERENCES p (id);";
    const { findings } = lintMigrations([{ file: "t.sql", text, report: true }], options);
    return findings.find(({ rule }) => rule === "tells-algorithm")?.message;
  };
  expect(await lint("8.0.36")).toMatch(/^INSTANT/);
  expect(await lint("9.7.0")).toMatch(/^COPY/);
  expect(await lint()).toMatch(/^COPY/);
});
