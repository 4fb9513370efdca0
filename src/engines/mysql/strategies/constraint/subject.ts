import type { Constraint, Table } from "../../../../model/catalog.js";
import type { RelationName } from "../../../../model/name.js";
import type { OtherOperation } from "../../../../model/operation.js";
import type { OperationDetail } from "../../../../model/operation-detail.js";
import type { Claim } from "../../../../model/plan.js";
import type { Phased } from "../../../engine.js";
import { noConstraint } from "../../../not-found.js";
import type { MysqlContext } from "../algorithms.js";
import { tableOf } from "../subject.js";

/** A change of one table's constraints, looked up once. */
export interface Subject {
  readonly operation: OtherOperation;
  readonly context: MysqlContext;
  readonly table: Table;
}

/** @throws Refusal when the table is not known */
export const subjectOf = (operation: OtherOperation, relation: RelationName, context: MysqlContext): Subject => ({
  operation,
  context,
  table: tableOf(relation, context),
});

/** The same statement with another change in it: what the effects of a helper statement are asked with. */
export const asChange = (operation: OtherOperation, detail: OperationDetail): OtherOperation => ({
  ...operation,
  what: detail.kind,
  detail,
});

/** The columns that a change of constraints has to itself; they stay what they are. */
export const claimsOn = (relation: RelationName, columns: readonly string[], change: string): Claim[] =>
  columns.map((name) => ({ relation, name, change, keeps: true }));

/** What changes constraints takes no column and asks for no gate. */
export const phasedOf = (steps: Phased["steps"], claims: readonly Claim[], notes: readonly string[] = []): Phased => ({
  steps,
  retires: [],
  claims,
  gates: [],
  notes,
});

export const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

export const findConstraint = (table: Table, name: string): Constraint | undefined =>
  table.constraints.find((c) => sameName(c.name, name));

/** The constraint that a change names. @throws Refusal when it is not known */
export function constraintOf({ table, context }: Subject, name: string): Constraint {
  const found = findConstraint(table, name);
  if (found !== undefined) return found;
  throw noConstraint(table, name, context);
}
