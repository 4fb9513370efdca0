import { findTable, sameRelation } from "../src/engines/engine.js";
import { holdsRight, rightsIn, tablesNamed } from "../src/engines/rights.js";
import type { RelationName } from "../src/model/name.js";
import type { RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";

type Renamed = Pick<RuleContext, "operation" | "inTransaction" | "next" | "engine" | "catalog" | "laterOn">;

/**
 * A table is renamed, and in the same transaction a view takes its name: old code reads and writes through it, as far as
 * its roles have rights on the view.
 */
export function isBehindView(context: Renamed): boolean {
  return takesName(context) && lostRights(context).length === 0;
}

/** The view stands where the table stood, and the same transaction gives nobody a right on it. */
export function isBehindBareView(context: Renamed): boolean {
  return takesName(context) && grantedOn(context).length === 0;
}

export function takesName({ operation, inTransaction, next, engine }: Renamed): boolean {
  const to = detailOf(operation, "rename-table")?.to.name;
  if (to === undefined || engine.name !== "postgres" || !inTransaction) return false;
  return next.some((after) => {
    const view = detailOf(after, "create-object");
    if (view?.object !== "view" || after.relation === null) return false;
    const { name, schema } = after.relation;
    const takes = name === operation.relation?.name && schema === operation.relation.schema;
    return takes && view.columns?.includes("*") === true && view.reads.some((read) => read.name === to);
  });
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
  if (relation === null) return [];
  const isMeant = (named: RelationName) => sameRelation(named, relation, catalog.defaultSchema);
  return laterOn(relation.name).flatMap((later) => {
    const granted = detailOf(later, "privileges");
    return granted === null || !tablesNamed(granted.on ?? "").some(isMeant) ? [] : rightsIn(granted);
  });
}
