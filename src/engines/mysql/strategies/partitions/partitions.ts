import type {
  AddPartition,
  ConvertPartition,
  ConvertTable,
  DropPartition,
  ExchangePartition,
  MaintainPartition,
  ReorganizePartition,
  TruncatePartition,
} from "../../../../model/detail/partition.js";
import type { PartitionNames } from "../../../../model/detail/table.js";
import { type RelationName, show } from "../../../../model/name.js";
import type { OtherOperation } from "../../../../model/operation.js";
import { type Phased, Refusal } from "../../../engine.js";
import { quote, quoteRelation } from "../../names.js";
import type { MysqlContext } from "../algorithms.js";
import { byCopy } from "../by-copy.js";
import { all, hasPartition, hasTable, not, stateOf } from "../facts.js";
import { mustBeAlone } from "../in-file.js";
import { tableOf } from "../subject.js";
import { asWritten, effectOf, hazardOf, stepOf } from "../written.js";

const tableIn = (operation: OtherOperation, context: MysqlContext): RelationName => {
  mustBeAlone(context, operation.what);
  if (operation.relation === null) throw new Refusal("The table is not named.", "Name it.");
  return tableOf(operation.relation, context).relation;
};

const listed = (names: PartitionNames): readonly string[] => (names === "all" ? [] : names);
const shown = (names: PartitionNames): string => (names === "all" ? "all" : names.join(", "));

/** ADD PARTITION of a range or list: it is empty. Another number of HASH and KEY partitions moves every row. @throws Refusal */
export function addPartition(detail: AddPartition, operation: OtherOperation, context: MysqlContext): Phased {
  if (detail.count !== null || hazardOf(effectOf(operation, context)) !== null)
    return byCopy(detail, operation, context);
  const relation = tableIn(operation, context);
  const names = detail.partitions.map((p) => p.name);
  const there = all(...names.map((name) => hasPartition(relation, name)));
  return asWritten(
    operation,
    context,
    {
      name: "add-partition",
      sql: [context.statement],
      probe: { sql: stateOf(there), repair: [] },
      reason: "The partition is empty: the catalog is changed under a brief lock.",
    },
    { leaves: [`A rollback leaves the partitions ${names.join(", ")}: their rows would go with them.`] },
  );
}

/** DROP PARTITION, at the end of contract: its rows are gone. */
export function dropPartition(detail: DropPartition, operation: OtherOperation, context: MysqlContext): Phased {
  const relation = tableIn(operation, context);
  const left = all(...listed(detail.partitions).map((name) => not(hasPartition(relation, name))));
  const dropped = stepOf(operation, context, {
    name: "drop-partition",
    phase: "contract",
    stage: "drop",
    sql: [context.statement],
    probe: { sql: stateOf(left), repair: [] },
    reason: `From here on the rows of ${shown(detail.partitions)} are gone. No trigger fires.`,
  });
  return { steps: [dropped], retires: [], gates: [], notes: [] };
}

/** TRUNCATE PARTITION, at the end of contract. */
export function truncatePartition(detail: TruncatePartition, operation: OtherOperation, context: MysqlContext): Phased {
  const relation = tableIn(operation, context);
  const emptied = stepOf(operation, context, {
    name: "truncate-partition",
    phase: "contract",
    stage: "drop",
    sql: [context.statement],
    reason: `From here on the rows of ${shown(detail.partitions)} of ${show(relation)} are gone. No trigger fires.`,
  });
  const note = "A run that is cut off in the very moment empties the partition once more when it is run again.";
  return { steps: [emptied], retires: [], gates: [], notes: [note] };
}

/**
 * REORGANIZE copies rows while writers wait: on MySQL those of the named partitions, so that contract waits until they
 * are empty; on MariaDB those of all.
 *
 * @throws Refusal on MariaDB, and for partitions that are not named
 */
