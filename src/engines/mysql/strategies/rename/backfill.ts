import type { BackfillWork, Step } from "../../../../model/step.js";
import { step } from "../../../step.js";
import { partsWith } from "../../index-parts.js";
import { quote } from "../../names.js";
import { omissionOf, same } from "../../triggers/values.js";
import { ONLINE } from "../algorithms.js";
import { alter, ddl, dropIndexIfThere } from "../ddl.js";
import { hasIndex, stateOf } from "../facts.js";
import * as locks from "../locks.js";
import { type Rename, stepId } from "./subject.js";

/**
 * The SET list of a batch. Columns with ON UPDATE CURRENT_TIMESTAMP are set to themselves: moving a value is no change
 * that anybody should see.
 *
 * @param renamed the names have been exchanged: the old column is called by the new name
 */
export function setList(r: Rename, to: string, from: string, renamed: boolean): string {
  const kept = r.table.columns
    .filter((c) => c.onUpdate !== null)
    .map((c) => quote(renamed && c.name === r.old.name ? r.to : c.name));
  return [`${quote(to)} = ${quote(from)}`, ...kept.map((c) => `${c} = ${c}`)].join(", ");
}

export const differ = (r: Rename, a: string, b: string): string => `NOT (${same(r.old, quote(a), quote(b))})`;

/**
 * True for a row whose new side nobody has written: NULL, or its default, which rows hold that came before the triggers
 * or past them.
 */
function unfilled(r: Rename): string {
  const b = quote(r.to);
  return omissionOf(r.old).kind === "constant" ? `${b} IS NULL OR ${same(r.old, b, `DEFAULT(${b})`)}` : `${b} IS NULL`;
}

/** Fills what is not filled: a value that somebody wrote past the triggers may be newer than the old side's. */
function fillOf(r: Rename): BackfillWork {
  const { batch } = r.context;
  return {
    relation: r.relation,
    set: setList(r, r.to, r.old.name, false),
    where: `(${unfilled(r)}) AND ${differ(r, r.to, r.old.name)}`,
    key: batch?.key == null ? null : [batch.key],
    rows: batch?.rows ?? null,
    targetMs: batch?.targetMs ?? null,
  };
}

function fill(r: Rename): Step {
  return step({
    id: stepId(r, "backfill"),
    phase: "backfill",
    kind: "backfill",
    backfill: fillOf(r),
    reason: `Copies ${r.old.name} into ${r.to} for the rows that were there before the triggers.`,
  });
}

function copyIndex(r: Rename, { index, parts, copy }: Rename["indexes"][number], n: number): Step {
  const keys = partsWith(parts.parts, r.old.name, r.to);
  return ddl({
    id: stepId(r, `index-${n + 1}`),
    phase: "backfill",
    sql: [alter(r.relation, `ADD INDEX ${quote(copy)} ${keys}, ${ONLINE}`)],
    undo: dropIndexIfThere(r.relation, copy, ONLINE),
    probe: { sql: stateOf(hasIndex(r.relation, copy)), repair: [] },
    locks: [locks.brief(r.relation), locks.build(r.relation, "build")],
    scan: true,
    unlimited: true,
    reason: `New code finds rows by ${r.to} as fast as old code does with ${index.name}. ${index.unique ? `That ${index.name} is unique holds for both: each write reaches it through the triggers. ` : ""}It goes with the parked column.`,
  });
}

/** Comes before unique indexes, whose build would fail on what a pass over the table can still mend. */
function verify(r: Rename): Step {
  return step({
    id: stepId(r, "verify"),
    phase: "backfill",
    kind: "verify",
    scan: true,
    verify: {
      relation: r.relation,
      mismatch: differ(r, r.old.name, r.to),
      unfilled: unfilled(r),
      repair: fillOf(r),
      newWins: setList(r, r.old.name, r.to, false),
    },
    reason: `Counts rows in which ${r.old.name} and ${r.to} differ; contract waits until there is none.`,
  });
}

/** The second column gets the first one's values and indexes. */
export const backfillSteps = (r: Rename): Step[] => [
  fill(r),
  verify(r),
  ...r.indexes.map((index, n) => copyIndex(r, index, n)),
];
