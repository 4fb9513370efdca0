import type { RelationName } from "../../../../src/model/name.js";
import type { AddColumn, CreateTable, Operation } from "../../../../src/model/operation.js";

/** An operation in one line, for tables of expectations: `add-column t.x after a`, `drop-table t`. */
export function operationText(operation: Operation): string {
  switch (operation.kind) {
    case "create-table":
      return createTableText(operation);
    case "add-column":
      return `add-column ${text(operation.relation)}.${operation.column.name}${positionText(operation.position)}`;
    case "drop-column":
      return `drop-column ${text(operation.relation)}.${operation.column}`;
    case "rename-column":
      return `rename-column ${text(operation.relation)}.${operation.from} to ${operation.to}`;
    case "create-index": {
      const { unique, method, name, relation, definition } = operation;
      return `${unique ? "unique " : ""}create-index ${method ?? "-"} ${name ?? "-"} on ${text(relation)} ${definition}`;
    }
    case "other": {
      const relation = operation.relation === null ? "" : ` ${text(operation.relation)}`;
      return `${operation.what}${relation}${operation.harmless ? " (harmless)" : ""}`;
    }
  }
}

function createTableText(table: CreateTable): string {
  const flags = [table.form, ...(table.partitioned ? ["partitioned"] : []), ...(table.temporary ? ["temporary"] : [])];
  const elements = [...table.columns.map((c) => c.name), ...table.constraints.map((c) => c.kind)];
  return `create-table ${text(table.relation)} ${flags.join(" ")} (${elements.join(", ")})`;
}

function positionText(position: AddColumn["position"]): string {
  if (position === null) return "";
  return position === "first" ? " first" : ` after ${position.after}`;
}

function text({ schema, name }: RelationName): string {
  return schema === null ? name : `${schema}.${name}`;
}
