import type { RelationName } from "../../model/name.js";
import type { ColumnDefinition, Operation, TableConstraint } from "../../model/operation.js";
import type { OperationDetail } from "../../model/operation-detail.js";

const pointedAt = (parts: readonly (Pick<ColumnDefinition, "references"> | TableConstraint)[]): RelationName[] =>
  parts.flatMap(({ references }) => (references === null ? [] : [references.relation]));

/** These find a table when they run, or are about a name, and take a view as well. */
const BY_NAME: ReadonlySet<OperationDetail["kind"]> = new Set<OperationDetail["kind"]>([
  "alter-object",
  "data-change",
  "drop-object",
  "explain",
  "opaque",
  "prepare-statement",
  "privileges",
  "query",
]);

function ofDetail(detail: OperationDetail, own: readonly RelationName[]): readonly RelationName[] {
  if (BY_NAME.has(detail.kind)) return [];
  switch (detail.kind) {
    case "create-object":
      // A view and a body find by name what they read.
      return detail.trigger === null ? [] : own;
    case "add-constraint":
      return [...own, ...pointedAt([detail.constraint])];
    case "modify-column":
      return [...own, ...pointedAt([detail.definition])];
    case "replace-table":
      return tablesNeeded(detail.table);
    default:
      return own;
  }
}

/**
 * The relations that an operation names and that a view cannot stand in for: foreign keys, triggers, LIKE and what alters a
 * table. Views, bodies and privileges are kept by name: they mean the view first, and then the table.
 */
export function tablesNeeded(operation: Operation): readonly RelationName[] {
  switch (operation.kind) {
    case "create-table": {
      const copied = operation.form === "like" ? (operation.sources ?? []) : [];
      return [...copied, ...pointedAt([...operation.columns, ...operation.constraints])];
    }
    case "add-column":
      return [operation.relation, ...pointedAt([operation.column])];
    case "other": {
      const own = operation.relation === null ? [] : [operation.relation];
      return operation.harmless || operation.detail === undefined ? [] : ofDetail(operation.detail, own);
    }
    default:
      return [operation.relation];
  }
}
