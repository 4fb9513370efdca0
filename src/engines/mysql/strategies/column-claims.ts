import type { RelationName } from "../../../model/name.js";
import type { Claim } from "../../../model/plan.js";

/** A change after which the column is still the column that it is. */
export const keepsColumn = (relation: RelationName, column: string, change: string): readonly Claim[] =>
  Object.freeze([{ relation, name: column, change, keeps: true }]);
