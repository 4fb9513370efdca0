import type { Constraint } from "../../../model/catalog.js";
import type { ValidateConstraint } from "../../../model/detail/constraint.js";
import { show } from "../../../model/name.js";
import type { OtherOperation } from "../../../model/operation.js";
import { type Phased, Refusal, type StrategyContext, sameRelation } from "../../engine.js";
import { BACKFILL, EXPAND, type Place } from "../../place.js";
import { notYet } from "../../strategies.js";
import { addConstraint } from "./add-constraint.js";
import { constraintOf } from "./constraint/find.js";
import { adding, claimsOn, dropping, type Subject, validating } from "./constraint/steps.js";
import { hasChildren, wholeTable } from "./tables.js";
import { nothing } from "./written.js";

/** Where this file puts a constraint that it adds itself; null for one that was there. */
function placeOfOwn(s: Subject, name: string): Place | null {
  const { file, catalog } = s.context;
  const added = file.find(
    ({ operation: o }) =>
      o.kind === "other" &&
      o.detail?.kind === "add-constraint" &&
      o.relation !== null &&
      sameRelation(o.relation, s.table.relation, catalog.defaultSchema) &&
      (o.detail.constraint.name === name || (o.detail.constraint.name === null && !o.detail.validated)),
  )?.operation;
  if (added?.kind !== "other" || added.detail?.kind !== "add-constraint") return null;
  const table = { ...s.table, constraints: s.table.constraints.filter((c) => c.name !== name) };
  const tables = catalog.tables.map((t) => (t === s.table ? table : t));
  const context = { ...s.context, catalog: { ...catalog, tables } };
  const [step] = addConstraint(added.detail, added, context).steps.filter((t) => t.kind === "ddl");
  return step === undefined ? null : { phase: step.phase, stage: step.stage };
}

/** A constraint whose rows were never looked at, as it was. */
const unvalidated = ({ table }: Subject, constraint: Constraint): string[] =>
  hasChildren(table) || table.partitionOf != null
    ? []
    : [dropping(table, constraint.name), ...adding(table, constraint)];

/** VALIDATE CONSTRAINT: every row is read while reads and writes go on. @throws Refusal */
export function validateConstraint(
  detail: ValidateConstraint,
  operation: OtherOperation,
  context: StrategyContext,
): Phased {
  if (operation.relation === null) return notYet(detail, operation);
  const table = wholeTable(operation, operation.relation, context);
  const constraint = constraintOf(table, detail.name, context);
  const s: Subject = { operation, context, table };
  if (constraint.validated) return nothing(`${constraint.name} of ${show(table.relation)} is validated already.`);
  if (/ NOT ENFORCED\b/i.test(constraint.definition))
    throw new Refusal(
      `${constraint.name} is NOT ENFORCED: the server validates no such constraint.`,
      "Drop it and add it again without NOT ENFORCED.",
    );
  const others = { ...s, table: { ...table, constraints: table.constraints.filter((c) => c !== constraint) } };
  const own = context.newTable ? EXPAND : placeOfOwn(s, constraint.name);
  const step = validating(others, "validate", constraint, own ?? BACKFILL);
  const undo = own === null ? unvalidated(s, constraint) : [];
  const claims = claimsOn(table.relation, constraint.columns, `validates ${constraint.name}`);
  return { steps: [{ ...step, undo }], retires: [], claims, gates: [], notes: [] };
}
