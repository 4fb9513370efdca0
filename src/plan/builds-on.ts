import { sameRelation } from "../engines/engine.js";
import { mayName } from "../history/text.js";
import type { RelationName } from "../model/name.js";
import type { ColumnDefinition, ForeignKeyTarget, Operation } from "../model/operation.js";

/** Columns of a table that something stands on: named, or in the text of an expression. */
interface Ground {
  readonly relation: RelationName;
  readonly columns: readonly string[];
  readonly text: string;
}

/** What the foreign keys that an operation makes point at. */
export function targetsOf(operation: Operation): readonly ForeignKeyTarget[] {
  const of = (all: readonly { readonly references: ForeignKeyTarget | null }[]) =>
    all.flatMap((c) => c.references ?? []);
  if (operation.kind === "create-table") return of([...operation.columns, ...operation.constraints]);
  if (operation.kind === "add-column") return of([operation.column]);
  return operation.kind === "other" && operation.detail?.kind === "add-constraint"
    ? of([operation.detail.constraint])
    : [];
}

const pointedAt = (target: ForeignKeyTarget | null | undefined): Ground[] =>
  target == null ? [] : [{ relation: target.relation, columns: target.columns, text: "" }];

/** What is computed from other columns of the row, or looks at them. */
function ofColumn({ generated, checks }: ColumnDefinition, relation: RelationName): Ground[] {
  const text = [generated?.expression ?? "", ...checks.map((c) => c.expression)].join(" ");
  return [{ relation, columns: [], text }];
}

function ofDetail(operation: Extract<Operation, { kind: "other" }>): Ground[] {
  const { detail, relation } = operation;
  if (relation === null) return [];
  if (detail?.kind === "add-constraint") {
    const { columns, references } = detail.constraint;
    return [{ relation, columns, text: detail.expression ?? "" }, ...pointedAt(references)];
  }
  return detail?.kind === "modify-column" ? ofColumn(detail.definition, relation) : [];
}

function groundsOf(operation: Operation): Ground[] {
  switch (operation.kind) {
    case "create-index": {
      const columns = operation.keys.flatMap((k) => (k.column === null ? [] : [k.column]));
      const text = operation.keys.flatMap((k) => (k.column === null ? [k.text] : [])).join(" ");
      return [{ relation: operation.relation, columns, text }];
    }
    case "create-table":
      return [...operation.columns, ...operation.constraints].flatMap((c) => pointedAt(c.references));
    case "add-column":
      return [...ofColumn(operation.column, operation.relation), ...pointedAt(operation.column.references)];
    case "other":
      return ofDetail(operation);
    default:
      return [];
  }
}

/**
 * Whether an operation makes something that stands on a column and stays with it under any name: an index, a constraint, a
 * generated column, a foreign key that points at it. Of an expression only the text is known: more is safer than less.
 */
export function buildsOnColumn(
  operation: Operation,
  relation: RelationName,
  column: string,
  defaultSchema: string | null,
): boolean {
  const named = column.toLowerCase();
  return groundsOf(operation).some(
    (ground) =>
      sameRelation(ground.relation, relation, defaultSchema) &&
      (ground.columns.some((c) => c.toLowerCase() === named) || mayName(ground.text, column)),
  );
}

/** The tables that an operation builds something on. */
export const standsOn = (operation: Operation): readonly RelationName[] => groundsOf(operation).map((g) => g.relation);

/** Whether an operation makes a column that is computed from another one. */
export function computesFrom(
  operation: Operation,
  relation: RelationName,
  column: string,
  defaultSchema: string | null,
): boolean {
  if (operation.kind !== "add-column" || !sameRelation(operation.relation, relation, defaultSchema)) return false;
  return mayName(operation.column.generated?.expression ?? "", column);
}
