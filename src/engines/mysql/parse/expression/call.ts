import { accept, type Cursor, expect, looksAt, next, peek } from "../cursor.js";
import { seesIdentifier } from "../names.js";
import { nested } from "../nesting.js";
import { isReserved } from "../reserved.js";
import { readArguments } from "./arguments.js";
import { readArithmetic } from "./expression.js";
import { readOver } from "./over.js";
import { PURE } from "./pure-functions.js";
import { readColumnReference, SPECIAL } from "./special-call.js";

/** Functions whose names are keywords. */
const KEYWORDS: ReadonlySet<string> = new Set(
  `CAST CHAR CONVERT CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER DATABASE DEFAULT IF INSERT INTERVAL LEFT LOCALTIME
  LOCALTIMESTAMP MATCH MOD REPEAT REPLACE RIGHT SCHEMA UTC_DATE UTC_TIME UTC_TIMESTAMP VALUES`.split(/\s+/),
);
/** Those of them that may go without parentheses. */
const BARE: ReadonlySet<string> = new Set(
  `CURRENT_DATE CURRENT_ROLE CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER LOCALTIME LOCALTIMESTAMP UTC_DATE UTC_TIME
  UTC_TIMESTAMP`.split(/\s+/),
);

/** Functions that the grammars do not take without an argument. */
const WITH_ARGUMENTS: ReadonlySet<string> = new Set(
  `AVG BIT_AND BIT_OR BIT_XOR DATE DATE_ADD DATE_SUB DAY HOUR INSERT LEFT MAX MIN MINUTE MOD MONTH QUARTER REPEAT
  REPLACE RIGHT SECOND STD STDDEV STDDEV_POP STDDEV_SAMP SUM TIME TIMESTAMP TRUNCATE VARIANCE VAR_POP VAR_SAMP WEEK
  COALESCE JSON_ARRAYAGG JSON_OBJECTAGG LASTVAL MEDIAN NEXTVAL SETVAL PERCENTILE_CONT PERCENTILE_DISC YEAR`.split(
    /\s+/,
  ),
);

/** Functions that are none when a space stands before the parenthesis ("Function Name Parsing" in the manual). */
const ADJACENT: ReadonlySet<string> = new Set(
  `ADDDATE BIT_AND BIT_OR BIT_XOR CAST COUNT CURDATE CURTIME DATE_ADD DATE_SUB EXTRACT GROUP_CONCAT MAX MID MIN NOW
  POSITION SESSION_USER STD STDDEV STDDEV_POP STDDEV_SAMP SUBDATE SUBSTR SUBSTRING SUM SYSDATE SYSTEM_USER TRIM VARIANCE
  VAR_POP VAR_SAMP`.split(/\s+/),
);

/** Whether a function is called there: `f(`, or one that needs no parentheses. */
export function seesCall(cursor: Cursor): boolean {
  const { upper } = peek(cursor);
  if ((BARE.has(upper) && isReserved(upper, cursor.dialect)) || upper === "MATCH") return true;
  if (ADJACENT.has(upper) && peek(cursor).span.end !== peek(cursor, 1).span.start) return false;
  return looksAt(cursor, "(", 1) && (KEYWORDS.has(upper) || seesIdentifier(cursor));
}

/** `f(a, b)`, from the function's name on. @throws Unreadable */
export function readCall(cursor: Cursor): void {
  const { kind, upper, value } = next(cursor);
  if (kind === "word" && upper === "MATCH") readMatch(cursor);
  else if (looksAt(cursor, "(")) {
    if (kind === "quoted" || !PURE.has(upper)) cursor.calls.push(Object.freeze({ schema: null, name: value }));
    readArgumentsOf(cursor, upper);
  }
}

/** `s.f(a, b)`, from its parenthesis on: a function of the database's own. @throws Unreadable */
export function readOwnCall(cursor: Cursor, schema: string, name: string): void {
  cursor.calls.push(Object.freeze({ schema, name }));
  readArgumentsOf(cursor, "");
}

function readArgumentsOf(cursor: Cursor, name: string): void {
  const special = SPECIAL.get(name);
  nested(cursor, () => {
    expect(cursor, "(");
    if (special !== undefined) special(cursor);
    else if (!looksAt(cursor, ")") || WITH_ARGUMENTS.has(name)) readArguments(cursor);
    expect(cursor, ")");
  });
  readOver(cursor);
}

/** `MATCH (a, b) AGAINST ('x' IN BOOLEAN MODE)`, also without the first parentheses. */
function readMatch(cursor: Cursor): void {
  const bracket = accept(cursor, "(");
  do readColumnReference(cursor);
  while (accept(cursor, ","));
  if (bracket) expect(cursor, ")");
  expect(cursor, "AGAINST", "(");
  readArithmetic(cursor);
  if (accept(cursor, "IN", "NATURAL", "LANGUAGE", "MODE")) readExpansion(cursor);
  else if (!accept(cursor, "IN", "BOOLEAN", "MODE")) readExpansion(cursor);
  expect(cursor, ")");
}

function readExpansion(cursor: Cursor): void {
  if (accept(cursor, "WITH")) expect(cursor, "QUERY", "EXPANSION");
}
