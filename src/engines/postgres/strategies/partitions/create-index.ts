import type { Table } from "../../../../model/catalog.js";
import { type RelationName, show } from "../../../../model/name.js";
import type { CreateIndex } from "../../../../model/operation.js";
import type { Step, StepPart } from "../../../../model/step.js";
import { findTable, type Phased, Refusal, type StrategyContext } from "../../../engine.js";
import { step } from "../../../step.js";
import * as locks from "../../effects/helper-statements.js";
import { literal, quote, quoteRelation } from "../../names.js";
import { claimsOn } from "../constraint/steps.js";
import { buildIndex } from "../constraints.js";
import { heirOf } from "../exchange-index.js";
import { indexName } from "../names-taken.js";
import { isDivided } from "../tables.js";

/** A table of the tree, below its head, and the index that it gets. */
interface Node {
  readonly table: Table;
  readonly index: RelationName;
  /** The index that it becomes a part of. */
  readonly above: RelationName;
  readonly part: StepPart;
}

/** What all steps of one index have in common. */
interface Making {
  readonly operation: CreateIndex;
  readonly context: StrategyContext;
  readonly head: Table;
  readonly index: RelationName;
}

const isAlike = (operation: CreateIndex, definition: string): boolean =>
  definition.replace(/^.*? USING \w+ /s, "") === operation.definition.replace(/^USING \w+ /i, "").trim();

/** The server would take an index that a partition has already for a part of the new one, and a rollback would drop it. */
function refuseAlike({ operation }: Making, table: Table): void {
  const alike = table.indexes.find((i) => i.unique === operation.unique && isAlike(operation, i.definition));
  if (alike === undefined) return;
  throw new Refusal(
    `The partition ${show(table.relation)} has such an index already: ${alike.name}, which would become a part of the new one, and go with it when that is taken back.`,
    `Drop ${alike.name} in an earlier migration, or attach by hand: CREATE INDEX ON ONLY, then ALTER INDEX ... ATTACH PARTITION.`,
  );
}

/** @throws Refusal for one that cannot be indexed, or is not known */
function partitionOf({ head, context }: Making, relation: RelationName): Table {
  const table = findTable(context.catalog, relation);
  if (table !== null && table.partitions !== undefined) return table;
  if (context.catalog.source === "database" && !context.catalog.complete)
    throw new Refusal(
      `${show(relation)} becomes a partition of ${show(head.relation)} by a statement in front of this one: which indexes it has then, only the server tells.`,
      "Put this into a later migration, and let what stands in front of it run by itself first: `zmigrate apply --to ID`.",
    );
  throw new Refusal(
    `What the partition ${show(relation)} of ${show(head.relation)} looks like is not known.`,
    "Give `--database-url`, so that the plan can be made from the real schema. A foreign table as a partition takes no index.",
  );
}

/** A partition may be added, detached or dropped between the plan and the step: those that partitions by date come and go. */
const partOf = ({ index }: Making, { relation: table }: Table, { relation: above }: Table): StepPart => ({
  of: quoteRelation(index),
  table,
  above,
  there: `SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_inherits WHERE inhrelid = pg_catalog.to_regclass(${literal(quoteRelation(table))}) AND inhparent = pg_catalog.to_regclass(${literal(quoteRelation(above))}))`,
});

/** The tree below a table, parents first, each with the name that the server would choose for its index. */
function nodesBelow(making: Making, parent: Table, above: RelationName, taken: Set<string>): Node[] {
  return (parent.partitions ?? []).flatMap(({ relation }) => {
    const table = partitionOf(making, relation);
    refuseAlike(making, table);
    const name = indexName(table, making.operation, making.context, taken);
    taken.add(name);
    const index = { schema: table.relation.schema, name };
    const part = partOf(making, table, parent);
    return [{ table, index, above, part }, ...nodesBelow(making, table, index, taken)];
  });
}

