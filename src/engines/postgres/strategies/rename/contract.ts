import type { Step } from "../../../../model/step.js";
import { step } from "../../../step.js";
import * as locks from "../../effects/helper-statements.js";
import { quote, quoteRelation } from "../../names.js";
import { followTrigger, syncTrigger } from "../../triggers/sync.js";
import { hasNotNullConstraints } from "../constraints.js";
import { copyName, id, pairOf, parkedName, proofName, type Rename, targetOf } from "./subject.js";

/** What the new column becomes at the swap, and the names that change sides. Each entry has its way back. */
function takeOver(r: Rename): { sql: string; undo: string[] }[] {
  const table = quoteRelation(r.relation);
  const column = quote(r.to);
  const changes: { sql: string; undo: string[] }[] = [];
  const change = (sql: string, ...undo: string[]) => changes.push({ sql, undo });
  if (r.old.notNull && !hasNotNullConstraints(r.context.version)) {
    change(
      `ALTER TABLE ${table} ALTER COLUMN ${column} SET NOT NULL`,
      `ALTER TABLE ${table} ALTER COLUMN ${column} DROP NOT NULL`,
    );
    change(`ALTER TABLE ${table} DROP CONSTRAINT ${quote(proofName(r))}`);
  }
  if (r.old.default !== null)
    change(
      `ALTER TABLE ${table} ALTER COLUMN ${column} SET DEFAULT ${r.old.default}`,
      `ALTER TABLE ${table} ALTER COLUMN ${column} DROP DEFAULT`,
    );
  const renameConstraint = (from: string, to: string) =>
    `ALTER TABLE ${table} RENAME CONSTRAINT ${quote(from)} TO ${quote(to)}`;
  const swapNames = (original: string, copy: string) => {
    change(renameConstraint(original, parkedName(r, original)), renameConstraint(parkedName(r, original), original));
    change(renameConstraint(copy, original), renameConstraint(original, copy));
  };
  for (const c of [...r.checks, ...r.foreignKeys]) swapNames(c.name, copyName(r, c.name));
  if (r.notNull !== null) swapNames(r.notNull.name, proofName(r));
  for (const c of r.uniques) {
    const suffix = /\)((?: (?:NOT )?DEFERRABLE| INITIALLY (?:DEFERRED|IMMEDIATE))*)$/.exec(c.definition)?.[1] ?? "";
    change(renameConstraint(c.name, parkedName(r, c.name)), renameConstraint(parkedName(r, c.name), c.name));
    change(
      `ALTER TABLE ${table} ADD CONSTRAINT ${quote(c.name)} UNIQUE USING INDEX ${quote(copyName(r, c.name))}${suffix}`,
      `ALTER TABLE ${table} DROP CONSTRAINT ${quote(c.name)}`,
    );
  }
  for (const i of r.indexes.filter((index) => index.constraint === null)) {
    const rename = (from: string, to: string) =>
      `ALTER INDEX ${quoteRelation({ schema: r.relation.schema, name: from })} RENAME TO ${quote(to)}`;
    change(rename(i.name, parkedName(r, i.name)), rename(parkedName(r, i.name), i.name));
    change(rename(copyName(r, i.name), i.name), rename(i.name, copyName(r, i.name)));
  }
  return changes;
}

export function swap(r: Rename): Step {
  const table = quoteRelation(r.relation);
  const sync = syncTrigger(pairOf(r));
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
    sql: [lock, ...sync.drop, ...changes.map((c) => c.sql), rename(r.old.name, r.parked), ...follow.create],
    undo: [
      lock,
      ...follow.drop,
      rename(r.parked, r.old.name),
      ...changes.toReversed().flatMap((c) => c.undo),
      ...sync.create,
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
      `ALTER TABLE ${table} DROP COLUMN ${quote(r.parked)}`,
    ],
    locks: [locks.alterTable(r.relation), ...r.foreignKeys.map((c) => locks.alterTable(targetOf(c, r)))],
    reason: `Drops the parked column with its indexes and constraints. From here on ${r.old.name} is gone.`,
  });
}
