import { RULES } from "../../rules/index.js";
import type { Rule } from "../../rules/rule.js";
import type { Engine, EngineName, Version } from "../engines/engine.js";
import type { Severity } from "../model/finding.js";
import type { Standing } from "./fresh.js";

/** What files are judged for, and by what. */
export interface LintOptions {
  /** Loaded. */
  readonly engine: Engine;
  /** The oldest server that the files may run on. */
  readonly version: Version;
  /** The newest, where a range is meant: the worst answer within it counts. Absent when it is `version`. */
  readonly newestVersion?: Version;
  /** By rule id, over the rules' own severities. */
  readonly severities: Readonly<Record<string, Severity | "off">>;
  /** Without it: all of `rules/`. */
  readonly rules?: readonly Rule[];
  /** The files that are judged come with one deploy. Absent: they may be a whole history. */
  readonly oneDeploy?: boolean;
}

/** What options mean for the rules: the same for all files, so that it is found out once. */
export interface RuleSet {
  /** The ids of all rules. */
  readonly known: readonly string[];
  readonly severities: LintOptions["severities"];
  /** Those that are asked. */
  readonly rules: readonly Rule[];
}

const sets = new WeakMap<LintOptions, RuleSet>();

/** The rules of options, which must not change. */
export function ruleSetOf(options: LintOptions): RuleSet {
  const found = sets.get(options) ?? newRuleSet(options);
  sets.set(options, found);
  return found;
}

function newRuleSet(options: LintOptions): RuleSet {
  const all = options.rules ?? RULES;
  const severities = { ...offByDefault(all), ...options.severities };
  const rules = all.filter((rule) => !isIdle(rule, severities));
  return Object.freeze({ known: all.map(({ id }) => id), severities, rules });
}

const offByDefault = (rules: readonly Rule[]): LintOptions["severities"] =>
  Object.fromEntries(rules.filter((rule) => rule.defaultOff === true).map((rule) => [rule.id, "off"]));

/** It is switched off, and what it would say keeps no fallback rule from speaking: it need not be asked. */
const isIdle = ({ id, aside }: Rule, severities: LintOptions["severities"]): boolean =>
  aside === true && severities[id] === "off";

const withoutStyle = new WeakMap<readonly Rule[], readonly Rule[]>();

/** The same rules without those of style: how a block is written is not how a statement is. */
export function styleless(rules: readonly Rule[]): readonly Rule[] {
  const found = withoutStyle.get(rules) ?? Object.freeze(rules.filter(({ defaultOff }) => defaultOff !== true));
  withoutStyle.set(rules, found);
  return found;
}

/** Rules in the order in which they are asked. */
export interface Asked {
  readonly particular: readonly Rule[];
  readonly fallback: readonly Rule[];
}

const asked = new WeakMap<readonly Rule[], Map<string, Asked>>();

/** Those that judge an engine's operations, and of what the same file made only those that want to. */
export function askedOf(rules: readonly Rule[], engine: EngineName, standing: Standing): Asked {
  const known = asked.get(rules) ?? new Map<string, Asked>();
  asked.set(rules, known);
  const key = `${engine} ${standing.isFresh} ${standing.isOwn}`;
  const found = known.get(key) ?? newAsked(rules, engine, standing);
  known.set(key, found);
  return found;
}

function newAsked(rules: readonly Rule[], engine: EngineName, { isFresh, isOwn }: Standing): Asked {
  const wants = (rule: Rule) => (!isFresh || rule.onFreshTables === true) && (!isOwn || rule.losses !== true);
  const mine = rules.filter((rule) => rule.engines.includes(engine) && wants(rule));
  return Object.freeze({
    particular: mine.filter((rule) => rule.fallback !== true),
    fallback: mine.filter((rule) => rule.fallback === true),
  });
}