export function reorganizePartition(
  detail: ReorganizePartition,
  operation: OtherOperation,
  context: MysqlContext,
): Phased {
  const from = listed(detail.from);
  if (context.dialect === "mariadb" || from.length === 0) return byCopy(detail, operation, context);
  const relation = tableIn(operation, context);
  const into = detail.into.map((p) => p.name);
  const made = into.filter((name) => !from.includes(name));
  const done =
    made.length === 0
      ? not(all(...from.filter((f) => !into.includes(f)).map((f) => hasPartition(relation, f))))
      : all(...made.map((n) => hasPartition(relation, n)));
  const reorganized = stepOf(operation, context, {
    name: "reorganize",
    phase: "contract",
    stage: "drop",
    sql: [context.statement],
    probe: { sql: stateOf(done), repair: [] },
    reason: `The gate has seen that ${from.join(", ")} hold no row: nothing is copied.`,
  });
  const rows = from.map(quote).join(", ");
  const empty = `SELECT NOT EXISTS (SELECT 1 FROM ${quoteRelation(relation)} PARTITION (${rows}))`;
  return {
    steps: [reorganized],
    retires: [],
    gates: [{ name: "sql", setting: empty }],
    notes: [
      `Rows of ${from.join(", ")} would be copied while writers wait, so contract waits until there are none. Split a partition before rows come into it.`,
    ],
  };
}

/** ANALYZE and CHECK PARTITION, in the backfill phase; the others rebuild. @throws Refusal */
export function maintainPartition(detail: MaintainPartition, operation: OtherOperation, context: MysqlContext): Phased {
  if (detail.verb !== "analyze" && detail.verb !== "check") return byCopy(detail, operation, context);
  tableIn(operation, context);
  return asWritten(operation, context, {
    name: detail.verb,
    phase: "backfill",
    sql: [context.statement],
    unlimited: true,
    reason: "Reads and writes go on.",
  });
}

/** Run twice it is undone, and nothing in the catalog tells whether it has run. @throws Refusal */
export function exchangePartition(detail: ExchangePartition): never {
  throw new Refusal(
    `EXCHANGE PARTITION ${detail.partition} with ${show(detail.table)} changes what both names mean for running code, and run a second time it is undone: nothing in the catalog tells that it has run.`,
    detail.validated
      ? "Run it by hand, WITHOUT VALIDATION once a query has shown that every row belongs there: with it, everybody waits while the rows are read."
      : "Run it by hand.",
  );
}

/** MariaDB: a partition becomes a table, and back is another statement. */
export function convertPartition(detail: ConvertPartition, operation: OtherOperation, context: MysqlContext): Phased {
  const relation = tableIn(operation, context);
  return last(
    operation,
    context,
    not(hasPartition(relation, detail.partition)),
    `Its rows are those of ${show(detail.table)} from here on, and no longer of ${show(relation)}.`,
  );
}

/** MariaDB: a table becomes a partition. @throws Refusal where its rows are read while everybody waits */
export function convertTable(detail: ConvertTable, operation: OtherOperation, context: MysqlContext): Phased {
  const relation = tableIn(operation, context);
  if (detail.validated)
    throw new Refusal(
      `The rows of ${show(detail.table)} are read while everybody waits.`,
      "Write WITHOUT VALIDATION once a query has shown that every row belongs there.",
    );
  const done = all(hasPartition(relation, detail.partition.name), not(hasTable(detail.table)));
  return last(
    operation,
    context,
    done,
    `Its rows are those of ${show(relation)} from here on; ${show(detail.table)} is gone.`,
  );
}

function last(operation: OtherOperation, context: MysqlContext, done: string, reason: string): Phased {
  const made = stepOf(operation, context, {
    name: operation.what,
    phase: "contract",
    stage: "drop",
    sql: [context.statement],
    probe: { sql: stateOf(done), repair: [] },
    reason,
  });
  return { steps: [made], retires: [], gates: [], notes: [] };
}
