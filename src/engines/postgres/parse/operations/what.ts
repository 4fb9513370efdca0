import type { DefineStmt, DropStmt, InsertStmt, Node, ObjectType, TransactionStmt } from "libpg-query";
import { body, kebab, kindOf } from "../ast.js";

/** Names that do not follow from the node's own. */
const NAMES: Readonly<Record<string, string>> = Object.freeze({
  AlterDomainStmt: "alter-domain",
  AlterObjectSchemaStmt: "set-schema",
  AlterOwnerStmt: "change-owner",
  AlterSeqStmt: "alter-sequence",
  AlterTableMoveAllStmt: "move-all-tables",
  CompositeTypeStmt: "create-type",
  ConstraintsSetStmt: "set-constraints",
  CreateEnumStmt: "create-type",
  CreatePLangStmt: "create-language",
  CreateRangeStmt: "create-type",
  CreateSeqStmt: "create-sequence",
  CreateStatsStmt: "create-statistics",
  CreateTrigStmt: "create-trigger",
  CreatedbStmt: "create-database",
  DeleteStmt: "delete",
  DoStmt: "do-block",
  DropdbStmt: "drop-database",
  RefreshMatViewStmt: "refresh-materialized-view",
  RuleStmt: "create-rule",
  VariableSetStmt: "set",
  VariableShowStmt: "show",
  ViewStmt: "create-view",
});

/** A kebab-case name for a statement that is not modelled. */
export function nameOf(node: Node): string {
  return particular(node) ?? NAMES[kindOf(node)] ?? kebab(kindOf(node));
}

function particular(node: Node): string | null {
  const drop = body(node, "DropStmt");
  if (drop !== null) return dropName(drop);
  const insert = body(node, "InsertStmt");
  if (insert !== null) return insertName(insert);
  const transaction = body(node, "TransactionStmt");
  if (transaction !== null) return transactionName(transaction);
  const define = body(node, "DefineStmt");
  if (define !== null) return defineName(define);
  return definitionName(node);
}

function definitionName(node: Node): string | null {
  const value = body(node, "AlterEnumStmt");
  if (value !== null) return value.oldVal === undefined ? "alter-type-add-value" : "alter-type-rename-value";
  const routine = body(node, "CreateFunctionStmt");
  if (routine !== null) return routine.is_procedure === true ? "create-procedure" : "create-function";
  const as = body(node, "CreateTableAsStmt");
  if (as !== null) return as.objtype === "OBJECT_MATVIEW" ? "create-materialized-view" : "create-table-as";
  const grant = body(node, "GrantStmt");
  if (grant !== null) return grant.is_grant === true ? "grant" : "revoke";
  const vacuum = body(node, "VacuumStmt");
  return vacuum === null ? null : vacuum.is_vacuumcmd === true ? "vacuum" : "analyze";
}

const OBJECTS: Partial<Readonly<Record<ObjectType, string>>> = Object.freeze({
  OBJECT_MATVIEW: "materialized-view",
  OBJECT_TABCONSTRAINT: "constraint",
  OBJECT_TSCONFIGURATION: "text-search-configuration",
});

function objectName(type: ObjectType | undefined): string {
  return type === undefined ? "object" : (OBJECTS[type] ?? kebab(type));
}

function dropName(drop: DropStmt): string {
  return `drop-${objectName(drop.removeType)}`;
}

function defineName(define: DefineStmt): string {
  return `create-${objectName(define.kind)}`;
}

/** INSERT ... VALUES adds the rows that it names; INSERT ... SELECT as many as there are. */
export function insertName(insert: InsertStmt): string {
  const source = body(insert.selectStmt, "SelectStmt");
  return source === null || source.valuesLists !== undefined ? "insert" : "insert-select";
}

function transactionName(transaction: TransactionStmt): string {
  return kebab(transaction.kind ?? "transaction");
}
