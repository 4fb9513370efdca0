import type { AddConstraint } from "../../../../model/detail/constraint.js";
import { show } from "../../../../model/name.js";
import type { CreateIndex } from "../../../../model/operation.js";
import type { Claim } from "../../../../model/plan.js";
import type { Step } from "../../../../model/step.js";
import { type Phased, Refusal, sameRelation } from "../../../engine.js";
import { BACKFILL, type Place, SWAP } from "../../../place.js";
import { sizeOf } from "../../../table-size.js";
import { hasKey } from "../../../walkable.js";
import { quote } from "../../names.js";
import { ONLINE } from "../algorithms.js";
import { plannedBuild } from "../create-index.js";
import { alter } from "../ddl.js";
import { hasConstraint, stateOf } from "../facts.js";
import { guarded } from "../guarded.js";
import { isServedBehind } from "../key-index.js";
import { onlineWay } from "../online.js";
import { otherTool } from "../osc.js";
import { addedColumns } from "../place.js";
import { mustBePlain } from "../subject.js";
import { stepWith } from "../written.js";
import { type ForeignKey, foreignKeyOf, orphan } from "./foreign-key.js";
import { onNewTable } from "./on-new-table.js";
import { claimsOn, phasedOf, type Subject } from "./subject.js";
import { addingUnchecked, withoutChecks } from "./unchecked.js";
import { counting, type Violation } from "./verify.js";

/** A key that this file adds to the other table comes with the contract: then so does what needs it. */
function placeOf(s: Subject, { constraint, target }: ForeignKey): Place {
  const { file, catalog } = s.context;
  const waits = file.some(
    ({ operation: o }) =>
      ((o.kind === "create-index" && o.unique) || (o.kind === "other" && o.detail?.kind === "add-constraint")) &&
      o.relation !== null &&
      !sameRelation(o.relation, s.table.relation, catalog.defaultSchema) &&
      sameRelation(o.relation, target, catalog.defaultSchema),
  );
  const added = addedColumns(s.table, s.context);
  return !waits && constraint.columns.every((c) => added.has(c.toLowerCase())) ? BACKFILL : SWAP;
}

function violationOf(s: Subject, key: ForeignKey): Violation {
  const columns = key.constraint.columns.join(", ");
  return {
    row: orphan(s, key),
    rows: `of ${show(s.table.relation)} point with ${columns} at no row of ${show(key.target)}`,
    help: `Write the rows that are missing, set ${columns} to NULL or delete these rows, and run \`zmigrate apply\` again.`,
  };
}

/** Before the key, so that adding it touches no row. @throws Refusal where writers would wait */
function building(s: Subject, { constraint }: ForeignKey, index: string): readonly Step[] {
  const { table, operation, context } = s;
  const keys = constraint.columns.map((column) => ({ column, text: quote(column) }));
  const made: CreateIndex = {
    kind: "create-index",
    relation: table.relation,
    span: operation.span,
    name: index,
    unique: false,
    concurrently: false,
    ifNotExists: false,
    keys,
    method: null,
    where: null,
    definition: `(${keys.map((k) => k.text).join(", ")})`,
    only: false,
  };
  // An author who puts the key into the contract has what it needs there.
  const place = context.phase === "contract" ? SWAP : BACKFILL;
  const reason = `The foreign key needs it. Built while ${show(table.relation)} is read and written.`;
  const { steps } = plannedBuild(made, table, index, context);
  return steps.map((step) => ({ ...step, id: `${context.ordinal}-index`, ...place, reason }));
}

function adding(s: Subject, key: ForeignKey, place: Place): Step {
  const { context, table, operation } = s;
  const { name, definition } = key.constraint;
  const { relation } = table;
  const there = hasConstraint(relation, name);
  const indexed = key.index === null ? table : { ...table, indexes: [...table.indexes, indexOf(key, key.index)] };
  const tables = context.catalog.tables.map((t) => (t === table ? indexed : t));
  const known = withoutChecks({ ...context, catalog: { ...context.catalog, tables } });
  const way = onlineWay(operation, known);
  if (way === null) {
    const why = `A foreign key of ${show(relation)} is added only by copying it while writes wait`;
    throw otherTool(table, why, `ADD CONSTRAINT ${quote(name)} ${definition}`, context);
  }
  const late = place === SWAP ? "Old code may still write rows that violate it, so it waits for the contract." : "";
  return stepWith(way.effect, context, {
    name: "add-foreign-key",
    ...place,
    sql: addingUnchecked(relation, { name, definition, target: key.target }, context),
    atomicPacket: context.dialect === "mariadb",
    undo: guarded(there, alter(relation, `DROP FOREIGN KEY ${quote(name)}, ${ONLINE}`)),
    probe: { sql: stateOf(there), repair: [] },
    reason:
      `${late} With foreign_key_checks = 0 the server copies nothing and looks at no row; the key holds for every write from then on, and the next step looks at the rows.`.trimStart(),
  });
}

const indexOf = ({ constraint }: ForeignKey, name: string) => ({
  name,
  columns: constraint.columns,
  definition: "",
  unique: false,
  valid: true,
  constraint: null,
});

function claimsOf(s: Subject, { constraint, target, targetColumns }: ForeignKey): Claim[] {
  const change = `adds the foreign key ${constraint.name}`;
  return [...claimsOn(s.table.relation, constraint.columns, change), ...claimsOn(target, targetColumns, change)];
}

/** Nobody could tell whether the rows that are there point at something. */
function refuseWithoutKey({ table }: Subject): void {
  if (hasKey(table)) return;
  throw new Refusal(
    `${show(table.relation)} (${sizeOf(table)}) has no primary or NOT NULL unique key: its rows cannot be looked at in batches, and the server looks at them only by copying the table while writes wait.`,
    "Add a primary key in an earlier migration, or add the foreign key in a maintenance window.",
  );
}

/**
 * ADD FOREIGN KEY: rows without their row are counted, the index is built, the key is added without a look at the rows,
 * and they are counted once more while it holds: none can have come in between that stays unseen.
 *
 * @throws Refusal
 */
export function addForeignKey(detail: AddConstraint, s: Subject): Phased {
  const key = foreignKeyOf(s, detail);
  const { name, definition } = key.constraint;
  if (s.context.newTable) return onNewTable(s, { name, definition, drop: `DROP FOREIGN KEY ${quote(name)}` });
  mustBePlain(s.table, "adding a foreign key");
  refuseWithoutKey(s);
  const place = placeOf(s, key);
  const violation = violationOf(s, key);
  const built =
    key.index === null || isServedBehind(key.constraint.columns, s.table, s.operation, s.context) ? null : key.index;
  const after = { id: "verify-after", place, why: `the foreign key holds from here on, so none comes after it` };
  const made = phasedOf(
    [
      ...(built === null ? [] : building(s, key, built)),
      ...counting(s, violation),
      adding(s, key, place),
      ...counting(s, violation, after),
    ],
    claimsOf(s, key),
  );
  return built === null ? made : { ...made, keyIndexes: [{ relation: s.table.relation, name: built }] };
}
