import type { Constraint } from "../../../../model/catalog.js";
import { show } from "../../../../model/name.js";
import type { BackfillWork, Step } from "../../../../model/step.js";
import { step } from "../../../step.js";
import { quote } from "../../names.js";
import { renameColumnInConstraint } from "../../parse/columns.js";
import { differs } from "../../triggers/sync.js";
import { withoutMark } from "../constraint/steps.js";
import { addConstraint, buildIndex, notNullDefinition } from "../constraints.js";
import { indexTail } from "../rename/backfill.js";
import { copyName, id, proofName, targetOf } from "../rename/subject.js";
import { assigned, converted, ofRow } from "./conversion.js";
import type { Retype } from "./subject.js";

/** A value that a cast makes is never NULL, and asking so first is no error where the cast is one. */
function stale(r: Retype): string {
  const [shadow, column] = [quote(r.to), quote(r.old.name)];
  const other = differs(shadow, converted(r.forth, ofRow), r.comparable);
  if (r.forth.sure || r.forth.expression !== null) return other;
  return `CASE WHEN ${shadow} IS NULL THEN ${column} IS NOT NULL ELSE ${other} END`;
}

function fillOf(r: Retype): BackfillWork {
  const { batch } = r.context;
  return {
    relation: r.relation,
    set: `${quote(r.to)} = ${assigned(r.forth, ofRow)}`,
    where: stale(r),
    key: batch?.key == null ? null : [batch.key],
    rows: batch?.rows ?? null,
    targetMs: batch?.targetMs ?? null,
  };
}

export function fill(r: Retype): Step {
  return step({
    id: id(r, "backfill"),
    phase: "backfill",
    kind: "backfill",
    backfill: fillOf(r),
    reason: `Gives the rows that were there before the trigger their value as ${r.detail.type}.`,
  });
}

function countNulls(r: Retype): Step[] {
  if (!r.old.notNull || r.forth.sure) return [];
  return [
    step({
      id: id(r, "verify-not-null"),
      phase: "backfill",
      kind: "verify",
      scan: true,
      verify: {
        relation: r.relation,
        mismatch: `${quote(r.to)} IS NULL`,
        violation: {
          rows: `of ${show(r.relation)} become NULL in ${r.old.name}, which is NOT NULL`,
          help: "Mend these rows, or roll back and write an expression that gives them a value, and run `zmigrate apply` again.",
        },
      },
      reason: `Counts rows that would have no value in ${r.old.name} as ${r.detail.type}.`,
    }),
  ];
}

export function verify(r: Retype): Step[] {
  const compare = step({
    id: id(r, "verify"),
    phase: "backfill",
    kind: "verify",
    scan: true,
    verify: { relation: r.relation, mismatch: stale(r), repair: fillOf(r) },
    reason: `Counts rows whose second column is not what ${r.old.name} becomes; contract waits until there is none.`,
  });
  return [compare, ...countNulls(r)];
}

/** A step as it stands where constraints of the shadow hold. */
const placed =
  (r: Retype) =>
  (s: Step): Step => ({ ...s, ...r.place });

/** Of indexes only unique ones can fail what old code writes. */
export function copyIndexes(r: Retype): Step[] {
  return r.indexes.map((index, n) =>
    buildIndex({
      id: id(r, `index-${n + 1}`),
      ...(index.unique ? r.place : { phase: "backfill" }),
      relation: r.relation,
      name: copyName(r, index.name),
      unique: index.unique,
      undo: false,
      on: indexTail(index, r),
      reason: `The second column gets what ${index.name} is for ${r.old.name}; built after the backfill, so that the backfill's updates stay cheap.`,
    }),
  );
}

function copy(r: Retype, c: Constraint, label: string): Step[] {
  const definition = withoutMark(renameColumnInConstraint(c.definition, r.old.name, r.to));
  const target = c.kind === "foreign-key" ? targetOf(c, r) : null;
  const made = { relation: r.relation, name: copyName(r, c.name), definition, target };
  return addConstraint(id(r, label), made, `The second column gets what ${c.name} is for ${r.old.name}.`, c.validated);
}

export function copyConstraints(r: Retype): Step[] {
  const steps = [
    ...r.checks.flatMap((c, n) => copy(r, c, `check-${n + 1}`)),
    ...r.foreignKeys.flatMap((c, n) => copy(r, c, `foreign-key-${n + 1}`)),
  ];
  return steps.map(placed(r));
}

export function proveNotNull(r: Retype): Step[] {
  if (!r.old.notNull) return [];
  return addConstraint(
    id(r, "not-null"),
    { relation: r.relation, name: proofName(r), definition: notNullDefinition(r.to, r.context.version), target: null },
    `${r.old.name} is NOT NULL, so the second column becomes it too.`,
    r.notNull?.validated ?? true,
  ).map(placed(r));
}
