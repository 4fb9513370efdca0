import { findTable, sameRelation } from "../src/engines/engine.js";
import { isUnidentifiedPart, isUnwrittenPart } from "../src/engines/postgres/effects/published-parts.js";
import type { RelationName } from "../src/model/name.js";
import type { RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";

/** Whether the same statement, or one behind it in the transaction, gives a table something that tells its rows apart: a primary key, or REPLICA IDENTITY (PostgreSQL). */
export function isIdentifiedBehind(relation: RelationName, { laterOn, siblings, catalog }: RuleContext): boolean {
  return [...siblings, ...laterOn(relation.name)].some((later) => {
    if (later.relation === null || !sameRelation(later.relation, relation, catalog.defaultSchema)) return false;
    if (later.kind === "add-column") return later.column.primaryKey;
    const option = detailOf(later, "set-table-option");
    if (option?.option === "REPLICA IDENTITY") return /^(?:full|index )/i.test(option.value ?? "");
    return detailOf(later, "add-constraint")?.constraint.kind === "primary-key";
  });
}

/** Whether the transaction ends with no publication taking a part of a table under which its UPDATEs and DELETEs fail (PostgreSQL). */
export function isTakenWellBehind(relation: RelationName, { inTransaction, siblings, atEnd }: RuleContext): boolean {
  const end = inTransaction || siblings.length > 1 ? atEnd() : null;
  return end !== null && !isUnwrittenPart(relation, end);
}

/** What a table is once its transaction, or its file, is through, where nothing will tell its rows apart (PostgreSQL); else null. */
export function newUnidentified(context: RuleContext): RelationName | null {
  const { operation, catalog, inTransaction } = context;
  if (operation.kind !== "create-table" || operation.temporary || findTable(catalog, operation.relation) !== null)
    return null;
  const end = context.atEnd();
  if (end !== null) {
    const table = findTable(end, operation.relation);
    return table === null || table.unlogged === true || !isUnidentifiedPart(table, end) ? null : table.relation;
  }
  const { form, columns, constraints } = operation;
  const keyed = columns.some((column) => column.primaryKey) || constraints.some(({ kind }) => kind === "primary-key");
  if (!inTransaction || form !== "plain" || keyed) return null;
  return isIdentifiedBehind(operation.relation, context) ? null : operation.relation;
}
