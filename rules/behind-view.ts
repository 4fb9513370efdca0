import { findTable } from "../src/engines/engine.js";
import { holdsRight } from "../src/engines/rights.js";
import type { CreateObject } from "../src/model/detail/object.js";
import { rightsGiven } from "./rights-given.js";
import type { RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";

type Renamed = Pick<RuleContext, "operation" | "inTransaction" | "next" | "engine" | "catalog" | "laterOn">;

/**
 * A table is renamed, and in the same transaction a view of all of it takes its name: old code reads and writes through it,
 * as far as its roles have rights on the view.
 */
export function isBehindView(context: Renamed): boolean {
  return isBehindWholeView(context) && lostRights(context).length === 0;
}

/** The view stands where the table stood, and the same transaction gives nobody a right on it. */
export function isBehindBareView(context: Renamed): boolean {
  return isBehindWholeView(context) && grantedOn(context).length === 0;
}

/** The view that takes the name in the same transaction, whatever it leaves out. */
export function viewInPlace({ operation, inTransaction, next, engine }: Renamed): CreateObject | null {
  const to = detailOf(operation, "rename-table")?.to.name;
  if (to === undefined || engine.name !== "postgres" || !inTransaction) return null;
  const taking = next.map((after) => {
    const view = detailOf(after, "create-object");
    if (view?.object !== "view" || after.relation === null) return null;
    const { name, schema } = after.relation;
    const takes = name === operation.relation?.name && schema === operation.relation.schema;
    return takes && view.reads.some((read) => read.name === to) ? view : null;
  });
  return taking.find((view) => view !== null) ?? null;
}

/** It shows every row, and the table's columns in their order: a WHERE hides rows from code that does not know of it. */
export function isBehindWholeView(context: Renamed): boolean {
  const { operation, catalog } = context;
  const view = viewInPlace(context);
  if (view?.everyRow !== true || operation.relation === null) return false;
  const [first] = view.outputs ?? [];
  const columns = findTable(catalog, operation.relation)?.columns;
  return first === "*" || columns?.every(({ name }, at) => view.outputs?.[at] === name) === true;
}

/** What files have given on the table, and the transaction does not give on the view: rights stay with the table. */
export function lostRights(context: Renamed): readonly string[] {
  const { operation, catalog } = context;
  const had = (operation.relation === null ? null : findTable(catalog, operation.relation))?.rights ?? [];
  const given = had.length === 0 ? [] : grantedOn(context);
  return had.filter((right) => !holdsRight(given, right));
}

function grantedOn({ operation, catalog, laterOn }: Renamed): readonly string[] {
  const { relation } = operation;
  return relation === null ? [] : rightsGiven(relation, laterOn(relation.name), catalog);
}
