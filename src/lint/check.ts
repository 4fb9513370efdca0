import type { Rule, RuleContext, Verdict } from "../../rules/rule.js";

/** A rule and what it says. */
export interface Said {
  readonly rule: Rule;
  readonly verdict: Verdict;
}

/** A rule that broke instead of judging: an error of ours, which hides nothing that others say. */
export interface Broken {
  readonly rule: Rule;
  readonly error: unknown;
}

export interface Checked {
  readonly said: readonly Said[];
  readonly broken: readonly Broken[];
}

/**
 * What the rules say of one operation. Fallback rules are asked only when no other rule speaks of the same.
 *
 * @param isFresh the operation is about a table that the same file created
 */
export function checkOperation(context: RuleContext, rules: readonly Rule[], isFresh: boolean): Checked {
  const asked = rules.filter((rule) => rule.engines.includes(context.engine.name) && (!isFresh || rule.onFreshTables));
  const particular = ask(
    context,
    asked.filter((rule) => rule.fallback !== true),
  );
  if (particular.said.some(({ rule }) => rule.aside !== true)) return particular;
  const general = ask(
    context,
    asked.filter((rule) => rule.fallback === true),
  );
  return { said: [...particular.said, ...general.said], broken: [...particular.broken, ...general.broken] };
}

function ask(context: RuleContext, rules: readonly Rule[]): Checked {
  const said: Said[] = [];
  const broken: Broken[] = [];
  for (const rule of rules) {
    try {
      const verdict = rule.check(context);
      if (verdict !== null) said.push({ rule, verdict: withAssumptions(verdict, context) });
    } catch (error) {
      broken.push({ rule, error });
    }
  }
  return { said, broken };
}

/** A verdict that rests on a guess says so. */
function withAssumptions(verdict: Verdict, { effect, operation }: RuleContext): Verdict {
  if (effect.assumes.length === 0 || operation.kind === "other") return verdict;
  return { ...verdict, message: `${verdict.message} Assumed: ${effect.assumes.join("; ")}.` };
}
