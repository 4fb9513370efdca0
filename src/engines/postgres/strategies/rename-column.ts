import type { Column, Constraint, Index, Table } from "../../../model/catalog.js";
import type { RelationName } from "../../../model/name.js";
import type { RenameColumn } from "../../../model/operation.js";
import type { Step } from "../../../model/step.js";
import { findTable, type Phased, Refusal, type StrategyContext } from "../../engine.js";
import { step } from "../../step.js";
import * as locks from "../effects/helper-statements.js";
import { generatedName, literal, quote, quoteRelation, shortHash } from "../names.js";
import { renameColumnInConstraint, renameColumnInIndex } from "../parse/columns.js";
import { differs, followTrigger, syncTrigger } from "../triggers/sync.js";
import { addConstraint, buildIndex, hasNotNullConstraints, notNullDefinition } from "./constraints.js";
import { columnOf, mustBeFree, mustBePlain, show, tableOf } from "./subject.js";

/** All that the steps of one rename need to know. */
interface Rename {
  readonly table: Table;
  readonly relation: RelationName;
  readonly old: Column;
  readonly to: string;
  readonly hash: string;
  readonly parked: string;
  readonly context: StrategyContext;
  /** Indexes that name the column and carry no constraint, or a unique one. */
  readonly indexes: readonly Index[];
  readonly checks: readonly Constraint[];
  readonly foreignKeys: readonly Constraint[];
  readonly uniques: readonly Constraint[];
  /** PostgreSQL 18's NOT NULL constraint of the column, which has a name. */
  readonly notNull: Constraint | null;
}

const names = (column: string) => (c: { readonly columns: readonly string[] }) => c.columns.includes(column);

/** @throws Refusal for what this version cannot carry over */
function refuseWhatCannotTravel(table: Table, old: Column): void {
  const where = `${show(table.relation)}.${old.name}`;
  const later = "Rename it in a maintenance window, or wait for a version that supports it.";
  if (old.generated !== null)
    throw new Refusal(`${where} is a generated column; renaming it in phases is not supported yet.`, later);
  if (old.identity !== null || old.autoIncrement)
    throw new Refusal(`${where} takes its values from a sequence; renaming it in phases is not supported yet.`, later);
  for (const constraint of table.constraints.filter(names(old.name)))
    if (constraint.kind === "primary-key" || constraint.kind === "exclusion")
      throw new Refusal(
        `${where} is part of the ${constraint.kind === "primary-key" ? "primary key" : "exclusion constraint"} ${constraint.name}; renaming it in phases is not supported yet.`,
        later,
      );
  const inbound = table.referencedBy.find(names(old.name));
  if (inbound !== undefined)
    throw new Refusal(
      `The foreign key ${inbound.constraint} of ${show(inbound.relation)} points at ${where}; renaming it in phases is not supported yet.`,
      later,
    );
  const generated = table.dependents.find((d) => d.kind === "generated-column" && d.columns.includes(old.name));
  if (generated !== undefined)
    throw new Refusal(
      `The generated column ${generated.name} of ${show(table.relation)} is computed from ${old.name}; renaming it in phases is not supported yet.`,
      later,
    );
}

function subject(operation: RenameColumn, context: StrategyContext): Rename {
  const table = tableOf(operation.relation, context);
  const old = columnOf(table, operation.from);
  mustBeFree(table, operation.to);
  mustBePlain(table, "renaming a column in phases");
  refuseWhatCannotTravel(table, old);
  const { relation } = table;
  const hash = shortHash(context.migrationId, relation.schema ?? "", relation.name, operation.from, operation.to);
  const constraints = table.constraints.filter(names(operation.from));
  const of = (kind: Constraint["kind"]) => constraints.filter((c) => c.kind === kind);
  return {
    table,
    relation,
    old,
    to: operation.to,
    hash,
    parked: generatedName("zmigrate_dropped", operation.from, hash),
    context,
    indexes: table.indexes.filter((i) => i.valid && names(operation.from)(i)),
    checks: of("check"),
    foreignKeys: of("foreign-key"),
    uniques: of("unique"),
    notNull: of("not-null")[0] ?? null,
  };
}

