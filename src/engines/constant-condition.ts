/** A constant: a text or a number. */
export type Constant = string | number;

type Truth = boolean | null;

interface Reading {
  readonly tokens: readonly string[];
  readonly column: string;
  readonly value: Constant;
  at: number;
}

/** Thrown, and caught below, where a text is more than is read here. */
const UNREAD = Symbol("unread");

const TOKEN =
  /\s+|'(?:[^'\\]|'')*'|"(?:[^"]|"")+"|`(?:[^`]|``)+`|::\s*[a-z_][\w ]*(?:\(\s*\d+(?:\s*,\s*\d+)?\s*\))?(?:\[\])?|\d+(?:\.\d+)?|\w+|<>|!=|<=|>=|[-<>=(),[\]]/giy;

/** The constant that a text is, `'a'::text` and `(-1)` among them; null for anything else, also for NULL. */
export function constantOf(text: string): Constant | null {
  const reading = { tokens: tokensOf(unwrapped(text)) ?? [], column: "", value: 0, at: 0 };
  return quietly(() => {
    const value = constant(reading);
    return reading.at === reading.tokens.length ? value : null;
  });
}

/** Without brackets around all of it. */
function unwrapped(text: string): string {
  const inner = /^\s*\(([^()]*)\)\s*$/.exec(text)?.[1];
  return inner ?? text;
}

/**
 * Whether a condition is sure not to hold for a column's constant, whatever the rest of the row is. Texts are compared as far
 * as every collation agrees.
 *
 * @example
 * isSureToFail("status <> ''", "status", "") // true
 */
export function isSureToFail(condition: string, column: string, value: Constant): boolean {
  const tokens = tokensOf(condition);
  if (tokens === null) return false;
  const reading: Reading = { tokens, column: column.toLowerCase(), value, at: 0 };
  return quietly(() => either(reading) === false && reading.at === tokens.length) === true;
}

/**
 * Whether a condition is sure to let a column's constant through, or its NULL, whatever the rest of the row is.
 *
 * @example
 * isSureToHold("age > 0", "age", null) // true
 */
export function isSureToHold(condition: string, column: string, value: Constant | null): boolean {
  const tokens = tokensOf(readingJson(condition, value));
  if (tokens === null) return false;
  if (value === null) return isNullForNull(tokens, column);
  const reading: Reading = { tokens, column: column.toLowerCase(), value, at: 0 };
  return quietly(() => either(reading) === true && reading.at === tokens.length) === true;
}

