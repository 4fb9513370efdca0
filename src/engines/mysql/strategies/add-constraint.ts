import type { AddConstraint } from "../../../model/detail/constraint.js";
import { show } from "../../../model/name.js";
import type { OtherOperation } from "../../../model/operation.js";
import { type Phased, Refusal } from "../../engine.js";
import { notYet } from "../../strategies.js";
import type { MysqlContext } from "./algorithms.js";
import { addCheck } from "./constraint/add-check.js";
import { addForeignKey } from "./constraint/add-foreign-key.js";
import { addPrimaryKey } from "./constraint/add-primary-key.js";
import { findConstraint, type Subject, subjectOf } from "./constraint/subject.js";
import { nothing } from "./subject.js";

/** One way for each kind of constraint; UNIQUE is an index here. */
function addIt(detail: AddConstraint, s: Subject): Phased {
  switch (detail.constraint.kind) {
    case "check":
      return addCheck(detail, s);
    case "foreign-key":
      return addForeignKey(detail, s);
    case "primary-key":
      return addPrimaryKey(detail, s);
    default:
      return notYet(detail, s.operation);
  }
}

/** ADD CONSTRAINT, by what is added. @throws Refusal */
export function addConstraint(detail: AddConstraint, operation: OtherOperation, context: MysqlContext): Phased {
  const { relation } = operation;
  if (relation === null) return notYet(detail, operation);
  const s = subjectOf(operation, relation, context);
  const { name, kind } = detail.constraint;
  const taken = name === null || kind === "primary-key" ? undefined : findConstraint(s.table, name);
  if (taken !== undefined && detail.ifNotExists)
    return nothing(`${show(relation)} has a constraint ${taken.name} already: IF NOT EXISTS leaves it as it is.`);
  // An index may have the name of a foreign key.
  if (taken?.kind === kind)
    throw new Refusal(
      `${show(relation)} has a constraint ${taken.name} already: ${taken.definition}`,
      "Choose another name, or drop this statement if the constraint was made by hand.",
    );
  return addIt(detail, s);
}
