import { RULES } from "../../rules/index.js";
import { INPUT_RULES } from "./input-rules.js";

/** What each rule protects, by id: for reports that describe their rules. */
export function ruleTexts(): ReadonlyMap<string, string> {
  return new Map([...RULES, ...INPUT_RULES].map(({ id, protects }) => [id, protects]));
}
