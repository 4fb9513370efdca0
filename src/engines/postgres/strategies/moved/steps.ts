import { show } from "../../../../model/name.js";
import type { BackfillWork, Step, VerifyWork } from "../../../../model/step.js";
import { BACKFILL, EXPAND, SWAP } from "../../../place.js";
import { step } from "../../../step.js";
import * as locks from "../../effects/helper-statements.js";
import { quote, quoteRelation } from "../../names.js";
import {
  type MovedPair,
  type MoveSide,
  newSideTriggers,
  oldSideTriggers,
  otherValue,
  touched,
  untouched,
} from "../../triggers/move.js";
import { differs, type TriggerSql } from "../../triggers/sync.js";
import { relax, relaxed } from "../drop-column.js";
import { id, type Moving } from "./subject.js";

/** `profiles.bio`. */
export const shown = ({ relation, column }: MoveSide): string => `${show(relation)}.${column}`;

const own = ({ relation, column }: MoveSide): string => `${quote(relation.name)}.${quote(column)}`;

/** Old code's NOT NULL, where new code, which does not know the column, or a NULL of its own would fail on it. */
export function allowOmission(m: Moving): Step[] {
  const given = [id(m, "allow-omission"), m.oldTable, m.going, m.context] as const;
  const why = `New code need not give ${shown(m.new)} a value, and ${shown(m.old)}, which follows it, is NOT NULL.`;
  return m.going.notNull && !m.move.add.column.notNull ? [relaxed(...given, why)] : relax(...given);
}

/** True for a row of the new table whose value the old one does not hold; NULL where there is no row to hold it. */
const differing = (p: MovedPair): string =>
  otherValue(p.new, p.old, (other) => differs(other, own(p.new), p.comparable));

/** True for a row that loses what new code wrote when the column is taken away again. */
const lost = (p: MovedPair): string =>
  `${touched(own(p.new), p.newDefault)} AND ${differing(p)} IS DISTINCT FROM false`;

export function addColumn(m: Moving): Step {
  const { column } = m.move.add;
  const { relation } = m.new;
  const table = quoteRelation(relation);
  const collate = column.collation === null ? "" : ` COLLATE ${quote(column.collation)}`;
  const value = column.default === null ? "" : ` DEFAULT ${column.default}`;
  const parked = { ...m, old: { ...m.old, column: m.parked } };
  return step({
    id: id(m, "add"),
    ...EXPAND,
    kind: "ddl",
    sql: [`ALTER TABLE ${table} ADD COLUMN ${quote(column.name)} ${column.type}${collate}${value}`],
    undo: [`ALTER TABLE ${table} DROP COLUMN IF EXISTS ${quote(column.name)}`],
    locks: [locks.alterTable(relation)],
    adds: {
      relation,
      column: column.name,
      written: lost(m),
      swapped: { relation: m.old.relation, parked: m.parked, written: lost(parked) },
    },
    reason: `${shown(m.new)} begins without values, so nothing is rewritten and old code does not notice.`,
  });
}

const lockOf = ({ relation }: MoveSide): string =>
  `LOCK TABLE ONLY ${quoteRelation(relation)} IN ACCESS EXCLUSIVE MODE`;

const install = (m: Moving, side: MoveSide, name: string, made: TriggerSql, reason: string): Step =>
  step({
    id: id(m, name),
    ...EXPAND,
    kind: "ddl",
    sql: made.create,
    undo: [lockOf(side), ...made.drop],
    locks: [locks.createTrigger(side.relation)],
    reason,
  });

/** Each table by itself, so that no transaction holds the locks of both. */
export const addTriggers = (m: Moving): Step[] => [
  install(
    m,
    m.old,
    "follow-old",
    oldSideTriggers(m),
    `What old code writes to ${shown(m.old)} goes to ${shown(m.new)}, whoever writes.`,
  ),
  install(
    m,
    m.new,
    "follow-new",
    newSideTriggers(m),
    `What new code writes to ${shown(m.new)} goes to ${shown(m.old)}; rows that come without it take what is there.`,
  ),
];

