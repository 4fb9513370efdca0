import type { ViewCondition, ViewShape } from "../model/detail/view-shape.js";
import { HEAVIEST, weightOf } from "./view-weight.js";

/** A condition that is met where one of its arms is. */
export function anyOf(arms: readonly ViewCondition[]): ViewCondition {
  const [only] = arms;
  if (only !== undefined && arms.length === 1) return only;
  const values = only?.kind === "in" ? arms.map((arm) => valuesOf(arm, only.left)) : [null];
  if (only?.kind === "in" && !values.includes(null))
    return amongValues(
      only.left,
      values.flatMap((list) => list ?? []),
    );
  const text = arms.map((arm) => arm.text).sort();
  return Object.freeze({ kind: "any", text: `(${text.join(" or ")})`, arms: Object.freeze(arms) });
}

const valuesOf = (condition: ViewCondition, left: string): readonly string[] | null =>
  condition.kind === "in" && condition.left === left ? condition.values : null;

/** `left IN (values)`, `left = value`; with `not`, NOT IN and `<>`. */
export function amongValues(left: string, values: readonly string[], not = false): ViewCondition {
  const sorted = Object.freeze([...new Set(values)].sort());
  const text = `${left} ${not ? "not in" : "in"} (${sorted.join(", ")})`;
  return Object.freeze({ kind: not ? "not-in" : "in", text, left, values: sorted });
}

const FLIPPED = { "<": ">", "<=": ">=", ">": "<", ">=": "<=" } as const;

type Sign = keyof typeof FLIPPED;

const isSign = (text: string): text is Sign => text in FLIPPED;

/** A number, or a text in double quotes. */
export const isLiteral = (text: string): boolean => /^(?:-?\d+(?:\.\d+)?|"(?:[^"\\]|\\.)*")$/u.test(text);

/** A comparison of two texts. Which of them stands first does not matter. */
export function compared(left: string, sign: string, right: string): ViewCondition {
  if (isLiteral(left) && !isLiteral(right)) return compared(right, isSign(sign) ? FLIPPED[sign] : sign, left);
  if (sign === "=" || sign === "<>") {
    if (isLiteral(right)) return amongValues(left, [right], sign === "<>");
    return plain([left, right].sort().join(` ${sign} `));
  }
  if (isSign(sign) && /^-?\d/.test(right)) return bound(left, sign, Number(right));
  return sign === ">" || sign === ">=" ? plain(`${right} ${FLIPPED[sign]} ${left}`) : plain(`${left} ${sign} ${right}`);
}

/** `left IN (query)`, or with null `EXISTS (query)`; with `not`, the contrary. */
export function amongRows(left: string | null, shape: ViewShape, text: string, not = false): ViewCondition {
  return weightOf(shape) > HEAVIEST ? plain(text) : Object.freeze({ kind: "query", text, left, not, shape });
}

export function bound(left: string, sign: Sign, value: number): ViewCondition {
  return Object.freeze({ kind: "bound", text: `${left} ${sign} ${value}`, left, sign, value });
}

export function plain(text: string): ViewCondition {
  return Object.freeze({ kind: "plain", text });
}

/** Without the tables in front of columns. */
const bare = (text: string): string => text.replace(/[^\s(),]*→/g, "");

/** Whether two texts are the same, as far as they tell: a column whose table is not said may be any of that name. */
export const isSameText = (a: string, b: string): boolean =>
  a === b || (`${a}${b}`.includes("?→") && bare(a) === bare(b));

const has = (list: readonly string[], text: string): boolean => list.some((one) => isSameText(one, text));

const isWithin = (few: readonly string[], many: readonly string[]): boolean => few.every((one) => has(many, one));

/** Whether all rows of one query are seen to be rows of the other one too. With `asValues`, what they show counts. */
export type Contains = (few: ViewShape, many: ViewShape, asValues: boolean) => boolean;

/** Whether every row that meets one condition is seen to meet the other one too. */
export function implies(given: ViewCondition, asked: ViewCondition, contains: Contains): boolean {
  if (isSameText(given.text, asked.text)) return true;
  if (given.kind === "any") return given.arms.every((arm) => implies(arm, asked, contains));
  if (asked.kind === "any") return asked.arms.some((arm) => implies(given, arm, contains));
  if (!("left" in given) || !("left" in asked) || !isSameText(given.left ?? "", asked.left ?? "")) return false;
  if (given.kind === "query" && asked.kind === "query" && given.not === asked.not) {
    const [few, many] = given.not ? [asked, given] : [given, asked];
    return contains(few.shape, many.shape, given.left !== null);
  }
  if (given.kind === "bound" && asked.kind === "bound") return isWithinBound(given, asked);
  if (given.kind === "in" && asked.kind === "in") return isWithin(given.values, asked.values);
  if (given.kind === "in" && asked.kind === "not-in") return !asked.values.some((value) => has(given.values, value));
  return given.kind === "not-in" && asked.kind === "not-in" && isWithin(asked.values, given.values);
}

/** Whether every row that meets all of some conditions is seen to meet all of others too. Queries are told apart by their texts. */
export const implyAll = (given: readonly ViewCondition[], asked: readonly ViewCondition[]): boolean =>
  asked.every((one) => given.some((other) => implies(other, one, () => false)));

type Bound = Extract<ViewCondition, { readonly kind: "bound" }>;

function isWithinBound(given: Bound, asked: Bound): boolean {
  if (given.sign[0] !== asked.sign[0]) return false;
  if (given.value === asked.value) return given.sign === asked.sign || asked.sign.length === 2;
  return given.sign.startsWith("<") ? given.value < asked.value : given.value > asked.value;
}
