import type { Constraint } from "../../../model/catalog.js";
import type { DropConstraint } from "../../../model/detail/constraint.js";
import { show } from "../../../model/name.js";
import type { OtherOperation } from "../../../model/operation.js";
import { type Phased, Refusal } from "../../engine.js";
import { notYet } from "../../strategies.js";
import type { MysqlContext } from "./algorithms.js";
import { dropPrimaryKey } from "./constraint/add-primary-key.js";
import { dropRule } from "./constraint/drop-rule.js";
import { constraintOf, findConstraint, type Subject, sameName, subjectOf } from "./constraint/subject.js";
import { dropIndex } from "./drop-index.js";
import { nothing } from "./subject.js";

/** A unique constraint is its index. @throws Refusal */
function dropUnique({ operation, context }: Subject, { name }: Constraint): Phased {
  const index = { schema: null, name };
  return dropIndex(
    { kind: "drop-index", index, ifExists: false, concurrently: false, cascade: false },
    operation,
    context,
  );
}

function dropIt(detail: DropConstraint, s: Subject, constraint: Constraint): Phased {
  switch (constraint.kind) {
    case "primary-key":
      return dropPrimaryKey(detail, s);
    case "unique":
      return dropUnique(s, constraint);
    default:
      return dropRule(detail, s, constraint);
  }
}

/** A unique index has names of its own: with a kind, that kind is meant. */
function named(s: Subject, detail: DropConstraint, name: string): Constraint {
  const { constraint: kind } = detail;
  if (kind === null) return constraintOf(s, name);
  const found = s.table.constraints.find((c) => c.kind === kind && sameName(c.name, name));
  if (found !== undefined) return found;
  const other = constraintOf(s, name);
  throw new Refusal(
    `${name} of ${show(s.table.relation)} is another kind of constraint: ${other.definition}`,
    "Write DROP CONSTRAINT.",
  );
}

/** DROP PRIMARY KEY, FOREIGN KEY, CHECK, CONSTRAINT, by what the constraint is. @throws Refusal */
export function dropConstraint(detail: DropConstraint, operation: OtherOperation, context: MysqlContext): Phased {
  if (operation.relation === null) return notYet(detail, operation);
  const s = subjectOf(operation, operation.relation, context);
  const { name } = detail;
  if (name === null || sameName(name, "PRIMARY")) return dropPrimaryKey(detail, s);
  if (detail.ifExists && context.catalog.complete && findConstraint(s.table, name) === undefined)
    return nothing(`${show(s.table.relation)} has no constraint ${name}: IF EXISTS has nothing to do.`);
  return dropIt(detail, s, named(s, detail, name));
}
