import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { RULES } from "../../rules/index.js";
import type { Example, Rule } from "../../rules/rule.js";
import { engineFor } from "../../src/config/engine.js";
import { parseVersion } from "../../src/config/version.js";
import type { EngineName } from "../../src/engines/engine.js";
import { lintMigrations } from "../../src/lint/index.js";

async function rulesFound(example: Example, name: EngineName, rule: Rule): Promise<readonly string[]> {
  const engine = await engineFor(name);
  await engine.load();
  const version = example.version === undefined ? engine.oldestVersion : parseVersion(example.version);
  const inputs = [{ file: "example.sql", text: example.sql, report: true }];
  const severities = rule.defaultOff === true ? { [rule.id]: rule.severity } : {};
  return lintMigrations(inputs, { engine, version: version ?? engine.oldestVersion, severities }).findings.map(
    (finding) => finding.rule,
  );
}

const cases = (rule: Rule, examples: readonly Example[]) =>
  examples.flatMap((example) =>
    (example.engines ?? rule.engines).map((engine) => ({ engine, example, sql: example.sql })),
  );

test("the list holds every file of the folder, in order, each under its own name", () => {
  const files = readdirSync(new URL("../../rules", import.meta.url)).filter(
    (name) => !["index.ts", "rule.ts", "locks.ts", "understood.ts", "breakage.ts", "statement-fix.ts"].includes(name),
  );
  expect(RULES.map((rule) => `${rule.id}.ts`)).toEqual(files.toSorted());
});

describe.each(RULES)("$id", (rule) => {
  test.each(cases(rule, rule.bad))("$engine finds: $sql", async ({ engine, example }) => {
    expect(await rulesFound(example, engine, rule)).toContain(rule.id);
  });

  test.each(cases(rule, rule.good))("$engine passes: $sql", async ({ engine, example }) => {
    const found = await rulesFound(example, engine, rule);
    expect(found).not.toContain(rule.id);
    expect(found).not.toContain("syntax-error");
    expect(found).not.toContain("bad-directive");
  });

  test("has examples of both kinds and speaks in sentences", () => {
    expect(rule.good.length).toBeGreaterThan(0);
    expect(rule.bad.length).toBeGreaterThan(0);
    expect(rule.protects).toMatch(/^[A-Z].*\.$/);
    expect(rule.id).toMatch(/^[a-z]+(-[a-z]+)*$/);
  });
});
