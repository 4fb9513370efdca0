import type { GivenReader } from "../../fill-from-update.js";
import { volatilityOf } from "../effects/volatility.js";
import { bodies, body, contains, kindOf, strings } from "../parse/ast.js";
import { referencesIn } from "../parse/column-refs.js";
import { columnsIn, functionsIn } from "../parse/columns.js";
import { readExpression, readFragment } from "../parse/fragment.js";
import { findKeyword, findToken, splitAtCommas, textOf } from "../parse/source.js";
import { leftOut } from "./place.js";

/** `UPDATE t SET a = 1, b = lower(c)`: the text behind the `=` of a column. */
function given(head: string, column: string): string | null {
  const fragment = readFragment("", head, "");
  const update = typeof fragment === "string" ? null : body(fragment.node, "UpdateStmt");
  if (typeof fragment === "string" || update === null) return null;
  const { source } = fragment;
  const all = { from: 0, to: source.tokens.length };
  const set = findKeyword(source, all, "SET");
  const targets = bodies(update.targetList, "ResTarget");
  const parts = set === null ? [] : splitAtCommas(source, { from: set + 1, to: all.to });
  const plain = targets.every((t) => t.indirection === undefined && t.val !== undefined && !isOneOfRow(t.val));
  const at = targets.findIndex((t) => t.name === column);
  const part = parts[at];
  if (!plain || parts.length !== targets.length || part === undefined) return null;
  const equals = findToken(source, part, (t) => t.text === "=");
  return equals === null ? null : textOf(source, { from: equals + 1, to: part.to });
}

/** `(a, b) = (1, 2)`. */
const isOneOfRow = (value: Parameters<typeof kindOf>[0]): boolean => kindOf(value) === "MultiAssignRef";

function isNull(where: string, column: string): boolean {
  const read = readExpression(where);
  const test = typeof read === "string" ? null : body(read.tree as Parameters<typeof kindOf>[0], "NullTest");
  const names = strings(body(test?.arg, "ColumnRef")?.fields);
  return test?.nulltesttype === "IS_NULL" && names.at(-1) === column;
}

/** `a IS NOT NULL`, alone or one of those that AND joins. */
function asksForValue(tree: unknown, column: string): boolean {
  const node = tree as Parameters<typeof kindOf>[0];
  const joined = body(node, "BoolExpr");
  if (joined?.boolop === "AND_EXPR") return (joined.args ?? []).some((one) => asksForValue(one, column));
  const test = body(node, "NullTest");
  return test?.nulltesttype === "IS_NOT_NULL" && strings(body(test.arg, "ColumnRef")?.fields).at(-1) === column;
}

function refusesNull(condition: string, column: string): boolean {
  const read = readExpression(condition);
  return typeof read !== "string" && asksForValue(read.tree, column);
}

const QUERY: ReadonlySet<string> = new Set(["SubLink"]);

/** Why no trigger has the value of a row as the UPDATE gives it; null where one has. */
function beyondRow(expression: string): string | null {
  const read = readExpression(expression);
  if (typeof read === "string") return `cannot be read (${read})`;
  if (contains(read.tree, QUERY)) return "holds a query";
  if (referencesIn(read.tree).some((r) => r.star || r.parts.length > 2))
    return "names a column in a way that no trigger has";
  const [unknown] = volatilityOf(expression).unknown;
  return unknown === undefined ? null : `calls ${unknown}, which may give another one each time`;
}

function unsteady(expression: string): string | null {
  const beyond = beyondRow(expression);
  if (beyond !== null || !volatilityOf(expression).volatile) return beyond;
  const called = functionsIn(expression).find((f) => volatilityOf(`${f.name}()`).volatile)?.name;
  return `calls ${called}(), which gives another one each time`;
}

/** What an UPDATE of PostgreSQL gives a column: see `ownFill`. */
export const GIVEN: GivenReader = { leftOut, given, isNull, refusesNull, named: columnsIn, unsteady };

/** The same for a key, where each row has a value of its own: `nextval('s')`, `gen_random_uuid()`. */
export const GIVEN_OWN: GivenReader = { ...GIVEN, unsteady: beyondRow };
