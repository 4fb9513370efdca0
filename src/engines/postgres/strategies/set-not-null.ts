import type { Column } from "../../../model/catalog.js";
import type { ColumnChange } from "../../../model/detail/column.js";
import type { AddConstraint } from "../../../model/detail/constraint.js";
import { show } from "../../../model/name.js";
import type { OtherOperation } from "../../../model/operation.js";
import type { Step } from "../../../model/step.js";
import { type Phased, Refusal, type StrategyContext } from "../../engine.js";
import { nullsHelp, ownFill, ownFillNote } from "../../fill-from-update.js";
import { BACKFILL, EXPAND, type Place, SWAP } from "../../place.js";
import { notYet } from "../../strategies.js";
import { quote } from "../names.js";
import { fillingSteps } from "./constraint/filling.js";
import { countingNulls, isProven, notNullOf, proofOf, proving, settling } from "./constraint/not-null.js";
import { alter, claimsOn, type Subject, validating } from "./constraint/steps.js";
import { hasNotNullConstraints } from "./constraints.js";
import { GIVEN } from "./fill-from-update.js";
import { onNewTable } from "./on-new-table.js";
import { addedColumns, leftOut } from "./place.js";
import { columnOf } from "./subject.js";
import { wholeTable } from "./tables.js";
import { nothing, stepOf } from "./written.js";

/** A column that becomes NOT NULL. */
interface Strict extends Subject {
  readonly column: Column;
  /** The constraint's name where the author gives one (18). */
  readonly name: string | null;
}

const phasedOf = (s: Strict, steps: readonly Step[], notes: readonly string[] = []): Phased => ({
  steps,
  retires: [],
  claims: claimsOn(s.table.relation, [s.column.name], `makes ${s.column.name} NOT NULL`),
  gates: [],
  notes,
});

/** A check proves it already: nobody can write NULL, so nothing becomes stricter. */
function settleAtOnce(s: Strict): Phased {
  const column = quote(s.column.name);
  const clause =
    s.name === null ? `ALTER COLUMN ${column} SET NOT NULL` : `ADD CONSTRAINT ${quote(s.name)} NOT NULL ${column}`;
  return phasedOf(s, [
    stepOf(s.operation, s.context, {
      name: "set-not-null",
      ...EXPAND,
      sql: [alter(s.table, clause)],
      undo: [alter(s.table, `ALTER COLUMN ${column} DROP NOT NULL`)],
      reason: "A check that is validated proves it, so nothing is scanned, and nobody writes NULL as it is.",
    }),
  ]);
}

/** Code that does not know the column leaves it out, and gets a value: nothing has to wait for the contract. */
function placeOf(s: Strict): Place {
  const added = addedColumns(s.table, s.context).get(s.column.name);
  return added !== undefined && leftOut(added) !== "null" ? BACKFILL : SWAP;
}

function unfilled(s: Strict): Phased {
  const place = placeOf(s);
  const proof = proofOf(s, s.column.name, s.name);
  const reason =
    place === SWAP
      ? "Old code may still write NULL, so it waits for the contract."
      : "Code that does not know the column leaves it out, and gets its default.";
  return phasedOf(s, [
    ...countingNulls(s, s.column.name, nullsHelp(s.context)),
    ...proving(s, "not-null", proof, place, reason),
    ...settling(s, "set-not-null", s.column.name, proof, place),
  ]);
}

/** NOT NULL, for new rows already, whose old rows were not looked at (18). */
function validateOnly(s: Strict): Phased {
  const open = notNullOf(s.table, s.column.name);
  if (open === null) return phasedOf(s, []);
  const table = { ...s.table, constraints: s.table.constraints.filter((c) => c !== open) };
  return phasedOf(s, [
    ...countingNulls(s, s.column.name, nullsHelp(s.context)),
    validating({ ...s, table }, "validate", open, BACKFILL),
  ]);
}

function become(s: Strict): Phased {
  const { table, column, context } = s;
  if (notNullOf(table, column.name)?.validated === false) return validateOnly(s);
  if (isProven(table, column) && column.notNull)
    return nothing(`${show(table.relation)}.${column.name} is NOT NULL already.`);
  if (isProven(table, column)) return settleAtOnce(s);
  if (context.fill !== null) return phasedOf(s, ...fillingSteps(s));
  const fill = ownFill(s, GIVEN);
  if (fill === null) return unfilled(s);
  const [steps, notes] = fillingSteps({ ...s, context: { ...context, fill } });
  return phasedOf(s, steps, [ownFillNote(column.name, fill), ...notes]);
}

/**
 * SET NOT NULL: with a fill, or one that the file's own UPDATE tells, old writers' NULLs are replaced; without one it waits until
 * they are gone.
 *
 * @throws Refusal
 */
export function setNotNull(detail: ColumnChange, operation: OtherOperation, context: StrategyContext): Phased {
  const { relation } = operation;
  if (relation === null) return notYet(detail, operation);
  const table = wholeTable(operation, relation, context);
  const column = columnOf(table, detail.column);
  if (context.newTable) {
    const clause = `ALTER COLUMN ${quote(column.name)}`;
    return onNewTable(operation, context, {
      name: "set-not-null",
      sql: [alter(table, `${clause} SET NOT NULL`)],
      undo: column.notNull ? [] : [alter(table, `${clause} DROP NOT NULL`)],
    });
  }
  return become({ operation, context, table, column, name: null });
}

/** ADD CONSTRAINT name NOT NULL column (18). @throws Refusal */
export function addNotNull(detail: AddConstraint, s: Subject): Phased {
  const { constraint, validated } = detail;
  if (!hasNotNullConstraints(s.context.version))
    throw new Refusal(
      `NOT NULL as a constraint of the table is new in PostgreSQL 18; this is ${s.context.version.text}.`,
      "Write ALTER COLUMN ... SET NOT NULL.",
    );
  const column = columnOf(s.table, constraint.columns[0] ?? "");
  const strict: Strict = { ...s, column, name: constraint.name };
  if (validated) return become(strict);
  const proof = proofOf(s, column.name, constraint.name);
  const [add] = proving(s, "not-null", proof, placeOf(strict), "As written, without a look at the rows.");
  return phasedOf(strict, add === undefined ? [] : [add]);
}
