import type { FuncCall } from "libpg-query";
import { strings, walk } from "./ast.js";
import { columnsOfTree } from "./column-refs.js";
import { readExpression, unreadable } from "./fragment.js";

export { renameColumnInConstraint, renameColumnInExpression, renameColumnInIndex } from "./rename-column.js";

/** A function as an expression calls it. `schema` is null when the call names none. */
export interface CalledFunction {
  readonly schema: string | null;
  readonly name: string;
}

/**
 * Why a text is not one SQL expression, or null when it is one.
 *
 * @example
 * expressionProblem("lower(a))") // "syntax error at or near \")\""
 */
export function expressionProblem(expression: string): string | null {
  const read = readExpression(expression);
  return typeof read === "string" ? read : null;
}

/**
 * The names of the columns in an expression, each once, in the order of the text; `*` for all of a row.
 *
 * @throws ZmigrateError internal, for a text that is not one expression: ask `expressionProblem` first.
 * @example
 * columnsIn(`"A" > 0 AND t.b IS NULL`) // ["A", "b"]
 */
export function columnsIn(expression: string): string[] {
  return columnsOfTree(treeOf(expression));
}

/**
 * The functions that an expression calls, each once. `CURRENT_TIMESTAMP`, casts, operators and the constructs that only
 * look like calls (COALESCE, GREATEST) are not among them.
 *
 * @throws ZmigrateError internal, for a text that is not one expression.
 * @example
 * functionsIn("lower(public.f(a))") // [{ schema: null, name: "lower" }, { schema: "public", name: "f" }]
 */
export function functionsIn(expression: string): CalledFunction[] {
  const found = new Map<string, { location: number; called: CalledFunction }>();
  walk(treeOf(expression), (kind, node) => {
    if (kind !== "FuncCall") return;
    const { funcname, location = 0 } = node as FuncCall;
    const parts = strings(funcname);
    const called = Object.freeze({ schema: parts.at(-2) ?? null, name: parts.at(-1) ?? "" });
    const key = JSON.stringify(called);
    if (location < (found.get(key)?.location ?? Number.POSITIVE_INFINITY)) found.set(key, { location, called });
  });
  return [...found.values()].sort((a, b) => a.location - b.location).map((f) => f.called);
}

function treeOf(expression: string): unknown {
  const read = readExpression(expression);
  if (typeof read === "string") throw unreadable("an expression", expression, read);
  return read.tree;
}
