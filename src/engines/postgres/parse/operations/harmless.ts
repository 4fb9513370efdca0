import type { DefElem, ExplainStmt, Node, SelectStmt } from "libpg-query";
import { bodies, body, contains, kindOf } from "../ast.js";
import { isSet } from "../def-elem.js";

const ALWAYS: ReadonlySet<string> = new Set([
  "VariableSetStmt",
  "VariableShowStmt",
  "CommentStmt",
  "ConstraintsSetStmt",
]);
const TRANSACTIONS: ReadonlySet<string> = new Set([
  "TRANS_STMT_BEGIN",
  "TRANS_STMT_START",
  "TRANS_STMT_COMMIT",
  "TRANS_STMT_SAVEPOINT",
  "TRANS_STMT_RELEASE",
]);

/** Nodes through which a query can change something, or hold what others need. Any function may be volatile. */
const ACTIVE: ReadonlySet<string> = new Set([
  "FuncCall",
  "LockingClause",
  "InsertStmt",
  "UpdateStmt",
  "DeleteStmt",
  "MergeStmt",
]);

/** True when a statement certainly changes no schema and no data. In doubt it is not. */
export function isHarmless(node: Node): boolean {
  if (ALWAYS.has(kindOf(node))) return true;
  const transaction = body(node, "TransactionStmt");
  if (transaction !== null) return TRANSACTIONS.has(transaction.kind ?? "");
  const select = body(node, "SelectStmt");
  if (select !== null) return isPlainQuery(select);
  const explain = body(node, "ExplainStmt");
  return explain !== null && isHarmlessExplain(explain);
}

function isPlainQuery(select: SelectStmt): boolean {
  return select.intoClause === undefined && !contains(select, ACTIVE);
}

/** EXPLAIN plans; EXPLAIN ANALYZE runs what it explains. */
function isHarmlessExplain(explain: ExplainStmt): boolean {
  const options: DefElem[] = bodies(explain.options, "DefElem");
  if (!isSet(options, "analyze")) return true;
  return explain.query !== undefined && isHarmless(explain.query);
}
