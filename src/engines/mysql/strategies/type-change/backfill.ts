import { show } from "../../../../model/name.js";
import type { BackfillWork, Step } from "../../../../model/step.js";
import { step } from "../../../step.js";
import { quote } from "../../names.js";
import { ONLINE } from "../algorithms.js";
import { alter, ddl, dropIndexIfThere } from "../ddl.js";
import { hasIndex, stateOf } from "../facts.js";
import * as locks from "../locks.js";
import { stepId } from "../modify/subject.js";
import { untouched } from "./conversion.js";
import { type Carried, mismatch, type Retype, upOf } from "./subject.js";

/** A SET list of a batch, which ON UPDATE does not notice. */
export const quietly = (r: Retype, assignment: string): string =>
  [assignment, ...untouched(r.table, [r.old]).map((c) => `${quote(c)} = ${quote(c)}`)].join(", ");

/** The first condition is enough for a row that was never filled: what does not fit is then told by the assignment. */
const unlike = (r: Retype): string =>
  r.lent === null ? `(${quote(r.shadow)} IS NULL AND ${upOf(r)} IS NOT NULL) OR ${mismatch(r)}` : mismatch(r);

function workOf(r: Retype): BackfillWork {
  const { batch } = r.context;
  return {
    relation: r.relation,
    set: quietly(r, `${quote(r.shadow)} = ${upOf(r)}`),
    where: unlike(r),
    key: batch?.key == null ? null : [batch.key],
    rows: batch?.rows ?? null,
    targetMs: batch?.targetMs ?? null,
  };
}

/** An index of the shadow. One that is unique waits for old code to go: two values may be one in the new type. */
export function buildIndex(r: Retype, { index, keys, copy }: Carried, n: number): Step {
  const place = index.unique ? ({ phase: "contract", stage: "swap" } as const) : ({ phase: "backfill" } as const);
  return ddl({
    ...place,
    id: stepId(r, `index-${n + 1}`),
    sql: [alter(r.relation, `ADD ${index.unique ? "UNIQUE " : ""}INDEX ${quote(copy)} ${keys}, ${ONLINE}`)],
    undo: dropIndexIfThere(r.relation, copy, ONLINE),
    probe: { sql: stateOf(hasIndex(r.relation, copy)), repair: [] },
    locks: [locks.brief(r.relation), locks.build(r.relation, "build")],
    scan: true,
    unlimited: true,
    reason: `Takes the place of ${index.name} with the swap.${index.unique ? " It fails where values are the same in the new type." : ""}`,
  });
}

export function backfillSteps(r: Retype): Step[] {
  const work = workOf(r);
  const type = r.detail.definition.type;
  return [
    step({
      id: stepId(r, "backfill"),
      phase: "backfill",
      kind: "backfill",
      backfill: work,
      reason: `Converts ${r.old.name} to ${type} for the rows that were there before the triggers. A value that does not fit stops it, with the row's key.`,
    }),
    step({
      id: stepId(r, "verify"),
      phase: "backfill",
      kind: "verify",
      scan: true,
      verify: {
        relation: r.relation,
        mismatch: mismatch(r),
        repair: work,
        violation: {
          rows: `of ${show(r.relation)} hold in ${r.old.name} what does not fit ${type}`,
          help: "Mend these rows, and run `zmigrate apply` again.",
        },
      },
      reason: `Counts rows whose ${r.old.name} is not in the shadow; contract waits until there is none.`,
    }),
    ...r.indexes.flatMap((carried, n) => (carried.index.unique ? [] : [buildIndex(r, carried, n)])),
  ];
}
