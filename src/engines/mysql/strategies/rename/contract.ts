import type { BackfillWork, Step } from "../../../../model/step.js";
import { step } from "../../../step.js";
import { quote } from "../../names.js";
import { followTriggers, syncTriggers } from "../../triggers/sync.js";
import { baseType } from "../../triggers/values.js";
import { writersName, writersTable } from "../../triggers/writers.js";
import { algorithm, INSTANT, ONLINE } from "../algorithms.js";
import { alter, ddl, renameColumnIfThere, underLock } from "../ddl.js";
import { all, hasColumn, hasIndex, hasTable, hasTrigger, haveSameDefault, not, state, stateOf } from "../facts.js";
import { guarded } from "../guarded.js";
import { hasLent, unlend } from "../lent-default.js";
import * as locks from "../locks.js";
import { differ, setList } from "./backfill.js";
import { exchange, exchangeBack } from "./exchange.js";
import { isWatched, pairOf, type Rename, stepId } from "./subject.js";

const followers = (r: Rename) => {
  const { relation, hash, lenient } = pairOf(r);
  return followTriggers({ relation, hash, parked: r.parked, new: r.to, lenient });
};

/**
 * From here on the old name is gone. A crash in between leaves the new column, which is the original, right: the worst
 * is a parked column that did not follow for a while, and the next step copies it again.
 */
function park(r: Rename): Step {
  const sync = syncTriggers(pairOf(r));
  const follow = followers(r);
  const how = algorithm(r.instant.rename);
  const rename = alter(r.relation, `RENAME COLUMN ${quote(r.old.name)} TO ${quote(r.parked)}, ${how}`);
  const back = renameColumnIfThere(r.relation, r.parked, r.old.name, how);
  const drop = (triggers: typeof sync) => triggers.map((t) => t.drop);
  const create = (triggers: typeof sync) => triggers.map((t) => t.create);
  const followed = follow.map((t) => hasTrigger(r.relation, t.name));
  return ddl({
    id: stepId(r, "park"),
    phase: "contract",
    stage: "swap",
    sql: underLock(r.relation, [...drop(sync), rename, ...create(follow)]),
    // With the exchange: nobody then reads the parked values under the old name, should they be behind.
    undo: underLock(r.relation, [...drop(follow), ...back, ...exchangeBack(r), ...drop(sync), ...create(sync)]),
    atomicPacket: true,
    probe: {
      sql: state(
        all(hasColumn(r.relation, r.parked), ...followed),
        all(hasColumn(r.relation, r.old.name), ...followed.map(not)),
      ),
      repair: [...drop(follow), ...back],
    },
    locks: [locks.brief(r.relation)],
    reason: `Under one short lock the old name goes: what bears it is parked as ${r.parked} and still kept up to date, so that this can be undone.`,
  });
}

/** Both are quick where nothing went wrong: every row is equal already. */
function settle(r: Rename): Step[] {
  const relation = r.relation;
  const common = { phase: "contract", stage: "swap" } as const;
  const work: BackfillWork = {
    relation,
    set: setList(r, r.parked, r.to, true),
    where: differ(r, r.parked, r.to),
    key: null,
    rows: null,
    targetMs: null,
  };
  return [
    step({
      ...common,
      id: stepId(r, "settle"),
      kind: "backfill",
      backfill: work,
      reason: `Copies ${r.to} into the parked column wherever a write fell between two triggers, which only a crash in the step before makes possible.`,
    }),
    step({
      ...common,
      id: stepId(r, "verify-parked"),
      kind: "verify",
      scan: true,
      verify: { relation, mismatch: differ(r, r.parked, r.to), repair: work },
      reason: "Undoing the swap loses nothing as long as the parked column is equal.",
    }),
  ];
}

/** The copies served new code while its column was the second one. The original's indexes serve it now. */
function dropIndexes(r: Rename): Step[] {
  return r.indexes.map(({ index, copy }, n) =>
    ddl({
      id: stepId(r, `drop-index-${n + 1}`),
      phase: "contract",
      stage: "swap",
      sql: [alter(r.relation, `DROP INDEX ${quote(copy)}, ${ONLINE}`)],
      probe: { sql: stateOf(not(hasIndex(r.relation, copy))), repair: [] },
      locks: [locks.brief(r.relation)],
      reason: `${r.to} has ${index.name} itself now. Without its indexes the parked column is cheap to keep, and dropped INSTANT.`,
    }),
  );
}

/**
 * The lent default goes before the parked column, which has it too: one that somebody has set since is another. Not in one
 * statement: measured on MariaDB 10.11, beside a virtual column that has come meanwhile that is refused (error 1846).
 */
function dropAndUnlend(r: Rename, plain: string, isLent: string): string[] {
  const taken = alter(r.relation, `${unlend(r.to)}, ${INSTANT}`);
  return [
    ...guarded(haveSameDefault(r.relation, r.to, r.parked), taken),
    ...guarded(hasColumn(r.relation, r.parked), plain),
    // Somebody has dropped the parked column.
    ...guarded(isLent, taken),
  ];
}

/** A condition; null where nothing was lent. An ENUM's goes when the last trigger has gone: see `withEnums`. */
const stillLent = ({ lent, old, relation, to }: Rename): string | null =>
  lent === null || baseType(old.type) === "enum" ? null : hasLent(relation, to, lent);

/**
 * A trigger that names a column must go before the column does, or every write fails. As long as the column is there
 * this can be undone, also without the triggers: the original is the column under the new name.
 */
function dropParked(r: Rename): Step {
  const { instant } = r;
  const plain = alter(r.relation, `DROP COLUMN ${quote(r.parked)}, ${algorithm(instant.drop)}`);
  const isLent = stillLent(r);
  const gone = [not(hasColumn(r.relation, r.parked)), ...followers(r).map((t) => not(hasTrigger(r.relation, t.name)))];
  return ddl({
    id: stepId(r, "drop"),
    phase: "contract",
    stage: "drop",
    sql: [...followers(r).map((t) => t.drop), ...(isLent === null ? [plain] : dropAndUnlend(r, plain, isLent))],
    // Where somebody has dropped the column, every write fails for the triggers that name it.
    probe: { sql: stateOf(all(...gone, ...(isLent === null ? [] : [not(isLent)]))), repair: [] },
    locks: [locks.brief(r.relation), ...(instant.drop ? [] : [locks.build(r.relation, "rewrite")])],
    rewrite: !instant.drop,
    unlimited: !instant.drop,
    reason: `Drops the parked column. From here on ${r.old.name} is gone.`,
  });
}

function dropWriters(r: Rename): Step[] {
  if (!isWatched(r)) return [];
  const relation = { schema: r.relation.schema, name: writersName(r.hash) };
  return [
    ddl({
      id: stepId(r, "drop-writers"),
      phase: "contract",
      stage: "drop",
      sql: [writersTable(r.relation, r.hash).drop],
      probe: { sql: stateOf(not(hasTable(relation))), repair: [] },
      locks: [locks.brief(relation)],
      reason: "Nobody asks any more who writes the old name.",
    }),
  ];
}

/** The exchange of names, the park, and the gated drop. */
export const contractSteps = (r: Rename): Step[] => [
  exchange(r),
  park(r),
  ...dropIndexes(r),
  ...settle(r),
  dropParked(r),
  ...dropWriters(r),
];
