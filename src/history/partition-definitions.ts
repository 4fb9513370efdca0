import type { Table } from "../model/catalog.js";
import type { PartitionDefinition } from "../model/detail/partition.js";
import type { PartitionNames } from "../model/detail/table.js";
import type { PartitionDetail } from "../model/operation-detail.js";

type Definitions = readonly PartitionDefinition[];

/** What a table's text says of its partitions (MySQL, MariaDB); nothing where it defines none. */
export const definedPartitions = (definitions: Definitions): Pick<Table, "partitionDefinitions"> =>
  definitions.length === 0 ? {} : { partitionDefinitions: definitions };

const isNamed = (names: readonly string[], { name }: PartitionDefinition): boolean =>
  names.some((one) => one.toLowerCase() === name.toLowerCase());

const without = (before: Definitions, names: PartitionNames): Definitions =>
  names === "all" ? [] : before.filter((one) => !isNamed(names, one));

/** What is put in the place of some stands where the first of them stood. */
function reorganized(before: Definitions, from: readonly string[], into: Definitions): Definitions {
  const at = before.findIndex((one) => isNamed(from, one));
  return at < 0 ? [] : [...before.slice(0, at), ...into, ...before.slice(at).filter((one) => !isNamed(from, one))];
}

function after(before: Definitions, detail: PartitionDetail): Definitions {
  switch (detail.kind) {
    case "partition-by":
      return detail.partitioning.partitions;
    case "remove-partitioning":
    case "convert-table":
      return [];
    case "add-partition":
      return before.length === 0 || detail.ifNotExists ? [] : [...before, ...detail.partitions];
    case "drop-partition":
      return without(before, detail.partitions);
    case "convert-partition":
      return without(before, [detail.partition]);
    case "reorganize-partition":
      return detail.from === "all" ? detail.into : reorganized(before, detail.from, detail.into);
    default:
      return before;
  }
}

/** The table with the partitions that a change leaves it, where they are known before and behind it. */
export function withDefinitions(table: Table, detail: PartitionDetail): Table {
  const before = table.partitionDefinitions ?? [];
  const now = after(before, detail);
  if (now === before || (now.length === 0 && before.length === 0)) return table;
  const { partitionDefinitions: _, ...rest } = table;
  return { ...rest, ...definedPartitions(Object.freeze(now)) };
}
