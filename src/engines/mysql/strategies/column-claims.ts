import type { RelationName } from "../../../model/name.js";
import type { Claim } from "../../../model/plan.js";

/** A change after which the column is still the column that it is. */
export const keepsColumn = (relation: RelationName, column: string, change: string): readonly Claim[] =>
  Object.freeze([{ relation, name: column, change, keeps: true }]);

/** The same with the column's definition changed: by one that says the whole of it again, or in part. */
export const definesColumn = (claims: readonly Claim[], defines: "whole" | "part"): readonly Claim[] =>
  claims.map((claim) => ({ ...claim, defines }));

/** The same where what the change is about is taken away: a column of it may be dropped behind that. */
export const goingWith = (claims: readonly Claim[]): readonly Claim[] =>
  claims.map((claim) => ({ ...claim, goes: true }));
