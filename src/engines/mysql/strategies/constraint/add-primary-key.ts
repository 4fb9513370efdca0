import type { Table } from "../../../../model/catalog.js";
import type { AddConstraint, DropConstraint } from "../../../../model/detail/constraint.js";
import { show } from "../../../../model/name.js";
import type { OtherOperation } from "../../../../model/operation.js";
import type { Claim } from "../../../../model/plan.js";
import type { Step } from "../../../../model/step.js";
import { type Phased, Refusal } from "../../../engine.js";
import { DROP, EXPAND, type Place, SWAP } from "../../../place.js";
import { sizeOf } from "../../../table-size.js";
import { mysqlEffects } from "../../effects/index.js";
import { ONLINE } from "../algorithms.js";
import { definesColumn } from "../column-claims.js";
import { alter } from "../ddl.js";
import { hasConstraint, not, primaryKeyIs, stateOf } from "../facts.js";
import { guarded } from "../guarded.js";
import type { Online } from "../online.js";
import { otherTool } from "../osc.js";
import { mustBePlain, nothing } from "../subject.js";
import { stepWith } from "../written.js";
import { otherHalf } from "./in-file.js";
import {
  loosening,
  PRIMARY,
  type PrimaryKey,
  presentKey,
  primaryKeyOf,
  provingKey,
  refuseNeeded,
} from "./primary-key.js";
import { claimsOn, phasedOf, type Subject } from "./subject.js";
import { COPY, costOf, isSmall, limited, wayOf } from "./way.js";

const REBUILT = "Its rows are written anew in the order of the key while they are read and written, on replicas too.";

/** The columns of a primary key are NOT NULL. */
const ofKey = ({ table }: Subject, columns: readonly string[], change: string): readonly Claim[] =>
  definesColumn(claimsOn(table.relation, columns, change), "part");

const claimsFor = (s: Subject, { columns }: PrimaryKey) =>
  ofKey(
    s,
    columns.map((c) => c.name),
    "adds a primary key",
  );

function addingOnNewTable(s: Subject, { definition }: PrimaryKey, way: Online): Phased {
  const { relation } = s.table;
  const there = hasConstraint(relation, PRIMARY);
  const made = stepWith(way.effect, s.context, {
    name: "primary-key",
    ...EXPAND,
    sql: [alter(relation, `ADD PRIMARY KEY ${definition}`)],
    undo: guarded(there, alter(relation, "DROP PRIMARY KEY")),
    probe: { sql: stateOf(there), repair: [] },
    reason: "The table is new in this release, so no running code knows it: the change is made at once.",
  });
  return phasedOf([made], []);
}

const placeOf = (table: Table): Place => (isSmall(table) ? SWAP : DROP);

/** Only a copy takes a primary key away again: that is for small tables. On others the key is the last thing to come. */
function adding(s: Subject, key: PrimaryKey, way: Online): Step {
  const { table, context } = s;
  const there = hasConstraint(table.relation, PRIMARY);
  const small = isSmall(table);
  const drop = `DROP PRIMARY KEY${loosening(key).join("")}, ${COPY}`;
  const last = "No statement takes it away again without copying the table while writes wait, so it comes last.";
  return stepWith(way.effect, context, {
    name: "primary-key",
    ...placeOf(table),
    final: !small,
    sql: [alter(table.relation, `ADD PRIMARY KEY ${key.definition}, ${way.clause}`)],
    undo: small ? guarded(there, alter(table.relation, drop)) : [],
    probe: { sql: stateOf(there), repair: [] },
    reason: `Old code may still write NULLs and duplicates. ${REBUILT}${small ? "" : ` ${last}`}${costOf(way, table)}`,
  });
}

/** ADD PRIMARY KEY to a table without one; with DROP PRIMARY KEY in front of it, that one does both. @throws Refusal */
export function addPrimaryKey(detail: AddConstraint, s: Subject): Phased {
  if (otherHalf(s, "drop-constraint", "before") !== null) return phasedOf([], []);
  const present = s.table.constraints.find((c) => c.kind === "primary-key");
  if (present !== undefined && detail.ifNotExists)
    return nothing(`${show(s.table.relation)} has a primary key already: IF NOT EXISTS leaves it as it is.`);
  if (present !== undefined)
    throw new Refusal(
      `${show(s.table.relation)} has a primary key already: (${present.columns.join(", ")}).`,
      "Write DROP PRIMARY KEY in front of this, in the same statement.",
    );
  const key = primaryKeyOf(s, detail);
  const change = `ADD PRIMARY KEY ${key.definition}`;
  const why = `A primary key of ${show(s.table.relation)} cannot be added while it is written`;
  if (s.context.newTable) return addingOnNewTable(s, key, wayOf(s, s.operation, why, change));
  mustBePlain(s.table, "adding a primary key");
  const way = wayOf(s, s.operation, why, change);
  const { before, behind, notes } = provingKey(s, key, s.context.fill, placeOf(s.table));
  const made = adding(s, key, way);
  return { ...phasedOf([...before, made, ...behind], claimsFor(s, key), notes), itself: made };
}

