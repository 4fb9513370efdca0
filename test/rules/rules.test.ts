import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { RULES } from "../../rules/index.js";
import type { Example, Rule } from "../../rules/rule.js";
import type { EngineName } from "../../src/engines/engine.js";
import { tryExample } from "../../src/lint/examples.js";

const rulesFound = async (example: Example, name: EngineName, rule: Rule): Promise<readonly string[]> =>
  (await tryExample(rule, example, name)).map((finding) => finding.rule);

const cases = (rule: Rule, examples: readonly Example[]) =>
  examples.flatMap((example) =>
    (example.engines ?? rule.engines).map((engine) => ({ engine, example, sql: example.sql })),
  );

const NO_RULES = [
  "ambiguous-name.ts",
  "behind-view.ts",
  "bookkeeping.ts",
  "bounded-by-key.ts",
  "breakage.ts",
  "commits-itself.ts",
  "computed-value.ts",
  "default-put-back.ts",
  "gone-table.ts",
  "granted-again.ts",
  "in-parts.ts",
  "index.ts",
  "key-put-back.ts",
  "keys-made.ts",
  "letters.ts",
  "locks.ts",
  "made-anew.ts",
  "made-behind.ts",
  "missing-from-history.ts",
  "mysql-missing.ts",
  "mysql-refused-default.ts",
  "mysql-refused-foreign-key.ts",
  "mysql-refused-key.ts",
  "mysql-refused-on-view.ts",
  "mysql-refused-partition.ts",
  "mysql-refused-text.ts",
  "mysql-refused-trigger.ts",
  "mysql-value.ts",
  "new-partition.ts",
  "operator-class.ts",
  "other-view-column.ts",
  "outside-transaction.ts",
  "put-back.ts",
  "refused-attach.ts",
  "refused-attribute.ts",
  "refused-by-need.ts",
  "refused-default.ts",
  "refused-expression.ts",
  "refused-index.ts",
  "refused-part.ts",
  "refused-retype.ts",
  "refused-routine.ts",
  "refused-sql-body.ts",
  "refused-trigger.ts",
  "refused-under-locks.ts",
  "refused-value.ts",
  "refused-view.ts",
  "refused-written.ts",
  "renamed-column.ts",
  "replica-identity.ts",
  "reshaped.ts",
  "rights-given.ts",
  "rule.ts",
  "same-spelling.ts",
  "statement-fix.ts",
  "taken-name.ts",
  "type-met.ts",
  "type-put-back.ts",
  "understood.ts",
  "unique-help.ts",
  "unknown-column.ts",
  "unknown-letters.ts",
  "without-partition-key.ts",
  "written-columns.ts",
];

test("the list holds every file of the folder, in order, each under its own name", () => {
  const files = readdirSync(new URL("../../rules", import.meta.url)).filter((name) => !NO_RULES.includes(name));
  expect(RULES.map((rule) => rule.id)).toEqual(files.map((name) => name.replace(/\.ts$/, "")).toSorted());
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
    expect(found).not.toContain("rule-failed");
  });

  test("has examples of both kinds and speaks in sentences", () => {
    expect(rule.good.length).toBeGreaterThan(0);
    expect(rule.bad.length).toBeGreaterThan(0);
    expect(rule.protects).toMatch(/^[A-Z].*\.$/);
    expect(rule.id).toMatch(/^[a-z]+(-[a-z]+)*$/);
  });
});

test("what is off by itself, or only advice, keeps no fallback rule from speaking", () => {
  const loud = RULES.filter((rule) => rule.defaultOff === true && rule.aside !== true);
  expect(loud.map(({ id }) => id)).toEqual([]);
  expect(RULES.filter((rule) => rule.defaultOff === true && rule.severity !== "info").map(({ id }) => id)).toEqual([]);
});