/** A name of ours for the new column's copy of a constraint or index, and for the parked column's original. */
const copyName = (r: Rename, original: string) => generatedName("zmigrate_new", original, shortHash(r.hash, original));
const parkedName = (r: Rename, original: string) =>
  generatedName("zmigrate_dropped", original, shortHash(r.hash, original));

const id = (r: Rename, name: string) => `${r.context.ordinal}-${name}`;

function addColumn(r: Rename): Step {
  const table = quoteRelation(r.relation);
  const column = quote(r.to);
  const collate = r.old.collation === null ? "" : ` COLLATE ${r.old.collation}`;
  const fill = (template: string) => template.replace("%column%", () => column).replace("%table%", () => table);
  return step({
    id: id(r, "add-column"),
    phase: "expand",
    kind: "ddl",
    sql: [
      `ALTER TABLE ${table} ADD COLUMN ${column} ${r.old.type}${collate}`,
      ...r.old.settings.map((s) => `ALTER TABLE ${table} ALTER COLUMN ${column} ${s}`),
      ...(r.old.comment === null ? [] : [`COMMENT ON COLUMN ${table}.${column} IS ${literal(r.old.comment)}`]),
      ...r.old.grants.map(fill),
    ],
    undo: [
      `LOCK TABLE ONLY ${table} IN ACCESS EXCLUSIVE MODE`,
      ...syncTrigger(pairOf(r)).drop,
      `ALTER TABLE ${table} DROP COLUMN IF EXISTS ${column}`,
    ],
    locks: [locks.alterTable(r.relation)],
    reason: `The new column stands beside ${r.old.name}: nullable and without a default, so nothing is rewritten and old code does not notice.`,
  });
}

const pairOf = (r: Rename) => ({ relation: r.relation, hash: r.hash, old: r.old, new: r.to });

function addTrigger(r: Rename): Step {
  const sync = syncTrigger(pairOf(r));
  return step({
    id: id(r, "sync-trigger"),
    phase: "expand",
    kind: "ddl",
    sql: sync.create,
    // Taken back together with the column: without the trigger a client could still write the new side alone.
    undo: [],
    locks: [locks.createTrigger(r.relation)],
    reason: `Old code writes ${r.old.name}, new code writes ${r.to}: the trigger keeps the other side equal, whoever writes.`,
  });
}

function fill(r: Rename): Step {
  const [a, b] = [quote(r.old.name), quote(r.to)];
  return step({
    id: id(r, "backfill"),
    phase: "backfill",
    kind: "backfill",
    backfill: {
      relation: r.relation,
      set: `${b} = ${a}`,
      where: differs(b, a, r.old.comparable),
      key: r.context.batch?.key == null ? null : [r.context.batch.key],
      rows: r.context.batch?.rows ?? null,
      targetMs: r.context.batch?.targetMs ?? null,
    },
    reason: `Copies ${r.old.name} into ${r.to} for the rows that were there before the trigger.`,
  });
}

function verify(r: Rename): Step {
  const [a, b] = [quote(r.old.name), quote(r.to)];
  return step({
    id: id(r, "verify"),
    phase: "backfill",
    kind: "verify",
    scan: true,
    verify: { relation: r.relation, mismatch: differs(a, b, r.old.comparable), maxMismatches: 0 },
    reason: `Counts rows in which ${r.old.name} and ${r.to} differ; contract waits until there is none.`,
  });
}

/** `UNIQUE NULLS NOT DISTINCT (a) INCLUDE (b) DEFERRABLE`, as a constraint says it, in the words of CREATE INDEX. */
function statementOf(index: Index, relation: RelationName): string {
  if (/^CREATE\s/i.test(index.definition)) return index.definition;
  const [, nulls = "", keys = ""] =
    /^UNIQUE( NULLS (?:NOT )?DISTINCT)?\s*(\(.*\))[^)]*$/is.exec(index.definition) ?? [];
  const [list = "", include = ""] = keys.split(/(?<=\))(?= INCLUDE )/i);
  return `CREATE UNIQUE INDEX ${quote(index.name)} ON ${quoteRelation(relation)} USING btree ${list}${include}${nulls}`;
}

