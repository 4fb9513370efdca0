import { partitionColumns } from "../engines/partition-columns.js";
import type { Table } from "../model/catalog.js";
import type { RelationName } from "../model/name.js";
import type { DetailOf, PartitionDetail } from "../model/operation-detail.js";
import { withPartition } from "./create-table.js";
import type { Known } from "./known.js";
import { tableIn } from "./known-tables.js";
import { withDefinitions } from "./partition-definitions.js";
import { qualified } from "./session.js";
import { withoutPartition } from "./table-changes.js";
import { changeTable, forgetTable, incomplete, removeTable } from "./tables.js";

/** What partitions there are after a change of them. */
export function applyPartition(before: Known, relation: RelationName, detail: PartitionDetail): Known {
  const known = changeTable(before, relation, (t) => withDefinitions(t, detail));
  switch (detail.kind) {
    case "attach-partition":
      return attach(known, relation, detail);
    case "detach-partition":
      return detach(known, relation, detail.partition);
    case "inherit":
      return inherit(known, relation, detail);
    case "partition-by":
      return changeTable(known, relation, (t) => partitioned(t, detail));
    case "remove-partitioning":
      return changeTable(known, relation, (t) => ({ ...t, partitioned: false, partitionKey: null }));
    case "convert-partition":
      return incomplete(forgetTable(known, detail.table));
    case "convert-table":
      return removeTable(known, detail.table);
    default:
      return known;
  }
}

function partitioned(table: Table, { partitioning }: DetailOf<"partition-by">): Table {
  const names = table.columns.map((c) => c.name);
  return { ...table, partitioned: true, partitionKey: partitionColumns(partitioning, names) };
}

/** A partition gets the indexes that it lacks, under names that the server chooses: it is not certain any more. */
function attach(known: Known, relation: RelationName, { partition, bound }: DetailOf<"attach-partition">): Known {
  const isRest = bound.kind === "default";
  const entry = Object.freeze({ relation: qualified(known, partition), default: isRest, written: bound });
  const noted = withPartition(known, relation, entry);
  const parent = tableIn(noted, relation);
  if (parent === null || parent.indexes.length > 0 || parent.constraints.length > 0) {
    return forgetTable(noted, partition);
  }
  return changeTable(noted, partition, (t) => ({ ...t, partitioned: true, partitionOf: qualified(known, relation) }));
}

function detach(known: Known, relation: RelationName, partition: RelationName): Known {
  const left = changeTable(known, relation, (t) => withoutPartition(known, t, partition));
  return changeTable(left, partition, (t) => ({
    ...t,
    partitioned: (t.partitions ?? []).length > 0 || (t.partitionKey ?? null) !== null,
    partitionOf: null,
  }));
}

function inherit(known: Known, relation: RelationName, { parent, enabled }: DetailOf<"inherit">): Known {
  const entry = Object.freeze({ relation: qualified(known, relation), default: false });
  const left = changeTable(known, parent, (t) => withoutPartition(known, t, relation));
  const above = enabled ? withPartition(left, parent, entry) : left;
  // Whether another parent is left is not known.
  if (!enabled) return above;
  const marked = changeTable(above, parent, (t) => ({ ...t, partitioned: true }));
  return changeTable(marked, relation, (t) => ({ ...t, partitioned: true }));
}
