import type { Partitioning } from "../model/detail/partition.js";

/** The columns that MySQL's and MariaDB's partitions go by, with those of subpartitions: of an expression those that it names. */
export function partitionColumns(partitioning: Partitioning, columns: readonly string[]): readonly string[] {
  const parts = [partitioning, partitioning.subpartitioning].filter((part) => part !== null);
  return parts.flatMap((part) => {
    const words = (part.expression ?? "").replace(/'(?:[^'\\]|''|\\.)*'/g, "").match(/[\p{L}\p{N}_$]+|`[^`]+`/gu) ?? [];
    const named = new Set(words.map((word) => word.replaceAll("`", "").toLowerCase()));
    return [...part.columns, ...columns.filter((name) => named.has(name.toLowerCase()))];
  });
}
