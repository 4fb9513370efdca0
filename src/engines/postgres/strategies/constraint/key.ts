import type { Constraint as Tree } from "libpg-query";
import type { Column, Table } from "../../../../model/catalog.js";
import type { AddConstraint } from "../../../../model/detail/constraint.js";
import { show } from "../../../../model/name.js";
import type { Step } from "../../../../model/step.js";
import { findTable, type Phased, Refusal } from "../../../engine.js";
import { BACKFILL, type Place, SWAP } from "../../../place.js";
import { sizeOf } from "../../../table-size.js";
import { constraintTree } from "../../effects/trees.js";
import { quote, quoteRelation } from "../../names.js";
import { strings } from "../../parse/ast.js";
import { buildIndex } from "../constraints.js";
import { nameFor } from "../names-taken.js";
import { addedColumns, leftOut } from "../place.js";
import { columnOf } from "../subject.js";
import { withTable } from "../tables.js";
import { stepOf } from "../written.js";
import { provingKey } from "./key-columns.js";
import { isProven } from "./not-null.js";
import { alter, asChange, claimsOn, type Subject } from "./steps.js";

/** A key as its text says it. */
interface Key {
  readonly detail: AddConstraint;
  readonly name: string;
  readonly columns: readonly Column[];
  readonly include: readonly string[];
  readonly primary: boolean;
  readonly nullsEqual: boolean;
  readonly tablespace: string | null;
  readonly deferrable: string;
}

function refuseWhatIsBuiltUnderLock(s: Subject, tree: Tree, primary: boolean): void {
  const { table } = s;
  const where = `${show(table.relation)} (${sizeOf(table)})`;
  if (tree.without_overlaps === true)
    throw new Refusal(
      `WITHOUT OVERLAPS is built like an exclusion constraint: no way of PostgreSQL's does that while ${where} is written.`,
      "Make a new table with the constraint and move the rows, or add it when writes may wait.",
    );
  if (table.partitioned && table.partitionOf == null)
    throw new Refusal(
      `${where} is partitioned or has children: ${primary ? "a primary key" : "a unique constraint"} of it is built under a lock.`,
      primary
        ? "Add it by hand at a quiet moment, with a lock_timeout; or write CREATE UNIQUE INDEX, which is built partition by partition, and keep that."
        : "Write CREATE UNIQUE INDEX in its place: it is built partition by partition (ON ONLY, then ATTACH PARTITION) and keeps rows apart as well.",
    );
  if ((tree.options ?? []).length > 0)
    throw new Refusal(
      "The storage parameters of the constraint's index cannot be carried over.",
      "Write `CREATE UNIQUE INDEX CONCURRENTLY ... WITH (...)` and then the constraint with USING INDEX.",
    );
}

const deferrableOf = (tree: Tree): string =>
  tree.deferrable === true ? ` DEFERRABLE${tree.initdeferred === true ? " INITIALLY DEFERRED" : ""}` : "";

function keyOf(s: Subject, detail: AddConstraint): Key {
  const { constraint } = detail;
  const tree = constraintTree(constraint.text);
  if (tree === null) throw new Refusal(`The constraint cannot be read: ${constraint.text}`, "Write it in another way.");
  const primary = constraint.kind === "primary-key";
  refuseWhatIsBuiltUnderLock(s, tree, primary);
  const include = strings(tree.including);
  return {
    detail,
    name:
      constraint.name ??
      nameFor(s.table, primary ? "primary-key" : "unique", [...constraint.columns, ...include], s.context),
    columns: constraint.columns.map((c) => columnOf(s.table, c)),
    include,
    primary,
    nullsEqual: tree.nulls_not_distinct === true,
    tablespace: tree.indexspace ?? null,
    deferrable: deferrableOf(tree),
  };
}

/** Whether the file drops something of the key's name in front of it, which has the name until the swap. */
function comesInPlace({ table, context }: Subject, { name }: Key): boolean {
  const former = context.beforeFile === undefined ? null : findTable(context.beforeFile, table.relation);
  return former !== null && [...former.constraints, ...former.indexes].some((had) => had.name === name);
}

/**
 * Code that does not know a column of the key leaves it out: if that never makes two equal rows, nothing has to wait, but for a name
 * that another one has.
 */
function placeOf(s: Subject, key: Key): Place {
  if (comesInPlace(s, key)) return SWAP;
  const added = addedColumns(s.table, s.context);
  const given = key.columns.flatMap(({ name }) => {
    const column = added.get(name);
    return column === undefined ? [] : [leftOut(column)];
  });
  if (key.primary)
    return given.length === key.columns.length && given.includes("varies") && !given.includes("null") ? BACKFILL : SWAP;
  return given.includes("varies") || (given.includes("null") && !key.nullsEqual) ? BACKFILL : SWAP;
}

