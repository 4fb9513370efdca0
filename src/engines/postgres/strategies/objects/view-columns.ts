import { bodies, body, strings } from "../../parse/ast.js";
import { readFragment } from "../../parse/fragment.js";

/** The names of a CREATE VIEW statement's columns, as far as its text tells; null where it does not (`*`, an expression, UNION). */
export function columnsOfView(statement: string): readonly string[] | null {
  const fragment = readFragment("", statement, "");
  const view = typeof fragment === "string" ? null : body(fragment.node, "ViewStmt");
  if (view === null) return null;
  const aliases = strings(view.aliases);
  const targets = bodies(body(view.query, "SelectStmt")?.targetList, "ResTarget");
  const names = targets.map((target, i) => {
    if (aliases[i] !== undefined) return aliases[i];
    if (target.name !== undefined) return target.name;
    return strings(body(target.val, "ColumnRef")?.fields).at(-1) ?? null;
  });
  const star = targets.some((t) => (body(t.val, "ColumnRef")?.fields ?? []).some((f) => "A_Star" in f));
  if (targets.length === 0 || star || names.some((n) => n === null)) return null;
  return names.flatMap((n) => n ?? []);
}
