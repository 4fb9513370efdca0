import { isReserved } from "./reserved.js";
import type { Token } from "./token.js";

const UNITS: ReadonlySet<string> = new Set("MICROSECOND SECOND MINUTE HOUR DAY WEEK MONTH QUARTER YEAR".split(" "));
/** Functions whose first argument is a keyword. */
const KEYWORD_FIRST: ReadonlySet<string> = new Set(["EXTRACT", "TIMESTAMPDIFF", "TIMESTAMPADD", "GET_FORMAT"]);
/** Words behind which a type, a character set, a collation or a name follows, and no column. */
const NAMING: ReadonlySet<string> = new Set(["AS", "COLLATE", "USING", "CHARSET"]);
/** Words that stand between operands; whatever else stands there is an operand itself. */
const CONNECTING: ReadonlySet<string> = new Set(
  `AND OR XOR NOT IN IS LIKE RLIKE REGEXP BETWEEN DIV MOD ESCAPE BINARY CASE WHEN THEN ELSE INTERVAL DISTINCT FROM OF
  MEMBER SOUNDS SELECT WHERE BY`.split(/\s+/),
);

/**
 * Whether the token at this place of an expression can be a column: a name, without a call's parenthesis or a
 * member's dot behind it, and not one of the keywords that a bare name may look like (`CAST(d AS date)`, `INTERVAL 1
 * day`, `EXTRACT(year FROM d)`).
 */
export function isColumnPlace(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at];
  const after = tokens[at + 1]?.text;
  if (token === undefined || after === "(" || after === ".") return false;
  if (token.kind === "quoted" || tokens[at - 1]?.text === ".") return token.kind === "quoted" || token.kind === "word";
  return token.kind === "word" && !isReserved(token.upper) && !isKeyword(tokens, at, token);
}

function isKeyword(tokens: readonly Token[], at: number, token: Token): boolean {
  const before = tokens[at - 1];
  const after = tokens[at + 1];
  // An introducer or a typed literal: `_utf8mb4'x'`, `DATE '2020-01-01'`.
  if (after?.kind === "string") return true;
  if (before?.kind === "word" && NAMING.has(before.upper)) return true;
  if (before?.upper === "SET" && /^CHAR/.test(tokens[at - 2]?.upper ?? "")) return true;
  if (before?.text === "(" && KEYWORD_FIRST.has(tokens[at - 2]?.upper ?? "")) return true;
  return UNITS.has(token.upper) && before !== undefined && isOperand(before);
}

/** A column never follows an operand directly, so a unit's name that does is a unit. */
function isOperand(token: Token): boolean {
  if (token.kind === "word") return !CONNECTING.has(token.upper);
  return token.kind !== "operator" || token.text === ")";
}

/**
 * The columns of a table that expressions name, each once, in the order of the text. `names` maps a name in lower
 * case to the name: columns do not differ by case.
 */
export function columnsIn(
  expressions: readonly (readonly Token[])[],
  names: ReadonlyMap<string, string>,
): readonly string[] {
  const found = new Set<string>();
  for (const tokens of expressions) {
    tokens.forEach((token, at) => {
      const name = names.get(token.value.toLowerCase());
      if (name !== undefined && isColumnPlace(tokens, at)) found.add(name);
    });
  }
  return [...found];
}
