import { show } from "../../../../model/name.js";
import type { Step } from "../../../../model/step.js";
import { DROP, SWAP } from "../../../place.js";
import { step } from "../../../step.js";
import * as locks from "../../effects/helper-statements.js";
import { quote, quoteRelation } from "../../names.js";
import { followNewSide, followOldSide, newSideTriggers, oldSideTriggers } from "../../triggers/move.js";
import { shown } from "./steps.js";
import { id, type Moving } from "./subject.js";

const locking = (m: Moving): string[] =>
  [m.new, m.old].map(({ relation }) => `LOCK TABLE ONLY ${quoteRelation(relation)} IN ACCESS EXCLUSIVE MODE`);

/** As the move is once the old column has its other name. */
const afterSwap = (m: Moving): Moving => ({ ...m, old: { ...m.old, column: m.parked } });

/**
 * Both tables are locked for a moment, the new one first, as new code's writes go: a write between the two would meet a
 * trigger that names what is gone.
 */
export function swap(m: Moving): Step {
  const rename = (from: string, to: string) =>
    `ALTER TABLE ${quoteRelation(m.old.relation)} RENAME COLUMN ${quote(from)} TO ${quote(to)}`;
  const before = [oldSideTriggers(m), newSideTriggers(m)];
  const after = [followNewSide(afterSwap(m)), followOldSide(afterSwap(m))];
  return step({
    id: id(m, "swap"),
    ...SWAP,
    kind: "ddl",
    sql: [
      ...locking(m),
      ...before.flatMap((t) => t.drop),
      rename(m.old.column, m.parked),
      ...after.flatMap((t) => t.create),
    ],
    undo: [
      ...locking(m),
      ...after.flatMap((t) => t.drop),
      rename(m.parked, m.old.column),
      ...before.flatMap((t) => t.create),
    ],
    locks: [locks.alterTable(m.new.relation), locks.alterTable(m.old.relation)],
    reason: `In one short transaction ${shown(m.old)} is parked as ${m.parked}, and follows ${shown(m.new)} still, so that this can be undone.`,
  });
}

/** The trigger of the new table goes first, by itself: it writes what is dropped. */
export function drop(m: Moving): Step[] {
  const after = afterSwap(m);
  return [
    step({
      id: id(m, "unfollow"),
      ...DROP,
      kind: "ddl",
      sql: followNewSide(after).drop,
      locks: [locks.alterTable(m.new.relation)],
      reason: `From here on ${show(m.old.relation)} does not follow any more.`,
    }),
    step({
      id: id(m, "drop"),
      ...DROP,
      kind: "ddl",
      sql: [
        `LOCK TABLE ONLY ${quoteRelation(m.old.relation)} IN ACCESS EXCLUSIVE MODE`,
        ...followOldSide(after).drop,
        `ALTER TABLE ${quoteRelation(m.old.relation)} DROP COLUMN IF EXISTS ${quote(m.parked)}`,
      ],
      locks: [locks.alterTable(m.old.relation)],
      reason: `From here on the values of ${shown(m.old)} are only in ${shown(m.new)}.`,
    }),
  ];
}
