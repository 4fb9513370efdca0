import { RULES } from "../../rules/index.js";
import type { Example, Rule } from "../../rules/rule.js";
import { engineFor } from "../config/engine.js";
import { ruleProblems } from "../config/schema.js";
import { parseVersion } from "../config/version.js";
import type { EngineName } from "../engines/engine.js";
import { placeOf } from "../files/layouts/place-of.js";
import type { Finding } from "../model/finding.js";
import { lintMigrations } from "./lint.js";

/** All that is found in an example, with its rule on whatever the settings say. */
export async function tryExample(rule: Rule, example: Example, name: EngineName): Promise<readonly Finding[]> {
  const engine = await engineFor(name);
  await engine.loadParser();
  const version = example.version === undefined ? engine.oldestVersion : parseVersion(example.version);
  const inputs = [{ ...placeOf("example.sql", example.sql, null), report: true }];
  const rules = RULES.includes(rule) ? RULES : [...RULES, { ...rule, aside: true }];
  const severities = { [rule.id]: rule.severity };
  return lintMigrations(inputs, { engine, version: version ?? engine.oldestVersion, severities, rules }).findings;
}

/** An input finding that keeps an example from meaning anything. */
const UNREAD: ReadonlySet<string> = new Set(["syntax-error", "bad-directive", "rule-failed"]);

/**
 * Tries the examples of a rule on every engine that they are for: for the tests of a project that has rules of its own.
 *
 * @returns what is wrong, one sentence each; empty when a configuration takes it, each bad example is found and no good one
 * @example
 * import { checkRule } from "zmigrate";
 * expect(await checkRule(myRule)).toEqual([]);
 */
export async function checkRule(rule: Rule): Promise<readonly string[]> {
  const refused = ruleProblems(rule);
  if (refused.length > 0) return refused;
  const wrong: string[] = [];
  for (const [kind, examples] of [["bad", rule.bad] as const, ["good", rule.good] as const]) {
    for (const example of examples) {
      for (const name of example.engines ?? rule.engines) {
        const why = whyWrong(kind, rule, await tryExample(rule, example, name));
        if (why !== null) wrong.push(`On ${name}, \`${example.sql}\` ${why}`);
      }
    }
  }
  return Object.freeze(wrong);
}

function whyWrong(kind: "bad" | "good", { id }: Rule, findings: readonly Finding[]): string | null {
  const unread = findings.find(({ rule }) => UNREAD.has(rule));
  if (unread !== undefined) return `cannot be judged: ${unread.message}.`;
  const found = findings.some(({ rule }) => rule === id);
  if (found === (kind === "bad")) return null;
  return found ? `is a good example, and "${id}" speaks.` : `is a bad example, and "${id}" says nothing.`;
}
