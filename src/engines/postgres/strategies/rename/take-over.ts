import type { Constraint, Index } from "../../../../model/catalog.js";
import { quote } from "../../names.js";
import { sharesDefault } from "../../triggers/sync.js";
import { hasNotNullConstraints } from "../constraints.js";
import { type Change, change, commentOn, indexName, remarks, tableOf } from "./change.js";
import { exchanged } from "./deferrable.js";
import { copyName, parkedName, proofName, type Rename } from "./subject.js";

export function notNull(r: Rename): Change[] {
  if (!r.old.notNull || hasNotNullConstraints(r.context.version)) return [];
  const column = `ALTER TABLE ${tableOf(r)} ALTER COLUMN ${quote(r.to)}`;
  return [
    change(`${column} SET NOT NULL`, `${column} DROP NOT NULL`),
    change(`ALTER TABLE ${tableOf(r)} DROP CONSTRAINT ${quote(proofName(r))}`),
  ];
}

/** One that both sides share is there since the triggers are. */
function ownDefault(r: Rename): Change[] {
  if (r.old.default === null || sharesDefault(r.old)) return [];
  const column = `ALTER TABLE ${tableOf(r)} ALTER COLUMN ${quote(r.to)}`;
  return [change(`${column} SET DEFAULT ${r.old.default}`, `${column} DROP DEFAULT`)];
}

export const renameConstraint = (r: Rename, from: string, to: string) =>
  `ALTER TABLE ${tableOf(r)} RENAME CONSTRAINT ${quote(from)} TO ${quote(to)}`;

function parkConstraint(r: Rename, name: string): Change {
  const parked = parkedName(r, name);
  return change(renameConstraint(r, name, parked), renameConstraint(r, parked, name));
}

export function swapConstraint(r: Rename, name: string, copy: string): Change[] {
  return [parkConstraint(r, name), change(renameConstraint(r, copy, name), renameConstraint(r, name, copy))];
}

export function unique(r: Rename, c: Constraint): Change[] {
  return [
    parkConstraint(r, c.name),
    change(
      `ALTER TABLE ${tableOf(r)} ADD CONSTRAINT ${quote(c.name)} UNIQUE USING INDEX ${quote(copyName(r, c.name))}`,
      `ALTER TABLE ${tableOf(r)} DROP CONSTRAINT ${quote(c.name)}`,
    ),
  ];
}

export function index(r: Rename, i: Index): Change[] {
  if (i.constraint !== null) return [];
  const rename = (from: string, to: string) => `ALTER INDEX ${indexName(r, from)} RENAME TO ${quote(to)}`;
  const [parked, copy] = [parkedName(r, i.name), copyName(r, i.name)];
  return [change(rename(i.name, parked), rename(parked, i.name)), change(rename(copy, i.name), rename(i.name, copy))];
}

/** What a table says of one of its indexes: it has changed names by now, and on the way back has not yet. */
export function marks(r: Rename, i: Index): Change[] {
  const table = `ALTER TABLE ${tableOf(r)}`;
  const moved = (clause: string) =>
    change(`${table} ${clause} ${quote(i.name)}`, `${table} ${clause} ${quote(parkedName(r, i.name))}`);
  return [
    ...(i.replicaIdentity === true ? [moved("REPLICA IDENTITY USING INDEX")] : []),
    ...(i.clustered === true ? [moved("CLUSTER ON")] : []),
  ];
}

/** What the new column becomes at the swap, and the names that change sides, in order. Undo runs from the end. */
export function takeOver(r: Rename): readonly Change[] {
  const renamed = [...r.checks, ...r.foreignKeys];
  const proof = r.notNull === null ? [] : [r.notNull];
  return [
    ...notNull(r),
    ...ownDefault(r),
    ...renamed.flatMap((c) => swapConstraint(r, c.name, copyName(r, c.name))),
    ...proof.flatMap((c) => swapConstraint(r, c.name, proofName(r))),
    ...r.uniques.flatMap((c) => unique(r, c)),
    ...r.deferrable.flatMap((c) => exchanged(r, c)),
    ...r.indexes.flatMap((i) => index(r, i)),
    ...r.indexes.flatMap((i) => [...marks(r, i), ...remarks(r, i)]),
    ...[...renamed, ...proof, ...r.uniques].flatMap((c) => commentOn(r, c)),
  ];
}
