import type { Finding } from "../model/finding.js";
import { namesText } from "../plural.js";
import type { Found } from "./suppress.js";

/** Of what a rule says once in a transaction the first finding, with what the others are about. */
export function toldOnce(found: readonly Found[]): readonly Finding[] {
  const firsts = new Map<object, Map<string, Set<string>>>();
  const left = found.filter(({ finding, once }) => {
    if (once === undefined) return true;
    const rules = firsts.get(once.transaction) ?? new Map<string, Set<string>>();
    const before = rules.get(finding.rule);
    const about = before ?? new Set<string>();
    for (const one of once.about) about.add(one);
    firsts.set(once.transaction, rules.set(finding.rule, about));
    return before === undefined;
  });
  return left.map(({ finding, once }) => {
    const all = once === undefined ? undefined : firsts.get(once.transaction)?.get(finding.rule);
    const others = [...(all ?? [])].filter((name) => once?.about.includes(name) === false);
    return others.length === 0
      ? finding
      : { ...finding, message: `${finding.message} So it is with ${namesText(others)} behind it.` };
  });
}
