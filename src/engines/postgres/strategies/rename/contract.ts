import type { Step } from "../../../../model/step.js";
import { step } from "../../../step.js";
import * as locks from "../../effects/helper-statements.js";
import { quote, quoteRelation } from "../../names.js";
import { followTrigger, syncTrigger } from "../../triggers/sync.js";
import { writersKept, writersTrigger } from "../../triggers/writers.js";
import { id, pairOf, type Rename, targetOf, writersOf } from "./subject.js";
import { takeOver } from "./take-over.js";

export function swap(r: Rename): Step {
  const table = quoteRelation(r.relation);
  const sync = syncTrigger(pairOf(r));
  const writes = writersOf(r);
  const watch = writes === null ? { create: [], drop: [] } : writersTrigger(writes);
  const follow = followTrigger({
    relation: r.relation,
    hash: r.hash,
    parked: r.parked,
    new: r.to,
    comparable: r.old.comparable,
  });
  const lock = `LOCK TABLE ONLY ${table} IN ACCESS EXCLUSIVE MODE`;
  const changes = takeOver(r);
  const rename = (from: string, to: string) => `ALTER TABLE ${table} RENAME COLUMN ${quote(from)} TO ${quote(to)}`;
  return step({
    id: id(r, "swap"),
    phase: "contract",
    kind: "ddl",
    stage: "swap",
    sql: [
      lock,
      ...watch.drop,
      ...sync.drop,
      ...changes.map((c) => c.sql),
      rename(r.old.name, r.parked),
      ...follow.create,
    ],
    undo: [
      lock,
      ...follow.drop,
      rename(r.parked, r.old.name),
      ...changes.toReversed().flatMap((c) => c.undo),
      ...sync.create,
      ...watch.create,
    ],
    locks: [locks.alterTable(r.relation)],
    reason: `In one short transaction ${r.to} takes over default, NOT NULL and the names of indexes and constraints; ${r.old.name} is parked as ${r.parked} and still kept up to date, so that this can be undone.`,
  });
}

export function drop(r: Rename): Step {
  const table = quoteRelation(r.relation);
  const follow = followTrigger({
    relation: r.relation,
    hash: r.hash,
    parked: r.parked,
    new: r.to,
    comparable: r.old.comparable,
  });
  return step({
    id: id(r, "drop"),
    phase: "contract",
    kind: "ddl",
    stage: "drop",
    sql: [
      `LOCK TABLE ONLY ${table} IN ACCESS EXCLUSIVE MODE`,
      ...follow.drop,
      `ALTER TABLE ${table} DROP COLUMN IF EXISTS ${quote(r.parked)}`,
      ...(writersOf(r) === null ? [] : writersKept(r.hash).drop),
    ],
    locks: [locks.alterTable(r.relation), ...r.foreignKeys.map((c) => locks.alterTable(targetOf(c, r)))],
    reason: `Drops the parked column with its indexes and constraints. From here on ${r.old.name} is gone.`,
  });
}
