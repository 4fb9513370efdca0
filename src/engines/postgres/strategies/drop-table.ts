import type { Constraint, Table } from "../../../model/catalog.js";
import type { DropTable } from "../../../model/detail/table.js";
import { type RelationName, show } from "../../../model/name.js";
import type { Operation, OtherOperation } from "../../../model/operation.js";
import { findTable, type Phased, Refusal, type StrategyContext, sameRelation } from "../../engine.js";
import { step } from "../../step.js";
import * as locks from "../effects/helper-statements.js";
import { targetOf } from "../effects/relations.js";
import { generatedName, quote, quoteRelation, shortHash } from "../names.js";
import { keysCalled } from "./keys-called.js";
import { beside } from "./objects/in-file.js";
import { gateNames, namedBy } from "./objects/known.js";
import { tableOf } from "./subject.js";
import { nothing, stepOf } from "./written.js";

const isDrop = (operation: Operation): boolean => operation.kind === "other" && operation.detail?.kind === "drop-table";

/** The name that a table has between the swap and the drop. */
const parkedName = ({ schema, name }: RelationName, { migrationId }: StrategyContext): string =>
  generatedName("zmigrate_dropped", name, shortHash(migrationId, schema ?? "", name));

/** Foreign keys that point here, of tables that the file drops later: those are parked by then. */
function inboundOf(table: Table, operation: OtherOperation, context: StrategyContext) {
  const { defaultSchema } = context.catalog;
  const later = beside(operation, context, "behind").filter(isDrop);
  const others = table.referencedBy.filter((r) => !sameRelation(r.relation, table.relation, defaultSchema));
  const goes = (relation: RelationName) =>
    later.some((o) => o.relation !== null && sameRelation(o.relation, relation, defaultSchema));
  return { going: others.filter((r) => goes(r.relation)), staying: others.filter((r) => !goes(r.relation)) };
}

/** What an earlier statement of the file drops, as a table's dependents are called. */
function droppedBefore(operation: OtherOperation, context: StrategyContext): ReadonlySet<string> {
  const names = beside(operation, context, "before").flatMap((o) => {
    const detail = o.kind === "other" && o.detail?.kind === "drop-object" ? o.detail : null;
    const named = detail === null ? null : namedBy(detail, o as OtherOperation, context);
    return named === null ? [] : gateNames(named);
  });
  return new Set(names);
}

function refuse(detail: DropTable, table: Table, operation: OtherOperation, context: StrategyContext): void {
  const where = show(table.relation);
  if (detail.cascade)
    throw new Refusal(
      "DROP TABLE ... CASCADE drops whatever uses the table, seen or unseen.",
      "Leave CASCADE out and drop what uses the table by name.",
    );
  if (table.partitionOf)
    throw new Refusal(
      `${where} is a partition of ${show(table.partitionOf)}: code that reads that one still reads its rows.`,
      `Write \`ALTER TABLE ${quoteRelation(table.partitionOf)} DETACH PARTITION ${quoteRelation(table.relation)} CONCURRENTLY\` before it.`,
    );
  const [key] = inboundOf(table, operation, context).staying;
  if (key !== undefined)
    throw new Refusal(
      `The foreign key ${key.constraint} of ${show(key.relation)} points at ${where}.`,
      `Drop it first: \`ALTER TABLE ${quoteRelation(key.relation)} DROP CONSTRAINT ${quote(key.constraint)}\` in an earlier migration.`,
    );
  const dropped = droppedBefore(operation, context);
  const reads = table.dependents.filter((d) => d.kind === "view" || d.kind === "materialized-view");
  const view = reads.find((d) => !dropped.has(`${d.kind.replace("-", " ")} ${d.name}`));
  if (view !== undefined)
    throw new Refusal(
      `The ${view.kind.replace("-", " ")} ${view.name} reads ${where}.`,
      `Write \`DROP ${view.kind.replace("-", " ").toUpperCase()} ${view.name}\` before it.`,
    );
}

/** A parked table must not hold up who deletes rows that its own rows point at. Keys between tables that go together stay. */
function outboundOf(table: Table, context: StrategyContext): readonly (Constraint & { target: RelationName })[] {
  const { defaultSchema } = context.catalog;
  const gone = context.file.flatMap(({ operation: o }) => (isDrop(o) && o.relation !== null ? [o.relation] : []));
  const goes = (relation: RelationName) =>
    [table.relation, ...gone].some((g) => sameRelation(g, relation, defaultSchema));
  return table.constraints.flatMap((c) => {
    const target = c.kind === "foreign-key" ? targetOf(c) : null;
    if (target === null || goes(target)) return [];
    return [{ ...c, target }];
  });
}

