import type { RenameStmt } from "libpg-query";
import type { RelationName } from "../../../../model/name.js";
import type { Operation } from "../../../../model/operation.js";
import type { OperationDetail } from "../../../../model/operation-detail.js";
import { kebab, relationOf } from "../ast.js";
import { spanOf } from "../source.js";
import type { Reading } from "./context.js";
import { objectKind, objectName } from "./object/name.js";
import { otherOperation, tableFlags } from "./other.js";

/** RENAME of anything: a table's column is an operation of its own kind. */
export function rename(stmt: RenameStmt, { source, run }: Reading): Operation {
  const span = Object.freeze(spanOf(source, run));
  const relation = stmt.relation === undefined ? null : relationOf(stmt.relation);
  const only = relation !== null && stmt.relationType !== "OBJECT_TYPE" && stmt.relation?.inh !== true;
  const flags = tableFlags({ only, ifTableExists: stmt.missing_ok ?? false });
  if (stmt.renameType === "OBJECT_COLUMN" && stmt.relationType === "OBJECT_TABLE" && relation !== null) {
    return Object.freeze({ kind: "rename-column", span, relation, ...namesOf(stmt), ...flags });
  }
  return otherOperation(renameName(stmt), relation, span, { detail: detailOf(stmt, relation), ...flags });
}

function namesOf(stmt: RenameStmt): { from: string; to: string } {
  return { from: stmt.subname ?? "", to: stmt.newname ?? "" };
}

function renameName(stmt: RenameStmt): string {
  if (stmt.renameType === "OBJECT_TABCONSTRAINT") return "rename-constraint";
  if (stmt.renameType === "OBJECT_COLUMN") return `rename-${kebab(stmt.relationType ?? "")}-column`;
  return `rename-${kebab(stmt.renameType ?? "")}`;
}

function detailOf(stmt: RenameStmt, relation: RelationName | null): OperationDetail | null {
  const to = stmt.newname ?? "";
  const ifExists = stmt.missing_ok ?? false;
  switch (stmt.renameType) {
    case "OBJECT_TABLE":
      return relation && { kind: "rename-table", to: Object.freeze({ schema: relation.schema, name: to }), ifExists };
    case "OBJECT_INDEX":
      return relation && { kind: "rename-index", from: relation.name, to, ifExists };
    case "OBJECT_TABCONSTRAINT":
      return { kind: "rename-constraint", ...namesOf(stmt) };
    case "OBJECT_COLUMN":
    case "OBJECT_ATTRIBUTE":
    case "OBJECT_DOMCONSTRAINT":
      return partDetail(stmt);
    default:
      return objectDetail(stmt);
  }
}

const PARTS: Readonly<Record<string, string>> = Object.freeze({
  OBJECT_COLUMN: "COLUMN",
  OBJECT_ATTRIBUTE: "ATTRIBUTE",
});

/** A part of something that is no table: a view's column, a type's attribute, a domain's constraint. */
function partDetail(stmt: RenameStmt): OperationDetail {
  const domain = stmt.renameType === "OBJECT_DOMCONSTRAINT";
  const part = PARTS[stmt.renameType ?? ""] ?? "CONSTRAINT";
  const cascade = stmt.behavior === "DROP_CASCADE" ? ["CASCADE"] : [];
  const { from, to } = namesOf(stmt);
  return {
    kind: "alter-object",
    object: domain ? "domain" : objectKind(stmt.relationType),
    name: stmt.relation === undefined ? objectName(stmt.object) : relationOf(stmt.relation),
    ifExists: stmt.missing_ok ?? false,
    changes: Object.freeze([`RENAME ${part}`, ...cascade]),
    values: Object.freeze([from, to]),
    body: null,
    reads: Object.freeze([]),
  };
}

/** What hangs on a table is named behind it. A schema, a role or a database has no other name. */
function objectDetail(stmt: RenameStmt): OperationDetail {
  const sub = stmt.subname === undefined ? null : Object.freeze({ schema: null, name: stmt.subname });
  const whole = stmt.relation === undefined ? objectName(stmt.object) : relationOf(stmt.relation);
  return { kind: "rename-object", object: objectKind(stmt.renameType), name: sub ?? whole, to: stmt.newname ?? "" };
}