function fillOf(m: Moving): BackfillWork {
  const batch = m.move.batch ?? m.context.batch;
  return {
    relation: m.new.relation,
    set: `${quote(m.new.column)} = ${otherValue(m.new, m.old, (other) => other, " FOR SHARE")}`,
    where: `${untouched(own(m.new), m.newDefault)} AND ${differing(m)}`,
    key: batch?.key == null ? null : [batch.key],
    rows: batch?.rows ?? null,
    targetMs: batch?.targetMs ?? null,
  };
}

export const fill = (m: Moving): Step =>
  step({
    id: id(m, "backfill"),
    ...BACKFILL,
    kind: "backfill",
    backfill: fillOf(m),
    reason: `Copies ${shown(m.old)} to the rows of ${show(m.new.relation)} that nobody has written it in, under a lock of the row that it is read from.`,
  });

const both = (m: Moving): string =>
  m.new.keys.map(({ name }, n) => `n.${quote(name)} = o.${quote(m.old.keys[n]?.name ?? "")}`).join(" AND ");

/** Statements that settle rows in which both sides hold something. */
function settling(m: Moving): string {
  const [to, from] = [quote(m.new.column), quote(m.old.column)];
  const pair = `${both(m)} AND ${differs(`n.${to}`, `o.${from}`, m.comparable)}`;
  const [fresh, old] = [quoteRelation(m.new.relation), quoteRelation(m.old.relation)];
  return `Both sides hold something there: somebody wrote these rows without the triggers. Look at them, run one of these, and then \`zmigrate apply\` again.\n  -- the old side wins:\n  UPDATE ${fresh} AS n SET ${to} = o.${from} FROM ${old} AS o WHERE ${pair};\n  -- the new side wins:\n  UPDATE ${old} AS o SET ${from} = n.${to} FROM ${fresh} AS n WHERE ${pair};`;
}

export function verify(m: Moving): Step {
  const rows = `of ${show(m.new.relation)} hold another ${m.new.column} than their row of ${show(m.old.relation)}`;
  return step({
    id: id(m, "verify"),
    ...BACKFILL,
    kind: "verify",
    scan: true,
    verify: {
      relation: m.new.relation,
      mismatch: differing(m),
      repair: fillOf(m),
      violation: { rows, help: settling(m) },
    },
    reason: `Counts rows ${rows}; contract waits until there is none.`,
  });
}

/** Rows of the old table that have a value and nowhere to move it to. */
function stranded(m: Moving): VerifyWork {
  const [old, fresh] = [quoteRelation(m.old.relation), quoteRelation(m.new.relation)];
  const none = (alias: string) =>
    `(SELECT true FROM ${fresh} AS n WHERE ${m.new.keys.map(({ name }, n) => `n.${quote(name)} = ${alias}.${quote(m.old.keys[n]?.name ?? "")}`).join(" AND ")}) IS NOT TRUE`;
  const value = (alias: string) => `${alias}.${quote(m.old.column)}`;
  const some = (alias: string) => `${touched(value(alias), m.newDefault)} AND ${none(alias)}`;
  const into = [...m.new.keys.map((k) => k.name), m.new.column].map(quote).join(", ");
  const from = [...m.old.keys.map((k) => k.name), m.old.column].map((name) => `o.${quote(name)}`).join(", ");
  const cleared = m.move.add.column.notNull ? m.newDefault : null;
  return {
    relation: m.old.relation,
    mismatch: some(quote(m.old.relation.name)),
    violation: {
      rows: `of ${show(m.old.relation)} hold a value in ${m.old.column} and have no row in ${show(m.new.relation)} that it could move to`,
      help: `The drop would lose these values. Make the rows, or clear the values that may go, and run the same command again.\n  -- make the rows, with what else they need:\n  INSERT INTO ${fresh} (${into}) SELECT ${from} FROM ${old} AS o WHERE ${some("o")};\n  -- let the values go:\n  UPDATE ${old} AS o SET ${quote(m.old.column)} = ${cleared ?? "NULL"} WHERE ${some("o")};`,
    },
  };
}

/** First of the swap: until then old code goes on making such rows, and nothing is lost by it. */
export function verifyStranded(m: Moving): Step {
  const work = stranded(m);
  return step({
    id: id(m, "verify-stranded"),
    ...SWAP,
    kind: "verify",
    scan: true,
    verify: work,
    reason: `Counts rows ${work.violation?.rows ?? ""}: the drop would lose these values, so nothing is contracted while there are any.`,
  });
}
