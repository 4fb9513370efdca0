import type { Constraint } from "../../../../model/catalog.js";
import { quote, quoteRelation } from "../../names.js";
import { type Change, change, commentOn, remarks } from "../rename/change.js";
import { exchanged } from "../rename/deferrable.js";
import { copyName, parkedName, proofName } from "../rename/subject.js";
import { index, marks, notNull, renameConstraint, swapConstraint, unique } from "../rename/take-over.js";
import { dropInbound, nameInbound } from "./inbound.js";
import { sequences } from "./sequence.js";
import type { Retype } from "./subject.js";

/** The parked column takes its value from the trigger, and counts nothing. */
function defaults(r: Retype): Change[] {
  const column = (name: string) => `ALTER TABLE ${quoteRelation(r.relation)} ALTER COLUMN ${quote(name)}`;
  const [old, shadow] = [column(r.old.name), column(r.to)];
  return [
    ...(r.old.default === null ? [] : [change(`${old} DROP DEFAULT`, `${old} SET DEFAULT ${r.old.default}`)]),
    ...(r.default === null ? [] : [change(`${shadow} SET DEFAULT ${r.default}`, `${shadow} DROP DEFAULT`)]),
  ];
}

/** The original is gone already: see `relax`. */
const takeName = (r: Retype, name: string, copy: string): Change =>
  change(renameConstraint(r, copy, name), renameConstraint(r, name, copy));

function namedNotNull(r: Retype): Change[] {
  if (r.notNull === null) return [];
  const { name } = r.notNull;
  return r.keyed ? swapConstraint(r, name, proofName(r)) : [takeName(r, name, proofName(r))];
}

/** What the key and its index said of themselves, which the index that takes it back does not. */
function commentsOf(r: Retype, key: Constraint): string[] {
  const own = r.indexes.filter((i) => i.constraint === key.name);
  return [...commentOn(r, key), ...own.flatMap((i) => remarks(r, i))].map((c) => c.sql);
}

/** An index of its own on the old column takes the key back: the key's goes with it. */
function primaryKey(r: Retype, key: Constraint): Change[] {
  const name = quote(key.name);
  const table = `ALTER TABLE ${quoteRelation(r.relation)}`;
  const using = (copy: string) => `${table} ADD CONSTRAINT ${name} PRIMARY KEY USING INDEX ${quote(copy)}`;
  const drop = `${table} DROP CONSTRAINT ${name}`;
  const back = [using(parkedName(r, key.name)), ...commentsOf(r, key)];
  return [change(drop, ...back), change(using(copyName(r, key.name)), drop)];
}

function columns(r: Retype): Change[] {
  const table = quoteRelation(r.relation);
  const rename = (from: string, to: string) => `ALTER TABLE ${table} RENAME COLUMN ${quote(from)} TO ${quote(to)}`;
  const [old, shadow, parked] = [r.old.name, r.to, r.parked];
  return [change(rename(old, parked), rename(parked, old)), change(rename(shadow, old), rename(old, shadow))];
}

/** What the shadow becomes at the swap, and the names that change sides, in order. Undo runs from the end. */
export function takeOver(r: Retype): readonly Change[] {
  const key = r.primaryKey === null ? [] : [r.primaryKey];
  const named = r.notNull === null ? [] : [r.notNull];
  return [
    ...notNull(r),
    ...defaults(r),
    ...r.checks.map((c) => takeName(r, c.name, copyName(r, c.name))),
    ...r.foreignKeys.flatMap((c) => swapConstraint(r, c.name, copyName(r, c.name))),
    ...namedNotNull(r),
    ...r.uniques.flatMap((c) => unique(r, c)),
    ...r.deferrable.flatMap((c) => exchanged(r, c)),
    ...dropInbound(r),
    ...key.flatMap((c) => primaryKey(r, c)),
    ...nameInbound(r),
    ...r.indexes.flatMap((i) => index(r, i)),
    ...r.indexes.flatMap((i) => [...marks(r, i), ...remarks(r, i)]),
    ...[...r.checks, ...r.foreignKeys, ...named, ...r.uniques, ...key].flatMap((c) => commentOn(r, c)),
    ...columns(r),
    ...sequences(r),
  ];
}
