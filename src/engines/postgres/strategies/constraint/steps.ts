import type { Constraint, Table } from "../../../../model/catalog.js";
import type { RelationName } from "../../../../model/name.js";
import type { OtherOperation } from "../../../../model/operation.js";
import type { OperationDetail } from "../../../../model/operation-detail.js";
import type { Claim } from "../../../../model/plan.js";
import type { Step } from "../../../../model/step.js";
import type { StrategyContext } from "../../../engine.js";
import type { Place } from "../../../place.js";
import { literal, quote, quoteRelation } from "../../names.js";
import { withConstraint, withTable } from "../tables.js";
import { stepOf } from "../written.js";

/** A change of one table's constraints, looked up once. */
export interface Subject {
  readonly operation: OtherOperation;
  readonly context: StrategyContext;
  readonly table: Table;
}

/** The same statement with another change in it: what the effects of a helper statement are asked with. */
export const asChange = (operation: OtherOperation, detail: OperationDetail): OtherOperation => ({
  ...operation,
  what: detail.kind,
  detail,
});

export const alter = (table: Table, clause: string): string => `ALTER TABLE ${quoteRelation(table.relation)} ${clause}`;

export const dropping = (table: Table, name: string): string => alter(table, `DROP CONSTRAINT ${quote(name)}`);

/** What PostgreSQL prints of a constraint without the mark of one whose rows were not looked at. */
export const withoutMark = (definition: string): string => definition.replace(/\s+NOT\s+VALID\s*$/i, "");

/** Statements that make a constraint again as it was, with its comment: briefly, and without a look at the rows. */
export function adding(table: Table, constraint: Constraint): string[] {
  const { name, definition, comment } = constraint;
  const mark = / NOT ENFORCED\b/i.test(definition) ? "" : " NOT VALID";
  return [
    alter(table, `ADD CONSTRAINT ${quote(name)} ${withoutMark(definition)}${mark}`),
    ...(comment == null
      ? []
      : [`COMMENT ON CONSTRAINT ${quote(name)} ON ${quoteRelation(table.relation)} IS ${literal(comment)}`]),
  ];
}

/** The same, and the rows are looked at unless they never were. */
export function addingWhole(table: Table, constraint: Constraint): string[] {
  const validated = constraint.validated ? [alter(table, `VALIDATE CONSTRAINT ${quote(constraint.name)}`)] : [];
  return [...adding(table, constraint), ...validated];
}

/** The columns that a change of constraints has to itself; they stay what they are. */
export const claimsOn = (relation: RelationName, columns: readonly string[], change: string): Claim[] =>
  columns.map((name) => ({ relation, name, change, keeps: true }));

/** The same for what takes an index or a constraint away. */
export const goingClaims = (relation: RelationName, columns: readonly string[], change: string): Claim[] =>
  claimsOn(relation, columns, change).map((claim) => ({ ...claim, goes: true }));

/** The next step of the same change, on the table as a constraint that was added leaves it. */
export const having = (s: Subject, constraint: Constraint): Subject => {
  const table = withConstraint(s.table, constraint);
  return { ...s, table, context: withTable(s.context, table) };
};

/** VALIDATE in a transaction of its own: reads and writes go on while it reads every row. */
export function validating(s: Subject, id: string, constraint: Constraint, place: Place): Step {
  const { context } = having(s, { ...constraint, validated: false });
  const { name } = constraint;
  return stepOf(asChange(s.operation, { kind: "validate-constraint", name }), context, {
    name: id,
    ...place,
    kind: "validate",
    unlimited: true,
    sql: [alter(s.table, `VALIDATE CONSTRAINT ${quote(name)}`)],
    reason: "Checks the rows that are there while reads and writes go on.",
  });
}

/** NOT VALID first, under a brief lock, then VALIDATE: rows are never read while others wait. */
export function addingInTwo(
  s: Subject,
  id: string,
  constraint: Constraint,
  detail: Extract<OperationDetail, { kind: "add-constraint" }>,
  place: Place,
  reason: string,
): Step[] {
  const add = stepOf(asChange(s.operation, { ...detail, validated: false }), s.context, {
    name: id,
    ...place,
    sql: adding(s.table, constraint),
    undo: [alter(s.table, `DROP CONSTRAINT IF EXISTS ${quote(constraint.name)}`)],
    reason: `${reason} It holds for new writes at once; rows that are there are checked by the next step.`,
  });
  const letGo = { step: add.id, sql: add.undo };
  return [add, { ...validating(s, `${id}-validate`, constraint, place), letGo }];
}
