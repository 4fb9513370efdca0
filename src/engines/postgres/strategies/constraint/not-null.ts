import type { Column, Constraint, Table } from "../../../../model/catalog.js";
import type { AddConstraint } from "../../../../model/detail/constraint.js";
import { show } from "../../../../model/name.js";
import type { Step } from "../../../../model/step.js";
import type { Place } from "../../../place.js";
import { provesNotNull } from "../../effects/not-null.js";
import { generatedName, quote, shortHash } from "../../names.js";
import { hasNotNullConstraints, notNullDefinition } from "../constraints.js";
import { nameFor } from "../names-taken.js";
import { stepOf } from "../written.js";
import { addingInTwo, alter, asChange, dropping, having, type Subject } from "./steps.js";
import { counting } from "./verify.js";

/** The NOT NULL constraint that a column has (18), or null. */
export const notNullOf = (table: Table, column: string): Constraint | null =>
  table.constraints.find((c) => c.kind === "not-null" && c.columns.includes(column)) ?? null;

/** A validated check proves it, or the column is NOT NULL and its rows were looked at. */
export const isProven = (table: Table, column: Column): boolean =>
  column.notNull ? notNullOf(table, column.name)?.validated !== false : provesNotNull(table, column.name, []);

/** The constraint whose validation proves that a column holds no NULL: NOT NULL itself (18), or a check of ours that goes again. */
export function proofOf(s: Subject, column: string, name: string | null): Constraint {
  const { table, context } = s;
  const native = hasNotNullConstraints(context.version);
  const hash = shortHash(context.migrationId, table.relation.schema ?? "", table.relation.name, column);
  const given = native
    ? (name ?? nameFor(table, "not-null", [column], context))
    : generatedName("zmigrate_new", `${column}_not_null`, hash);
  return {
    kind: native ? "not-null" : "check",
    name: given,
    columns: [column],
    definition: notNullDefinition(column, context.version),
    validated: true,
    index: null,
  };
}

/** ADD CONSTRAINT as the grammar reads it, for what the effects are asked with. */
const detailOf = (constraint: Constraint): AddConstraint => ({
  kind: "add-constraint",
  constraint: {
    kind: constraint.kind,
    name: constraint.name,
    columns: constraint.columns,
    references: null,
    text: constraint.definition,
  },
  expression: constraint.kind === "check" ? constraint.definition.replace(/^CHECK \(|\)$/g, "") : null,
  enforced: true,
  validated: true,
  usingIndex: null,
  ifNotExists: false,
});

/** NOT VALID and VALIDATE of the proof. */
export const proving = (s: Subject, id: string, proof: Constraint, place: Place, reason: string): Step[] =>
  addingInTwo(s, id, proof, detailOf(proof), place, reason);

/** SET NOT NULL where a check proves it, so that nothing is scanned; on 18 the proof is the constraint itself. */
export function settling(s: Subject, id: string, column: string, proof: Constraint, place: Place): Step[] {
  if (proof.kind === "not-null") return [];
  const name = quote(column);
  return [
    stepOf(asChange(s.operation, { kind: "set-not-null", column, ifExists: false }), having(s, proof).context, {
      name: id,
      ...place,
      scan: false,
      sql: [alter(s.table, `ALTER COLUMN ${name} SET NOT NULL`), dropping(s.table, proof.name)],
      undo: [alter(s.table, `ALTER COLUMN ${name} DROP NOT NULL`)],
      reason: "The validated check proves it, so nothing is scanned; then the check is not needed any more.",
    }),
  ];
}

/** Rows without a value, counted before anything is made strict. */
export const countingNulls = (s: Subject, column: string, help: string, id?: string): Step[] =>
  counting(
    s,
    { row: `${quote(column)} IS NULL`, rows: `of ${show(s.table.relation)} hold NULL in ${column}`, help },
    id,
  );
