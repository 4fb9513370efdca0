import { sameRelation } from "../src/engines/engine.js";
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
