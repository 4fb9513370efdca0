import type { Rule, RuleContext, Verdict } from "../../rules/rule.js";

/** A rule and what it says. */
export interface Said {
  readonly rule: Rule;
  readonly verdict: Verdict;
}

/**
 * What the rules say of one operation. Fallback rules are asked only when no other rule speaks.
 *
 * @param isFresh the operation is about a table that the same file created
 */
export function checkOperation(context: RuleContext, rules: readonly Rule[], isFresh: boolean): readonly Said[] {
  const asked = rules.filter((rule) => rule.engines.includes(context.engine.name) && (!isFresh || rule.onFreshTables));
  const particular = ask(
    context,
    asked.filter((rule) => rule.fallback !== true),
  );
  return particular.length > 0
    ? particular
    : ask(
        context,
        asked.filter((rule) => rule.fallback === true),
      );
}

function ask(context: RuleContext, rules: readonly Rule[]): readonly Said[] {
  return rules.flatMap((rule) => {
    const verdict = rule.check(context);
    return verdict === null ? [] : [{ rule, verdict: withAssumptions(verdict, context) }];
  });
}

/** A verdict that rests on a guess says so. */
function withAssumptions(verdict: Verdict, { effect, operation }: RuleContext): Verdict {
  if (effect.assumes.length === 0 || operation.kind === "other") return verdict;
  return { ...verdict, message: `${verdict.message} Assumed: ${effect.assumes.join("; ")}.` };
}
