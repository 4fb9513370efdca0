import type { TransactionStmt, TransactionStmtKind } from "libpg-query";
import type { Transaction } from "../../../../../model/detail/session.js";
import { transactionModes } from "./set.js";

const ACTIONS: Readonly<Record<TransactionStmtKind, Transaction["action"]>> = Object.freeze({
  TRANS_STMT_BEGIN: "begin",
  TRANS_STMT_START: "begin",
  TRANS_STMT_COMMIT: "commit",
  TRANS_STMT_ROLLBACK: "rollback",
  TRANS_STMT_SAVEPOINT: "savepoint",
  TRANS_STMT_RELEASE: "release-savepoint",
  TRANS_STMT_ROLLBACK_TO: "rollback-to-savepoint",
  TRANS_STMT_PREPARE: "prepare",
  TRANS_STMT_COMMIT_PREPARED: "commit",
  TRANS_STMT_ROLLBACK_PREPARED: "rollback",
});

const DISTRIBUTED: ReadonlySet<string> = new Set([
  "TRANS_STMT_PREPARE",
  "TRANS_STMT_COMMIT_PREPARED",
  "TRANS_STMT_ROLLBACK_PREPARED",
]);

/** Where a transaction begins or ends; null for what is not known to be one. */
export function transactionOf(stmt: TransactionStmt): Transaction | null {
  if (stmt.kind === undefined) return null;
  const readOnly = transactionModes(stmt.options).find(([name]) => name === "transaction_read_only")?.[1];
  return {
    kind: "transaction",
    action: ACTIONS[stmt.kind],
    chain: stmt.chain ?? false,
    name: stmt.savepoint_name ?? stmt.gid ?? null,
    distributed: DISTRIBUTED.has(stmt.kind),
    readOnly: readOnly === undefined || readOnly === null ? null : readOnly !== "0",
    undoesSchema: true,
  };
}
