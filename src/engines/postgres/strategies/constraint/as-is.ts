import type { Constraint } from "../../../../model/catalog.js";
import type { AddConstraint } from "../../../../model/detail/constraint.js";
import type { Phased } from "../../../engine.js";
import { EXPAND, type Place } from "../../../place.js";
import { quote } from "../../names.js";
import { stepOf } from "../written.js";
import { adding, alter, claimsOn, type Subject } from "./steps.js";

/**
 * A constraint that the author adds without a look at the rows. What is NOT ENFORCED asks nothing of anybody; what is
 * NOT VALID holds for every new write, so it waits where old code may write otherwise.
 */
export function asIs(detail: AddConstraint, s: Subject, constraint: Constraint, place: Place): Phased {
  const reason = detail.enforced
    ? "As written: it holds for new writes, and the rows that are there are not looked at."
    : "As written: nothing is held to it.";
  return {
    steps: [
      stepOf(s.operation, s.context, {
        name: "add-constraint",
        ...(detail.enforced ? place : EXPAND),
        sql: adding(s.table, constraint),
        undo: [alter(s.table, `DROP CONSTRAINT IF EXISTS ${quote(constraint.name)}`)],
        reason,
      }),
    ],
    retires: [],
    claims: claimsOn(s.table.relation, constraint.columns, `adds ${constraint.name}`),
    gates: [],
    notes: [],
  };
}
