import type { Rule, RuleContext, Verdict } from "../../rules/rule.js";
import { show } from "../model/name.js";
import type { Standing } from "./fresh.js";
import { askedOf } from "./rule-set.js";
import { isNobodys, unmadeName } from "./unmade.js";
import { unreadChanges } from "./unread-changes.js";

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
 * @param standing whether the operation is about what the same file made
 */
export function checkOperation(context: RuleContext, rules: readonly Rule[], standing: Standing): Checked {
  const asked = askedOf(rules, context.engine.name, standing);
  const particular = ask(context, asked.particular);
  if (particular.said.some(({ rule }) => rule.aside !== true)) return particular;
  const general = ask(context, asked.fallback);
  return { said: [...particular.said, ...general.said], broken: [...particular.broken, ...general.broken] };
}

function ask(context: RuleContext, rules: readonly Rule[]): Checked {
  const said: Said[] = [];
  const broken: Broken[] = [];
  for (const rule of rules) {
    try {
      const verdict = verdictOf(rule.check(context));
      if (verdict !== null) said.push({ rule, verdict: withAssumptions(verdict, rule, context) });
    } catch (error) {
      broken.push({ rule, error: shownError(error) });
    }
  }
  return { said, broken };
}

/** What was thrown may be anything, also what cannot be made text of. */
function shownError(thrown: unknown): Error {
  try {
    return thrown instanceof Error ? thrown : new Error(String(thrown));
  } catch {
    return new Error("it threw something that cannot be shown");
  }
}

/**
 * A rule of somebody's own may be written in JavaScript: what it answers is looked at before it is believed.
 *
 * @throws Error it answered something else
 */
function verdictOf(answer: unknown): Verdict | null {
  if (answer === null || answer === undefined || answer === false) return null;
  if (answer instanceof Promise) {
    answer.catch(() => undefined);
    throw new Error("its check returned a promise, and must answer at once");
  }
  if (!isVerdict(answer)) throw new Error("its check returned neither null nor { message, help }");
  return answer;
}

function isVerdict(answer: unknown): answer is Verdict {
  if (typeof answer !== "object" || answer === null) return false;
  const { message, help, fix, once, severity } = answer as Partial<Record<keyof Verdict, unknown>>;
  const isSaid = typeof message === "string" && typeof help === "string";
  const isSevere = severity === undefined || ["error", "warning", "info"].includes(severity as string);
  return isSaid && isSevere && (fix === undefined || isFix(fix)) && (once === undefined || isTexts(once));
}

const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every((one) => typeof one === "string");

function isFix(fix: unknown): boolean {
  const { edits } = (fix ?? {}) as { readonly edits?: unknown };
  return Array.isArray(edits) && edits.every(isEdit);
}

const isEdit = (edit: Partial<Record<"start" | "end" | "text", unknown>> | null): boolean =>
  Number.isInteger(edit?.start) && Number.isInteger(edit?.end) && typeof edit?.text === "string";

/** A verdict that rests on a guess says so, one on what no file makes (which is a warning where files name all that there is), and one of a table that code may have changed which no file tells. */
function withAssumptions(said: Verdict, rule: Rule, context: RuleContext): Verdict {
  const { effect, operation, catalog, engine } = context;
  // What is locked and broken is no matter of a rule that is about something beside it.
  const guessed = operation.kind === "other" || rule.aside === true ? [] : effect.assumes;
  const rests = rule.costs === true ? (effect.rests ?? []) : [];
  const unmade = unmadeName(context);
  const isMild = unmade !== null && (said.severity ?? rule.severity) === "error" && isNobodys(unmade, context);
  const verdict: Verdict = isMild ? { ...said, severity: "warning" } : said;
  const there = unmade === null ? [] : [`${show(unmade)} is there, though no file made it`];
  const assumed = [
    ...there,
    ...rests,
    ...guessed.filter((one) => !rests.includes(one)),
    ...unreadChanges(operation, catalog, (relation) => engine.quoteRelation(relation)),
  ];
  return assumed.length === 0 ? verdict : { ...verdict, message: withAssumed(verdict.message, assumed) };
}

/** A message that says what it takes for granted, perhaps besides something else. */
export function withAssumed(message: string, assumed: readonly string[]): string {
  const more = assumed.join("; ");
  if (/ Assumed: [^.]*\.$/.test(message)) return `${message.slice(0, -1)}; ${more}.`;
  return `${message.replace(/(?<![.!?])\s*$/, ".")} Assumed: ${more}.`;
}
