import { expect, test } from "vitest";
import { RULES } from "../../rules/index.js";
import { createMysqlEngine } from "../../src/engines/mysql/index.js";
import { askedOf, ruleSetOf } from "../../src/lint/rule-set.js";

const engine = createMysqlEngine("mysql");
const options = (severities: Record<string, "off" | "error"> = {}) => ({
  engine,
  version: engine.oldestVersion,
  severities,
});

test("it is found out once for the same options", () => {
  const same = options();
  expect(ruleSetOf(same)).toBe(ruleSetOf(same));
  expect(ruleSetOf(options())).not.toBe(ruleSetOf(same));
});

test("all rules are known, and what options say is over what the rules say", () => {
  const idle = RULES.find(({ aside, defaultOff }) => aside === true && defaultOff === true);
  const id = idle?.id ?? "";
  expect(ruleSetOf(options()).known).toEqual(RULES.map((rule) => rule.id));
  expect(ruleSetOf(options()).rules).not.toContain(idle);
  expect(ruleSetOf(options({ [id]: "error" })).rules).toContain(idle);
  expect(ruleSetOf(options({ [id]: "error" })).severities[id]).toBe("error");
});

test.each([true, false])(
  "rules of other engines are not asked; of a fresh table (%j) those that want to",
  (isFresh) => {
    const asked = askedOf(RULES, "mysql", { isFresh, isOwn: false });
    const expected = RULES.filter(
      (rule) => rule.engines.includes("mysql") && (!isFresh || rule.onFreshTables === true),
    );
    expect(asked.particular).toEqual(expected.filter(({ fallback }) => fallback !== true));
    expect(asked.fallback).toEqual(expected.filter(({ fallback }) => fallback === true));
  },
);
