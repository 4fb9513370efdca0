import type { RenameStmt } from "libpg-query";
import type { Operation } from "../../../../model/operation.js";
import { kebab, relationOf } from "../ast.js";
import { spanOf } from "../source.js";
import type { Reading } from "./context.js";
import { otherOperation } from "./other.js";

/** RENAME: a table's column is modelled, everything else is named. */
export function rename(stmt: RenameStmt, { source, run }: Reading): Operation {
  const span = Object.freeze(spanOf(source, run));
  const relation = stmt.relation === undefined ? null : relationOf(stmt.relation);
  if (stmt.renameType === "OBJECT_COLUMN" && stmt.relationType === "OBJECT_TABLE" && relation !== null) {
    const names = { from: stmt.subname ?? "", to: stmt.newname ?? "" };
    return Object.freeze({ kind: "rename-column", span, relation, ...names });
  }
  return otherOperation(renameName(stmt), relation, span);
}

function renameName(stmt: RenameStmt): string {
  if (stmt.renameType === "OBJECT_TABCONSTRAINT") return "rename-constraint";
  if (stmt.renameType === "OBJECT_COLUMN") return `rename-${kebab(stmt.relationType ?? "")}-column`;
  return `rename-${kebab(stmt.renameType ?? "")}`;
}