/** The text of an index definition behind `CREATE [UNIQUE] INDEX name ON `, with the new column in the old one's place. */
function indexTail(index: Index, r: Rename): string {
  const definition = renameColumnInIndex(statementOf(index, r.relation), r.old.name, r.to);
  const head = `CREATE ${index.unique ? "UNIQUE " : ""}INDEX `;
  for (const name of [index.name, quote(index.name)]) {
    const start = `${head}${name} ON `;
    if (definition.startsWith(start)) return definition.slice(start.length);
  }
  throw new Refusal(`The index ${index.name} cannot be copied: ${index.definition}`, "Please report this definition.");
}

function copyIndexes(r: Rename): Step[] {
  return r.indexes.map((index, n) =>
    buildIndex({
      id: id(r, `index-${n + 1}`),
      phase: "backfill",
      relation: r.relation,
      name: copyName(r, index.name),
      unique: index.unique,
      undo: false,
      on: indexTail(index, r),
      reason: `${r.to} gets what ${index.name} is for ${r.old.name}; built after the backfill, so that the backfill's updates stay cheap.`,
    }),
  );
}

const withoutSuffix = (definition: string) => definition.replace(/ NOT VALID$/, "");

function copyConstraints(r: Rename): Step[] {
  const copy = (c: Constraint, n: number, label: string) =>
    addConstraint(
      id(r, `${label}-${n + 1}`),
      {
        relation: r.relation,
        name: copyName(r, c.name),
        definition: withoutSuffix(renameColumnInConstraint(c.definition, r.old.name, r.to)),
        target: c.kind === "foreign-key" ? targetOf(c, r) : null,
      },
      `${r.to} gets what ${c.name} is for ${r.old.name}.`,
      c.validated,
    );
  return [
    ...r.checks.flatMap((c, n) => copy(c, n, "check")),
    ...r.foreignKeys.flatMap((c, n) => copy(c, n, "foreign-key")),
  ];
}

/** The table that a foreign key points at, for the list of locks. */
function targetOf(constraint: Constraint, r: Rename): RelationName {
  const pointing = r.context.catalog.tables.find((t) =>
    t.referencedBy.some(
      (i) =>
        i.constraint === constraint.name &&
        i.relation.name === r.relation.name &&
        i.relation.schema === r.relation.schema,
    ),
  );
  return pointing?.relation ?? r.relation;
}

const proofName = (r: Rename) => generatedName("zmigrate_new", `${r.to}_not_null`, r.hash);

function proveNotNull(r: Rename): Step[] {
  if (!r.old.notNull) return [];
  return addConstraint(
    id(r, "not-null"),
    { relation: r.relation, name: proofName(r), definition: notNullDefinition(r.to, r.context.version), target: null },
    `${r.old.name} is NOT NULL, so ${r.to} becomes it too.`,
  );
}

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

function swap(r: Rename): Step {
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

function drop(r: Rename): Step {
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

function notesOf(r: Rename): string[] {
  const notes = [
    `Prepared statements that read \`SELECT *\` from ${show(r.relation)} are planned anew when the column is added and when it is dropped; drivers that do not retry see "cached plan must not change result type" once.`,
    `${r.to} stands at the end of the table: an INSERT without a column list, and COPY without one, meet another order.`,
  ];
  for (const d of r.table.dependents.filter(names(r.old.name)))
    notes.push(
      `The ${d.kind.replace("-", " ")} ${d.name} names ${r.old.name} and does not travel: change it to ${r.to} before contract, which waits for it.`,
    );
  if (findTable(r.context.catalog, r.relation) !== null && r.context.catalog.source === "files")
    notes.push(
      `Made from the files alone: what was added to ${show(r.relation)} by hand is not in this plan. With --database-url it is.`,
    );
  return notes;
}

/**
 * Renames a column while code that knows the old name and code that knows the new one both run: a second column, a
 * trigger that keeps the two equal, a backfill, and a swap that parks the old one.
 */
export function renameColumn(operation: RenameColumn, context: StrategyContext): Phased {
  const r = subject(operation, context);
  return {
    steps: [
      addColumn(r),
      addTrigger(r),
      fill(r),
      ...copyIndexes(r),
      ...proveNotNull(r),
      ...copyConstraints(r),
      verify(r),
      swap(r),
      drop(r),
    ],
    retires: [{ relation: r.relation, column: r.old.name, parked: r.parked }],
    gates: [],
    notes: notesOf(r),
  };
}