/** DROP and ADD in one statement: a rebuild beside readers and writers. */
function replacing(s: Subject, behind: OtherOperation, present: { definition: string }, key: PrimaryKey): Step {
  const { table, context } = s;
  const { relation } = table;
  const siblings = [s.operation, behind];
  const effect = mysqlEffects(behind, { ...context, siblings }, context.dialect);
  const change = `DROP PRIMARY KEY, ADD PRIMARY KEY ${key.definition}`;
  const blocked = effect.locks.some((l) => l.held !== "brief" && l.blocks !== "ddl");
  if (effect.algorithm === "COPY" || blocked)
    throw otherTool(
      table,
      `The primary key of ${show(relation)} cannot be replaced while it is written`,
      change,
      context,
    );
  const replaced = primaryKeyIs(
    relation,
    key.columns.map((c) => c.name),
  );
  const back = `DROP PRIMARY KEY, ADD PRIMARY KEY ${present.definition}${loosening(key).join("")}, ${ONLINE}`;
  return stepWith(effect, context, {
    name: "primary-key",
    ...(context.newTable ? EXPAND : SWAP),
    sql: [alter(relation, `${change}, ${ONLINE}`)],
    undo: guarded(replaced, alter(relation, back)),
    probe: { sql: stateOf(replaced), repair: [] },
    reason: `Old code may still write duplicates under the new key, and rely on the old one. ${REBUILT}`,
  });
}

/** Without a new one: the servers copy the table. */
function dropping(s: Subject, present: { definition: string }): Step {
  const { table, context } = s;
  const why = `Without another key in its place the primary key of ${show(table.relation)} goes only by copying the table while writes wait`;
  const way = wayOf(s, s.operation, why, "DROP PRIMARY KEY");
  const there = hasConstraint(table.relation, PRIMARY);
  return stepWith(way.effect, context, {
    name: "drop-primary-key",
    ...limited(way),
    ...(context.newTable ? EXPAND : SWAP),
    sql: [alter(table.relation, `DROP PRIMARY KEY, ${way.clause}`)],
    undo: guarded(not(there), alter(table.relation, `ADD PRIMARY KEY ${present.definition}, ${ONLINE}`)),
    probe: { sql: stateOf(not(there)), repair: [] },
    reason: `ON DUPLICATE KEY UPDATE of old code relies on it.${costOf(way, table)}`,
  });
}

/** DROP PRIMARY KEY, and the one that the file puts in its place. @throws Refusal */
export function dropPrimaryKey(_: DropConstraint, s: Subject): Phased {
  const { table } = s;
  const present = presentKey(s);
  if (present === null) throw new Refusal(`${show(table.relation)} has no primary key.`, "Leave this out.");
  if (!s.context.newTable) mustBePlain(table, "another primary key");
  const behind = otherHalf(s, "add-constraint", "behind");
  const next = behind?.detail?.kind === "add-constraint" ? primaryKeyOf(s, behind.detail) : null;
  refuseNeeded(s, present.index, next);
  const claims = ofKey(s, present.index.columns, "drops the primary key");
  const back = `A rollback makes the primary key ${present.definition} again, and fails where there are duplicates by then (${sizeOf(table)}).`;
  if (behind === null || next === null)
    return phasedOf([dropping(s, present)], claims, [
      back,
      `Without a primary key replicas look each changed row up by reading ${show(table.relation)}.`,
    ]);
  const swapped = replacing(s, behind, present, next);
  const both = [...claims, ...claimsFor(s, next)];
  if (s.context.newTable) return phasedOf([swapped], both, [back]);
  const fill = s.context.file.find(({ operation }) => operation === behind)?.fill ?? null;
  const proven = provingKey(s, next, fill, SWAP);
  const steps = [...proven.before, swapped, ...proven.behind];
  return { ...phasedOf(steps, both, [...proven.notes, back]), itself: swapped };
}
