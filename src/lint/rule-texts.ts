import type { Rule } from "../../rules/rule.js";
import { INPUT_RULES } from "./input-rules.js";

/** What each rule protects, by id: for reports that describe their rules. */
export function ruleTexts(rules: readonly Rule[]): ReadonlyMap<string, string> {
  return new Map([...rules, ...INPUT_RULES].map(({ id, protects }) => [id, protects]));
}
