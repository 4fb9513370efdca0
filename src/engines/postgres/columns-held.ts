import type { CreateObject } from "../../model/detail/object.js";
import type { Operation } from "../../model/operation.js";
import type { ColumnsHeld } from "../engine.js";
import { walk } from "./parse/ast.js";
import { referencesIn } from "./parse/column-refs.js";
import { rawParse } from "./parse/library.js";
import { tablesNeeded } from "./tables-needed.js";

/** In these the server writes out at once what `*` stands for; in a condition it is the row, of whatever columns. */
const WRITES_OUT: ReadonlySet<CreateObject["object"]> = new Set([
  "function",
  "materialized-view",
  "procedure",
  "rule",
  "view",
]);

/** Words of the grammar, and literals. */
const NO_NAMES: ReadonlySet<string> = new Set(["A_Const", "cmd_name", "defname", "relpersistence"]);

/** A body that is text is looked into when it runs. */
const isNone = (key: string, value: unknown): boolean =>
  NO_NAMES.has(key) ||
  (key === "DefElem" && typeof value === "object" && value !== null && "defname" in value && value.defname === "as");

/** Every text of a tree that may be a name. */
function namesIn(tree: unknown): Set<string> {
  const found = new Set<string>();
  const stack: unknown[] = [tree];
  while (stack.length > 0) {
    const value = stack.pop();
    if (typeof value === "string") found.add(value);
    else if (typeof value === "object" && value !== null)
      for (const [key, child] of Object.entries(value)) if (!isNone(key, child)) stack.push(child);
  }
  return found;
}

const has = (node: unknown, key: string): boolean => typeof node === "object" && node !== null && key in node;

/** It is about columns that it does not name. */
function namesAll(tree: unknown): boolean {
  let all = referencesIn(tree).some(({ star }) => star);
  walk(tree, (kind, node) => {
    if (kind === "JoinExpr" && has(node, "isNatural")) all = true;
    if (kind === "InsertStmt" && !has(node, "cols")) all = true;
  });
  return all;
}

/**
 * What a view, rule, policy, trigger, publication, statistics object, owned sequence or resolved body stays with: the server
 * keeps the column's number, and a column that gets its name later is another one. Of a name it is not told what it is of,
 * or whether it is a column's: more is safer than less.
 *
 * @param sql the whole statement that it stands in
 */
export function columnsHeld(operation: Operation, sql: string): ColumnsHeld | null {
  const detail = operation.kind === "other" ? operation.detail : undefined;
  if (detail?.kind !== "create-object" && detail?.kind !== "alter-object") return null;
  const relations = tablesNeeded(operation, sql);
  const parsed = rawParse(sql);
  if (relations.length === 0 || !("statements" in parsed)) return null;
  const trees = parsed.statements.map(({ stmt }) => stmt);
  return { relations, names: namesIn(trees), all: WRITES_OUT.has(detail.object) && namesAll(trees) };
}
