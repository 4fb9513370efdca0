import { RULES } from "../../rules/index.js";
import type { Rule } from "../../rules/rule.js";
import type { Settings } from "../config/settings.js";
import { ZmigrateError } from "../errors.js";
import { asRule } from "../foreign-code.js";
import { INPUT_RULES } from "./input-rules.js";

/**
 * All rules that settings ask for: zmigrate's, and behind them those of the configuration. The latter hide nothing that
 * a fallback rule would say of the same statement.
 *
 * @throws ZmigrateError bad-config: two rules of one id, of which an ignore would hide both
 */
export function rulesOf({ lint, configFile }: Pick<Settings, "lint" | "configFile">): readonly Rule[] {
  const taken = new Set<string>([...RULES, ...INPUT_RULES].map(({ id }) => id));
  for (const { id } of lint.own) {
    if (taken.has(id)) {
      const whose = isOwn(lint.own, id) ? "two rules are called" : "zmigrate has a rule of its own called";
      throw new ZmigrateError("bad-config", { file: configFile ?? "configuration", reason: `rules: ${whose} "${id}"` });
    }
    taken.add(id);
  }
  return lint.own.length === 0 ? RULES : Object.freeze([...RULES, ...lint.own.map(asAside)]);
}

const isOwn = (own: readonly Rule[], id: string): boolean => own.filter((rule) => rule.id === id).length > 1;

/** A rule as it was given, `this` in its check included. */
const asAside = (rule: Rule): Rule =>
  Object.freeze({
    ...rule,
    aside: true,
    check: (context: Parameters<Rule["check"]>[0]) => asRule(rule.id, () => rule.check(context)),
  });