/** `json_valid(a)` as a comparison. */
function readingJson(condition: string, value: Constant | null): string {
  const holds = value === null ? "$1 = 1" : isJson(value) ? "1 = 1" : null;
  return holds === null ? condition : condition.replace(/\bjson_valid\s*\(\s*(`[^`]+`|\w+)\s*\)/gi, holds);
}

function isJson(value: Constant): boolean {
  try {
    JSON.parse(String(value));
    return true;
  } catch {
    return false;
  }
}

/** Comparisons of NULL are NULL, and so is what AND, OR and NOT make of them; `IS NULL` holds where no NOT is about it. */
function isNullForNull(tokens: readonly string[], column: string): boolean {
  const words = tokens.map((token) => token.toLowerCase());
  const isColumn = (word: string) => word.replace(/^["`]|["`]$/g, "") === column.toLowerCase();
  const text = words.join(" ");
  if (/<= >/.test(text) || (words.includes("is") && words.includes("not"))) return false;
  return (
    words.every((word) => isColumn(word) || !/^["`a-z_]/.test(word) || OF_NULL.has(word)) &&
    text.split(/ (?:and|or) /).every((one) => one.split(" ").some(isColumn))
  );
}

const OF_NULL: ReadonlySet<string> = new Set(["and", "or", "not", "in", "is", "null"]);

const TEXTS = /^\s*(?:text|(?:n?var)?char(?:acter)?|character varying|citext|enum|(?:tiny|medium|long)text)\b/i;
const NUMBERS =
  /^\s*(?:(?:tiny|small|medium|big)?(?:int|integer|serial)[248]?|numeric|decimal|float[48]?|double|real)\b/i;

/** Whether a column of a type keeps a constant as it is: other types read, or round, it. */
export function isKept(value: Constant, type: string): boolean {
  if (typeof value === "string") return TEXTS.test(type);
  if (!NUMBERS.test(type)) return false;
  const digits = /\.(\d+)$/.exec(String(value))?.[1]?.length ?? 0;
  return /^\s*(?:float|double|real)/i.test(type) || digits <= Number(/,\s*(\d+)\s*\)/.exec(type)?.[1] ?? 0);
}

function quietly<T>(read: () => T): T | null {
  try {
    return read();
  } catch (thrown) {
    if (thrown === UNREAD) return null;
    throw thrown;
  }
}

function tokensOf(text: string): readonly string[] | null {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const token = TOKEN.exec(text)?.[0];
    if (token === undefined) return null;
    // What a cast makes of a constant is compared with what the same cast makes of the other one.
    if (token.trim() !== "" && !token.startsWith("::")) tokens.push(token);
  }
  return tokens;
}

const seen = ({ tokens, at }: Reading): string => tokens[at]?.toLowerCase() ?? "";

function accept(reading: Reading, ...words: readonly string[]): boolean {
  if (words.some((word, i) => reading.tokens[reading.at + i]?.toLowerCase() !== word)) return false;
  reading.at += words.length;
  return true;
}

function expect(reading: Reading, word: string): void {
  if (!accept(reading, word)) throw UNREAD;
}

function either(reading: Reading): Truth {
  let truth = both(reading);
  while (accept(reading, "or")) {
    const other = both(reading);
    truth = truth === true || other === true ? true : truth === false && other === false ? false : null;
  }
  return truth;
}

function both(reading: Reading): Truth {
  let truth = negated(reading);
  while (accept(reading, "and")) {
    const other = negated(reading);
    truth = truth === false || other === false ? false : truth === true && other === true ? true : null;
  }
  return truth;
}

function negated(reading: Reading): Truth {
  if (accept(reading, "not")) return opposite(negated(reading));
  const start = reading.at;
  if (!accept(reading, "(")) return comparison(reading);
  // `(a) > 1`: the bracket is around a value.
  const truth = quietly(() => {
    const inner = either(reading);
    expect(reading, ")");
    if (SIGNS.has(seen(reading)) || seen(reading) === "in" || seen(reading) === "is") throw UNREAD;
    return { inner };
  });
  if (truth !== null) return truth.inner;
  reading.at = start;
  return comparison(reading);
}

const opposite = (truth: Truth): Truth => (truth === null ? null : !truth);

const SIGNS: ReadonlySet<string> = new Set(["=", "<>", "!=", "<", "<=", ">", ">="]);

function comparison(reading: Reading): Truth {
  const left = operand(reading);
  if (accept(reading, "is", "null")) return left === null ? null : false;
  if (accept(reading, "is", "not", "null")) return left === null ? null : true;
  const isNot = accept(reading, "not");
  if (accept(reading, "between")) {
    const [from, , to] = [operand(reading), expect(reading, "and"), operand(reading)];
    const [above, below] = [compare(left, ">=", from), compare(left, "<=", to)];
    const within = above === false || below === false ? false : above === true && below === true ? true : null;
    return isNot ? opposite(within) : within;
  }
  if (accept(reading, "in")) {
    const among = listed(reading).map((one) => compare(left, "=", one));
    const isIn = among.includes(true) ? true : among.every((one) => one === false) ? false : null;
    return isNot ? opposite(isIn) : isIn;
  }
  const sign = seen(reading);
  if (isNot || !SIGNS.has(sign)) throw UNREAD;
  reading.at += 1;
  if (sign === "=" && accept(reading, "any", "(")) return amongArray(reading, left);
  return compare(left, sign, operand(reading));
}

/** `= ANY (ARRAY['a', 'b'])`, as PostgreSQL prints IN. */
function amongArray(reading: Reading, left: Constant | null): Truth {
  const bracketed = accept(reading, "(");
  for (const word of ["array", "["]) expect(reading, word);
  const equal: Truth[] = [];
  do equal.push(compare(left, "=", operand(reading)));
  while (accept(reading, ","));
  for (const word of ["]", ...(bracketed ? [")"] : []), ")"]) expect(reading, word);
  return equal.includes(true) ? true : equal.every((one) => one === false) ? false : null;
}

function listed(reading: Reading): readonly (Constant | null)[] {
  expect(reading, "(");
  const values: (Constant | null)[] = [];
  do values.push(operand(reading));
  while (accept(reading, ","));
  expect(reading, ")");
  return values;
}

const LENGTHS: ReadonlySet<string> = new Set(["length", "char_length", "character_length"]);

/** The value of a column or constant; null for another column, which may be anything. */
function operand(reading: Reading): Constant | null {
  if (accept(reading, "(")) {
    const inner = operand(reading);
    expect(reading, ")");
    return inner;
  }
  const word = seen(reading);
  const called = reading.tokens[reading.at + 1] === "(";
  if (called && (LENGTHS.has(word) || word === "trim" || word === "btrim")) {
    reading.at += 2;
    const inner = operand(reading);
    expect(reading, ")");
    if (typeof inner !== "string") return null;
    if (!/^[\x20-\x7e]*$/.test(inner)) return null;
    return LENGTHS.has(word) ? inner.length : inner.replace(/^ +| +$/g, "");
  }
  if (!/^["`a-z_]/.test(word)) return constant(reading);
  if (called || NO_NAMES.has(word)) throw UNREAD;
  reading.at += 1;
  return word.replace(/^["`]|["`]$/g, "") === reading.column ? reading.value : null;
}

const NO_NAMES: ReadonlySet<string> = new Set(
  "null true false case when and or not in is between exists any all".split(" "),
);

function constant(reading: Reading): Constant {
  const minus = accept(reading, "-");
  const word = reading.tokens[reading.at] ?? "";
  reading.at += 1;
  if (/^\d/.test(word)) return minus ? -Number(word) : Number(word);
  if (minus || !word.startsWith("'")) throw UNREAD;
  return word.slice(1, -1).replaceAll("''", "'");
}

/** Null where collations, or the types of two sides, decide. */
function compare(left: Constant | null, sign: string, right: Constant | null): Truth {
  if (left === null || right === null || typeof left !== typeof right) return null;
  if (typeof left === "number" && typeof right === "number") {
    const order = left - right;
    if (sign === "=") return order === 0;
    if (sign === "<>" || sign === "!=") return order !== 0;
    return sign === "<" ? order < 0 : sign === "<=" ? order <= 0 : sign === ">" ? order > 0 : order >= 0;
  }
  const equal = left === right ? true : isOther(String(left), String(right)) ? false : null;
  if (sign === "=") return equal;
  return sign === "<>" || sign === "!=" ? opposite(equal) : null;
}

/** Different by more than case, and blanks at the end. */
function isOther(a: string, b: string): boolean {
  const plain = (text: string) => text.toLowerCase().trimEnd();
  return /^[\x20-\x7e]*$/.test(a + b) && plain(a) !== plain(b);
}