/** An index of a divided table: a name that the indexes of its partitions hang on. It holds nothing itself. */
function emptyIndex(making: Making, id: string, table: Table, index: RelationName): Step {
  const { operation } = making;
  return step({
    id,
    phase: "expand",
    kind: "ddl",
    sql: [
      `CREATE ${operation.unique ? "UNIQUE " : ""}INDEX ${quote(index.name)} ON ONLY ${quoteRelation(table.relation)} ${operation.definition}`,
    ],
    undo: [`DROP INDEX IF EXISTS ${quoteRelation(index)}`],
    locks: [locks.createIndexOnly(table.relation)],
    reason:
      "The index of the whole, still without parts: queries do not use it yet, and partitions that are added from now on have theirs.",
  });
}

function below(making: Making, { table, index, part }: Node, at: number): Step {
  const id = `${making.context.ordinal}-create-index-${at}`;
  if (isDivided(table)) return { ...emptyIndex(making, id, table, index), part };
  const built = buildIndex({
    id,
    phase: "expand",
    relation: table.relation,
    name: index.name,
    unique: making.operation.unique,
    undo: true,
    on: `${quoteRelation(table.relation)} ${making.operation.definition}`,
    reason: `Built while ${show(table.relation)} is read and written. A build that fails leaves an invalid index, which the next run drops first.`,
  });
  return { ...built, part };
}

/** What is attached cannot be taken off again, nor dropped alone: the undo drops what it is a part of. */
function attach(making: Making, { index, above, part }: Node, at: number): Step {
  const wholes = above === making.index ? [above] : [making.index, above];
  return step({
    id: `${making.context.ordinal}-attach-index-${at}`,
    phase: "expand",
    kind: "ddl",
    sql: [`ALTER INDEX ${quoteRelation(above)} ATTACH PARTITION ${quoteRelation(index)}`],
    undo: wholes.map((whole) => `DROP INDEX IF EXISTS ${quoteRelation(whole)}`),
    locks: locks.attachIndex(index, above),
    part,
    reason: `Makes it a part of ${show(above)}.`,
  });
}

/** A partition that came between the plan and the first step has no index: the index of the whole is never valid then. */
function complete({ context, head, index }: Making): Step {
  const name = literal(quoteRelation(index));
  const message = literal(
    `a partition of ${show(head.relation)} has no part of ${index.name}: it was added while this began. Take the migration back and apply it again`,
  );
  return step({
    id: `${context.ordinal}-index-complete`,
    phase: "expand",
    kind: "ddl",
    sql: [
      `DO $$ BEGIN IF NOT (SELECT indisvalid FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass(${name})) THEN RAISE EXCEPTION USING MESSAGE = ${message}; END IF; END $$`,
    ],
    reason: "Every partition has its part: queries use the index from here on.",
  });
}

/**
 * CREATE INDEX on a table with partitions, where the server has no CONCURRENTLY: an index of the whole without parts, one
 * partition after the other built CONCURRENTLY, and each attached.
 *
 * @throws Refusal
 */
export function createDividedIndex(
  operation: CreateIndex,
  head: Table,
  name: string,
  context: StrategyContext,
): Phased {
  const index = { schema: head.relation.schema, name };
  if (heirOf(index, context) === operation)
    throw new Refusal(
      `This file drops the index ${name} of ${show(head.relation)}, which has partitions, and makes another one of its name.`,
      "Give the new one another name, or write two migrations.",
    );
  const making: Making = { operation, context, head, index };
  refuseOnly(making);
  const nodes = nodesBelow(making, head, index, new Set([name]));
  const steps = [
    emptyIndex(making, `${context.ordinal}-create-index`, head, index),
    ...nodes.map((node, i) => below(making, node, i + 1)),
    // From the leaves up: an index becomes valid when its last part is there and valid.
    ...nodes.map((node, i) => attach(making, node, i + 1)).toReversed(),
    complete(making),
  ];
  return {
    steps,
    retires: [],
    gates: [],
    notes: operation.unique ? ["Code that writes duplicates fails from the moment the build begins."] : [],
    claims: claimsOn(
      head.relation,
      operation.keys.flatMap((k) => k.column ?? []),
      `makes the index ${name}`,
    ),
  };
}

/** @throws Refusal */
function refuseOnly({ operation, head }: Making): void {
  if (!operation.only) return;
  throw new Refusal(
    `ON ONLY makes an index of ${show(head.relation)} that is not valid before each partition has its part of it.`,
    "Leave ONLY out: the parts are built CONCURRENTLY and attached one by one.",
  );
}
