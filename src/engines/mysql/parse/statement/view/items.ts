import { isReserved } from "../../reserved.js";
import { listed, type Tokens, wordAt } from "./tokens.js";

/** Something that a SELECT shows. */
export interface Item {
  readonly tokens: Tokens;
  /** In lower case; null without one. */
  readonly alias: string | null;
}

const OPTIONS = /^(?:ALL|DISTINCT|DISTINCTROW|HIGH_PRIORITY|STRAIGHT_JOIN|SQL_\w+)$/;

/** What stands behind SELECT. */
export function itemsOf(select: Tokens): readonly Item[] {
  const start = select.findIndex((_, at) => !OPTIONS.test(wordAt(select, at)));
  return listed(select.slice(Math.max(0, start))).map(itemOf);
}

/** `a AS b`, `a b`, `a 'b'`. */
function itemOf(tokens: Tokens): Item {
  const last = tokens.at(-1);
  const before = tokens.at(-2);
  const alone = { tokens, alias: null };
  if (last === undefined || before === undefined || last.kind === "operator" || last.kind === "number") return alone;
  const alias = last.value.toLowerCase();
  if (before.upper === "AS") return { tokens: tokens.slice(0, -2), alias };
  const ends = before.kind === "operator" ? before.text === ")" : before.kind !== "word" || !isReserved(before.upper);
  const names = last.kind === "quoted" || last.kind === "string" || (last.kind === "word" && !isReserved(last.upper));
  return ends && names && last.upper !== "END" ? { tokens: tokens.slice(0, -1), alias } : alone;
}

/** What the column is called that an item becomes, in lower case: null where an expression names it. */
export function columnName({ tokens, alias }: Item): string | null {
  if (alias !== null) return alias;
  const isName = tokens.every(({ text }, at) => (at % 2 === 1) === (text === "."));
  const last = tokens.at(-1);
  if (!isName || last === undefined) return null;
  if (last.text === "*") return "*";
  return last.kind === "word" || last.kind === "quoted" ? last.value.toLowerCase() : null;
}
