import type { Catalog, Table } from "../../../model/catalog.js";
import type { DataChange } from "../../../model/detail/data.js";
import { type RelationName, show } from "../../../model/name.js";
import type { OtherOperation } from "../../../model/operation.js";
import { moves } from "../../data-change/key.js";
import type { Obstacle } from "../../data-change/obstacle.js";
import { planDataChange, type Tables, type Writer } from "../../data-change/plan.js";
import { isSaidSteady, rulesOn, type Stored } from "../../data-change/stored.js";
import { type Phased, Refusal, type StrategyContext, sameRelation } from "../../engine.js";
import { isSteadyFunction } from "../../table-lookup.js";
import { givesTheSame, isPlainFunction, readsAnyTable } from "../effects/query-functions.js";
import { asksForNull } from "../null-condition.js";
import { parsePostgres } from "../parse/index.js";
import { lateOver } from "./deferrable.js";
import { movedCopy } from "./moved/index.js";
import { tableOf } from "./subject.js";
import { stepOf } from "./written.js";

/** What no plan is made of, and what to write instead. @throws Refusal */
function refuse({ verb, filtered, where, writes }: DataChange): void {
  if (verb === "merge")
    throw new Refusal(
      "MERGE decides row by row what to do, and cannot be cut into batches or run again.",
      "Write an UPDATE for what is matched, and INSERT ... SELECT ... ON CONFLICT DO NOTHING for what is not.",
    );
  if (verb === "load" || verb === "replace")
    throw new Refusal(
      "COPY reads a file that a later run may not find.",
      "Write few rows as INSERT ... VALUES; load many with psql before the migration.",
    );
  if (verb === "delete" && !filtered && where === null)
    throw new Refusal(
      `DELETE without WHERE takes every row of ${writes.map(show).join(", ")}.`,
      "Write TRUNCATE TABLE if they are all to go at once (no trigger fires), or WHERE true for batches.",
    );
}

/** Rows of one batch may be equal to rows of a later one, which the whole statement makes others. */
function lateObstacle({ verb, columns, conflict }: DataChange, into: Table | null): Obstacle | null {
  if (into === null || (verb !== "update" && conflict !== "update")) return null;
  // Which columns ON CONFLICT DO UPDATE writes is not told.
  const late = lateOver(into, verb === "update" ? moves(into, columns) : () => true);
  if (late === null) return null;
  return [
    `it writes ${late.column}, and ${late.name} compares rows when the whole statement has ended (DEFERRABLE): each batch ends before, with rows that may be equal to others which are still to be written`,
    `Drop ${late.name} in an earlier migration, and add it again in a later one; or run the statement in a maintenance window.`,
  ];
}

/** Why the rows of these tables cannot be walked. */
function obstacle(detail: DataChange, { walked, into }: Tables, { catalog }: StrategyContext): Obstacle | null {
  const rules = into === null ? [] : [...new Set([...(into.writeRules ?? []), ...rulesOn(into, catalog)])];
  if (rules.length > 0)
    return [
      `rules of ${show(into?.relation ?? walked.relation)} (${rules.join(", ")}) act in its place`,
      "Run it by hand.",
    ];
  // A partitioned table has one key for all its rows; the head of an inheritance tree has not.
  const alone = !walked.partitioned || detail.walk?.only === true || walked.partitions?.length === 0;
  const orders = alone || (walked.partitionKey ?? null) !== null;
  if (!orders)
    return [
      `${show(walked.relation)} has tables that inherit from it, and no key orders the rows of all`,
      "Write one statement for each table, with ONLY.",
    ];
  const late = lateObstacle(detail, into);
  if (late !== null) return late;
  const tree = detail.verb === "delete" ? parentsBeforeChildren(detail, walked, catalog) : null;
  if (tree !== null) return tree;
  const unknown = detail.verb === "insert" ? detail.calls?.find((f) => !isPlainFunction(f)) : undefined;
  if (unknown === undefined) return null;
  return [`${show(unknown)} may be an aggregate, which has one value for each batch then`, "Write what it computes."];
}

/** A key of the rows to others of the same table, which the server asks behind each batch: it may take a parent and not yet its child. */
function parentsBeforeChildren({ walk }: DataChange, table: Table, catalog: Catalog): Obstacle | null {
  const inside = table.referencedBy.filter(({ relation }) =>
    sameRelation(relation, table.relation, catalog.defaultSchema),
  );
  const keys = inside.flatMap(({ constraint }) => table.constraints.find((c) => c.name === constraint) ?? []);
  const held = keys.find(
    ({ definition, columns }) =>
      !/\bON DELETE (?:CASCADE|SET NULL|SET DEFAULT)\b/i.test(definition) &&
      !columns.some((column) => asksForNull(walk?.where ?? "TRUE", column, walk?.alias ?? "")),
  );
  if (held === undefined) return null;
  const [column = ""] = held.columns;
  return [
    `rows of ${show(table.relation)} point at others of it (${held.name}), and the server refuses a batch that takes a row before the one that points at it`,
    `Have the children go with their parents: in an earlier migration drop the key and add it again with ON DELETE CASCADE. Or let the rows go first: an earlier migration with \`UPDATE ... SET ${column} = NULL\` for these rows, and \`AND ${column} IS NULL\` here.`,
  ];
}

const varies = (name: RelationName, stored: Stored): boolean =>
  !givesTheSame(name) && !isSteadyFunction(stored.catalog, name) && !isSaidSteady(name, stored);

const WRITER: Writer<StrategyContext> = {
  refuse,
  tableOf,
  obstacle,
  around: ({ head, tail }) => ({ head, tail }),
  step: stepOf,
  isPlain: isPlainFunction,
  readsAny: readsAnyTable,
  varies,
  steadyAs: (name) => (isPlainFunction(name) ? null : "IMMUTABLE or STABLE"),
  parse: parsePostgres,
};

/** INSERT, UPDATE and DELETE: see `planDataChange`. @throws Refusal */
export const dataChange = (detail: DataChange, operation: OtherOperation, context: StrategyContext): Phased =>
  movedCopy(detail, operation, context) ?? planDataChange(detail, operation, context, WRITER);
