import type { A_Expr, Node } from "libpg-query";
import { expressionTree } from "./effects/trees.js";
import { body, strings, walk } from "./parse/ast.js";

/** A plain text that a column is compared with: `a = 'x'`, `'x' <> a`, each of `a IN ('x', 'y')`. */
export interface ComparedText {
  /** Without its table. */
  readonly column: string;
  readonly text: string;
}

/**
 * The plain texts that a condition compares columns with, wherever in it. A cast of either side compares something else.
 *
 * @example
 * comparedTexts("id = 1 AND NOT s IN ('a', 'b')") // s with a, s with b
 */
export function comparedTexts(condition: string): readonly ComparedText[] {
  const found: ComparedText[] = [];
  walk(expressionTree(condition), (kind, node) => {
    if (kind === "A_Expr") found.push(...textsOf(node as A_Expr));
  });
  return found;
}

const SIGNS: ReadonlySet<string> = new Set(["=", "<>"]);

function textsOf({ kind, name, lexpr, rexpr }: A_Expr): ComparedText[] {
  if (!SIGNS.has(strings(name).at(-1) ?? "")) return [];
  if (kind === "AEXPR_OP") return [...pairOf(lexpr, rexpr), ...pairOf(rexpr, lexpr)];
  // The elements of an ARRAY are of type text, which an enum is not compared with at all (42883).
  return kind === "AEXPR_IN" ? (body(rexpr, "List")?.items ?? []).flatMap((item) => pairOf(lexpr, item)) : [];
}

function pairOf(side: Node | undefined, other: Node | undefined): ComparedText[] {
  const column = strings(body(side, "ColumnRef")?.fields).at(-1);
  const constant = body(other, "A_Const")?.sval;
  return column === undefined || constant === undefined ? [] : [{ column, text: constant.sval ?? "" }];
}
