import type {
  AddPartition,
  ConvertPartition,
  ConvertTable,
  DropPartition,
  ExchangePartition,
  PartitionBy,
  RemovePartitioning,
  TruncatePartition,
} from "../../../../model/detail/partition.js";
import { altered, type Change } from "../change.js";
import { broken, type Subject } from "../subject.js";
import { COPY, exclusive, METADATA, REBUILD_SHARED } from "../ways.js";

/** PARTITION BY and REMOVE PARTITIONING: every row moves, while writers wait. */
export function partitionByChange({ kind }: PartitionBy | RemovePartitioning, { relation }: Subject): Change {
  const fails =
    "it fails when a unique key lacks a column that partitions go by (1503), or there are foreign keys (1506)";
  return altered(relation, COPY, { fails: kind === "partition-by" ? fails : null });
}

/** ADD PARTITION: a new range or list is empty; a new number of partitions spreads all rows anew. */
export function addPartitionChange({ count, partitions }: AddPartition, { relation }: Subject): Change {
  const bounded = count === null && partitions.some((p) => p.bound !== null);
  if (!bounded) return altered(relation, REBUILD_SHARED);
  return altered(relation, METADATA, {
    fails: "it is refused where a partition takes the rest, or its range is taken (1481, 1493, 1495)",
  });
}

/** DROP PARTITION: its rows are gone. No trigger fires, and no foreign key is asked. */
export function dropPartitionChange({ partitions }: DropPartition, { relation }: Subject): Change {
  const names = partitions === "all" ? "all" : partitions.join(", ");
  const why = `rows of ${names} are gone, and rows that belong there are refused or go elsewhere (1526)`;
  return altered(relation, METADATA, { destroys: true, breaks: [broken("both", why)] });
}

export function truncatePartitionChange(_: TruncatePartition, { relation }: Subject): Change {
  return altered(relation, METADATA, { destroys: true });
}

/** COALESCE and REORGANIZE: rows are copied from partition to partition while writers wait, on MariaDB those of all partitions. */
export function spreadPartitionsChange(_: object, { relation }: Subject): Change {
  return altered(relation, REBUILD_SHARED);
}

/** EXCHANGE PARTITION: two names change places. Checking the rows of the table reads them all while everybody waits. */
export function exchangePartitionChange(detail: ExchangePartition, { relation }: Subject): Change {
  const { partition, table, validated } = detail;
  const swapped = `${relation.name} has other rows in ${partition}, and ${table.name} has those that were there`;
  return altered(relation, METADATA, {
    locks: [validated ? { ...exclusive(table), held: "scan" } : exclusive(table)],
    scan: validated,
    breaks: [broken("reads", swapped)],
    fails: "it fails when the tables differ, or a row does not belong there (1731, 1736, 1737)",
  });
}

/** MariaDB: a partition becomes a table; its rows are there no more. */
export function partitionToTableChange({ partition, table }: ConvertPartition, { relation }: Subject): Change {
  const why = `rows of ${partition} are no longer in ${relation.name}`;
  return altered(relation, METADATA, { locks: [exclusive(table)], breaks: [broken("both", why)] });
}

/** MariaDB: a table becomes a partition, and its name is free. */
export function tableToPartitionChange({ table, validated }: ConvertTable, { relation }: Subject): Change {
  return altered(relation, METADATA, {
    locks: [validated ? { ...exclusive(table), held: "scan" } : exclusive(table)],
    scan: validated,
    breaks: [broken("both", `statements that name ${table.name} fail (1146)`)],
    fails: "it fails when the tables differ, or a row does not belong there (1736, 1526)",
  });
}