/**
 * DROP TABLE in two gated steps: parked under another name first, which can be undone, and dropped later.
 *
 * @throws Refusal while a foreign key or a view needs it
 */
export function dropTable(detail: DropTable, operation: OtherOperation, context: StrategyContext): Phased {
  const { relation } = operation;
  if (relation === null || detail.temporary)
    throw new Refusal(
      "A temporary table is gone with its session, and each step runs in one of its own.",
      "Leave the statement out.",
    );
  if (detail.ifExists && context.catalog.complete && findTable(context.catalog, relation) === null)
    return nothing(`There is no table ${show(relation)}: IF EXISTS has nothing to do.`);
  // What a new partition looks like is not always known.
  if (context.newTable && !detail.cascade && findTable(context.catalog, relation) === null)
    return plainly(relation, operation, context);
  const table = tableOf(relation, context);
  refuse(detail, table, operation, context);
  if (context.newTable) return plainly(table.relation, operation, context);
  const parked = parkedName(table.relation, context);
  return {
    steps: [park(table, parked, context), drop(table, parked, operation, context)],
    retires: [],
    gates: [],
    notes: notesOf(table, context),
    retiredTables: [{ relation: table.relation, parked, replacement: null }],
    // Another table of the file that goes does not wait for them.
    drops: keysCalled(table.constraints, table.relation, [table.relation.name, parked]),
  };
}

function plainly(relation: RelationName, operation: OtherOperation, context: StrategyContext): Phased {
  const made = stepOf(operation, context, {
    name: "drop",
    final: true,
    sql: [`DROP TABLE ${quoteRelation(relation)}`],
    reason: "The table is new in this release, so no running code knows it: it is dropped at once.",
  });
  return { steps: [made], retires: [], gates: [], notes: [] };
}

function park(table: Table, parked: string, context: StrategyContext) {
  const at = quoteRelation(table.relation);
  const there = quoteRelation({ ...table.relation, name: parked });
  const keys = outboundOf(table, context);
  const undoKeys = keys.flatMap((k) => [
    `ALTER TABLE ${at} DROP CONSTRAINT IF EXISTS ${quote(k.name)}`,
    `ALTER TABLE ${at} ADD CONSTRAINT ${quote(k.name)} ${k.definition.replace(/ NOT VALID$/, "")} NOT VALID`,
    ...(k.validated ? [`ALTER TABLE ${at} VALIDATE CONSTRAINT ${quote(k.name)}`] : []),
  ]);
  return step({
    id: `${context.ordinal}-park`,
    phase: "contract",
    stage: "swap",
    kind: "ddl",
    sql: [
      ...keys.map((k) => `ALTER TABLE ${at} DROP CONSTRAINT ${quote(k.name)}`),
      `ALTER TABLE ${at} RENAME TO ${quote(parked)}`,
    ],
    // Validating reads the table: not in the transaction that holds its lock.
    undo: [`ALTER TABLE IF EXISTS ${there} RENAME TO ${quote(table.relation.name)}`, ...undoKeys],
    undoTransaction: keys.length === 0,
    locks: [locks.alterTable(table.relation), ...keys.map((k) => locks.alterTable(k.target))],
    reason: `${show(table.relation)} is parked as ${parked}: nothing is lost yet, and a rename brings it back.`,
  });
}

function drop(table: Table, parked: string, operation: OtherOperation, context: StrategyContext) {
  const keys = inboundOf(table, operation, context).going;
  const where = (relation: RelationName) =>
    quoteRelation({ schema: relation.schema, name: parkedName(relation, context) });
  return step({
    id: `${context.ordinal}-drop`,
    phase: "contract",
    stage: "drop",
    kind: "ddl",
    sql: [
      ...keys.map((k) => `ALTER TABLE IF EXISTS ${where(k.relation)} DROP CONSTRAINT IF EXISTS ${quote(k.constraint)}`),
      `DROP TABLE ${quoteRelation({ ...table.relation, name: parked })}`,
    ],
    locks: [locks.alterTable(table.relation)],
    reason: `From here on the rows of ${show(table.relation)} are gone.`,
  });
}

function notesOf(table: Table, context: StrategyContext): string[] {
  const keys = outboundOf(table, context);
  const rows = table.rows === null ? [] : [`${show(table.relation)} has about ${table.rows} rows.`];
  const held = keys.map(
    (k) =>
      `Until the swap the foreign key ${k.name} still asks new code that deletes rows of ${show(k.target)}; it goes when the table is parked, and comes back with it.`,
  );
  const published = (table.publications ?? []).map((p) => `The publication ${p.name} loses the table with the drop.`);
  const below =
    (table.partitions ?? []).length > 0 ? [`Its partitions keep their names until the drop, and go with it.`] : [];
  return [...rows, ...held, ...published, ...below];
}