/** What stands behind ON in CREATE INDEX. */
function indexOn({ table }: Subject, key: Key): string {
  const list = (names: readonly string[]) => names.map(quote).join(", ");
  const include = key.include.length === 0 ? "" : ` INCLUDE (${list(key.include)})`;
  const nulls = key.nullsEqual ? " NULLS NOT DISTINCT" : "";
  const space = key.tablespace === null ? "" : ` TABLESPACE ${quote(key.tablespace)}`;
  return `${quoteRelation(table.relation)} (${list(key.columns.map((c) => c.name))})${include}${nulls}${space}`;
}

/** The table as it is when its index is built and its columns are proven. */
function ready(table: Table, key: Key): Table {
  const names = new Set(key.columns.map((c) => c.name));
  const columns = table.columns.map((c) => (key.primary && names.has(c.name) ? { ...c, notNull: true } : c));
  const index = {
    name: key.name,
    columns: [...names, ...key.include],
    definition: "",
    unique: true,
    valid: true,
    constraint: null,
  };
  return { ...table, columns, indexes: [...table.indexes, index] };
}

function attaching(s: Subject, key: Key, place: Place): Step {
  const { table } = s;
  const word = key.primary ? "PRIMARY KEY" : "UNIQUE";
  // The others are open again when their own proof is taken back.
  const open = key.primary ? key.columns.filter((c) => !c.notNull && isProven(table, c)) : [];
  const context = withTable(s.context, ready(table, key));
  return stepOf(asChange(s.operation, { ...key.detail, usingIndex: key.name }), context, {
    name: key.primary ? "primary-key" : "unique",
    ...place,
    sql: [alter(table, `ADD CONSTRAINT ${quote(key.name)} ${word} USING INDEX ${quote(key.name)}${key.deferrable}`)],
    undo: [
      alter(table, `DROP CONSTRAINT IF EXISTS ${quote(key.name)}`),
      ...open.map((c) => alter(table, `ALTER COLUMN ${quote(c.name)} DROP NOT NULL`)),
    ],
    reason: "The constraint takes the index that is there.",
  });
}

function building(s: Subject, key: Key, place: Place): Step {
  return buildIndex({
    id: `${s.context.ordinal}-unique-index`,
    ...place,
    relation: s.table.relation,
    name: key.name,
    unique: true,
    undo: true,
    on: indexOn(s, key),
    reason:
      "Built while the table is read and written. It fails where two rows are equal, and a duplicate fails from the moment it begins.",
  });
}

/** @throws Refusal for a table that has a primary key */
export function refuseSecondKey(s: Subject): void {
  const existing = s.table.constraints.find((c) => c.kind === "primary-key");
  if (existing === undefined) return;
  throw new Refusal(
    `${show(s.table.relation)} has a primary key already: ${existing.name} (${existing.columns.join(", ")}).`,
    "Drop that one first, in the same file, or add a unique constraint.",
  );
}

function notesOf(s: Subject, key: Key, place: Place): string[] {
  return [...notesOnMoment(key), ...notesOnPlace(s, key, place)];
}

function notesOnMoment({ name, deferrable }: Key): string[] {
  if (deferrable === "") return [];
  return [
    `While the index of ${name} is built, and until the constraint takes it in the step behind that, rows that are equal fail at once, also where DEFERRABLE lets them be equal until the end of a statement. Repeat such a statement.`,
  ];
}

function notesOnPlace(s: Subject, key: Key, place: Place): string[] {
  if (place !== SWAP) return [];
  const columns = key.columns.map((c) => c.name).join(", ");
  return [
    `${key.name} is there from the contract on, since old code may still write duplicates. Where new code needs it at once, for ON CONFLICT (${columns}), write \`CREATE UNIQUE INDEX\` on ${show(s.table.relation)} in front and USING INDEX here: that index is built in expand, and a duplicate that old code writes fails from then on.`,
  ];
}

/** UNIQUE and PRIMARY KEY: the index is built CONCURRENTLY, and the constraint takes it over. */
export function addKey(detail: AddConstraint, s: Subject): Phased {
  if (detail.constraint.kind === "primary-key") refuseSecondKey(s);
  const key = keyOf(s, detail);
  const place = placeOf(s, key);
  const proven = provingKey(s, key.primary ? key.columns : [], place);
  const columns = [...key.columns.map((c) => c.name), ...key.include];
  return {
    steps: [...proven.steps, building(s, key, place), attaching(s, key, place)],
    retires: [],
    claims: claimsOn(s.table.relation, columns, `adds the key ${key.name}`),
    gates: [],
    itself: place,
    notes: [...proven.notes, ...notesOf(s, key, place)],
  };
}
