import { findTable, sameRelation } from "../engines/engine.js";
import { VIEWS } from "../history/views.js";
import type { Catalog } from "../model/catalog.js";
import type { AddConstraint } from "../model/detail/constraint.js";
import type { RelationName } from "../model/name.js";
import type { Operation, OtherOperation } from "../model/operation.js";
import type { Retired } from "../model/plan.js";

const NONE: readonly RelationName[] = Object.freeze([]);

const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** Without NOT VALID or NOT ENFORCED it is held against all rows; USING INDEX, those of a key are told apart already. */
function isHeldAgainstRows({ constraint, enforced, validated, usingIndex }: AddConstraint): boolean {
  const isKey = constraint.kind === "primary-key" || constraint.kind === "unique";
  return constraint.kind !== "index" && enforced && validated && (usingIndex === null || !isKey);
}

/** Whether a column is converted, or asks for a value that it did not ask for. */
function isStricter(
  { relation, detail }: OtherOperation,
  column: string,
  retires: readonly Retired[],
  catalog: Catalog,
): boolean {
  if (relation === null) return false;
  const converts = retires.some(
    (r) => sameRelation(r.relation, relation, catalog.defaultSchema) && sameName(r.column, column),
  );
  if (converts || detail?.kind !== "modify-column") return converts;
  const former = findTable(catalog, relation)?.columns.find((c) => sameName(c.name, column));
  return detail.definition.notNull && former?.notNull !== true;
}

/** Views stand for what they read, as far as the database tells. */
function tablesRead(relations: readonly RelationName[], catalog: Catalog): readonly RelationName[] {
  return relations.flatMap((relation) => {
    const view = catalog.objects?.find(
      (o) => VIEWS.has(o.object) && sameRelation(o.name, relation, catalog.defaultSchema),
    );
    return view?.reads === undefined ? [relation] : tablesRead(view.reads, catalog);
  });
}

function ofOther(operation: OtherOperation, retires: readonly Retired[], catalog: Catalog): readonly RelationName[] {
  const { detail, relation } = operation;
  const own = relation === null ? NONE : [relation];
  switch (detail?.kind) {
    case "add-constraint":
      return isHeldAgainstRows(detail) ? own : NONE;
    case "alter-column-type":
    case "modify-column":
      return isStricter(operation, detail.column, retires, catalog) ? own : NONE;
    case "alter-constraint":
      return detail.enforced === true ? own : NONE;
    case "attach-partition":
      return [...own, detail.partition];
    case "convert-table":
    case "exchange-partition":
      return [...own, detail.table];
    case "create-object":
      return detail.object === "materialized-view" && detail.withData !== false
        ? tablesRead(detail.reads, catalog)
        : NONE;
    case "refresh-view":
      return detail.withData ? tablesRead(own, catalog) : NONE;
    case "convert-charset":
    case "partition-by":
    case "reorganize-partition":
    case "set-expression":
    case "set-not-null":
    case "validate-constraint":
      return own;
    default:
      return NONE;
  }
}

/**
 * The tables whose rows an operation holds to what it makes, or makes something of: a row that is about to go would be in
 * its way, or in what it makes.
 *
 * @param retires of what it becomes: the column that it converts, perhaps
 */
export function rowsFound(
  operation: Operation,
  retires: readonly Retired[],
  catalog: Catalog,
): readonly RelationName[] {
  switch (operation.kind) {
    case "create-index":
      return operation.unique ? [operation.relation] : NONE;
    case "other":
      return ofOther(operation, retires, catalog);
    default:
      return NONE;
  }
}
