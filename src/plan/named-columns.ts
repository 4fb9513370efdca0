import type { NamedColumn } from "../engines/engine.js";
import type { AddColumn, ForeignKeyTarget, Operation, OtherOperation } from "../model/operation.js";

const pointedAt = (target: ForeignKeyTarget | null): NamedColumn[] =>
  target === null ? [] : target.columns.map((column) => ({ relation: target.relation, column }));

const behind = (position: AddColumn["position"]): string[] =>
  position === null || position === "first" ? [] : [position.after];

/** The columns of its own table that an operation of kind "other" says it is about; with IF EXISTS it names none. */
function ownOfDetail({ detail }: OtherOperation): readonly string[] {
  if (detail === undefined) return [];
  switch (detail.kind) {
    case "add-constraint":
      return detail.constraint.columns.filter((c) => c !== "*");
    case "modify-column":
      return [...(detail.ifExists ? [] : [detail.column]), ...behind(detail.position)];
    case "create-object":
      return detail.trigger?.columns ?? [];
    case "data-change":
      return detail.writes.length === 1 && detail.reads.length === 0 ? detail.columns : [];
    case "comment":
      return detail.on === "column" ? (detail.names ?? []).slice(-1) : [];
    default:
      return "column" in detail && !("ifExists" in detail && detail.ifExists) ? [detail.column] : [];
  }
}

function own(operation: Operation): readonly string[] {
  switch (operation.kind) {
    case "create-table":
      return [];
    case "add-column":
      return behind(operation.position);
    case "rename-column":
      return [operation.from];
    case "create-index":
      return operation.keys.flatMap((k) => (k.column === null ? [] : [k.column]));
    case "drop-column":
      return operation.ifExists ? [] : [operation.column];
    case "other":
      return ownOfDetail(operation);
  }
}

function referenced(operation: Operation): NamedColumn[] {
  switch (operation.kind) {
    case "create-table":
      return [...operation.columns, ...operation.constraints].flatMap((c) => pointedAt(c.references));
    case "add-column":
      return pointedAt(operation.column.references);
    case "other":
      return operation.detail?.kind === "add-constraint" ? pointedAt(operation.detail.constraint.references) : [];
    default:
      return [];
  }
}

/** The columns that must be there for an operation, as far as its record tells. */
export function columnsOf(operation: Operation): readonly NamedColumn[] {
  const { relation } = operation;
  const named = relation === null ? [] : own(operation).map((column) => ({ relation, column }));
  return [...named, ...referenced(operation)];
}
