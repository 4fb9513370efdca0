import type { Rule } from "../../rules/rule.js";
import type { RuleText } from "../report/lint/report.js";
import { INPUT_RULES } from "./input-rules.js";

/** What reports tell of rules, by id. */
export function ruleTexts(rules: readonly Rule[]): ReadonlyMap<string, RuleText> {
  const inputs = INPUT_RULES.map(({ id, protects, help, severity = "error" }): [string, RuleText] => [
    id,
    { protects, severity, ignorable: false, advice: help, bad: [], good: [] },
  ]);
  return new Map([...rules.map(textOf), ...inputs]);
}

const textOf = ({ id, protects, severity, bad, good }: Rule): [string, RuleText] => [
  id,
  { protects, severity, ignorable: true, bad: bad.map(({ sql }) => sql), good: good.map(({ sql }) => sql) },
];
