import { detail, type MatrixRow } from "./row.js";

const bound = (kind: string, text: string, rest = false) => ({ kind, text, rest });

/** What happens to partitions. */
export const partitionRows: readonly MatrixRow[] = [
  {
    id: "part.by",
    sql: "ALTER TABLE t PARTITION BY LINEAR HASH (id) PARTITIONS 4; ALTER TABLE t REMOVE PARTITIONING",
    operations: [
      detail("partition-by", {
        partitioning: { method: "hash", variant: "LINEAR", expression: "id", count: 4, partitions: [] },
      }),
      detail("remove-partitioning"),
    ],
  },
  {
    id: "part.add.range",
    sql: "ALTER TABLE t ADD PARTITION (PARTITION p VALUES LESS THAN (10) COMMENT 'x', PARTITION q VALUES LESS THAN MAXVALUE)",
    operations: [
      detail("add-partition", {
        count: null,
        partitions: [
          { name: "p", bound: bound("less-than", "10"), options: [{ option: "COMMENT", value: "x" }] },
          { name: "q", bound: bound("less-than", "MAXVALUE", true) },
        ],
      }),
    ],
  },
  {
    id: "part.add.hash",
    sql: "ALTER TABLE t ADD PARTITION PARTITIONS 4",
    operations: [detail("add-partition", { count: 4, partitions: [] })],
  },
  {
    id: "part.drop",
    sql: "ALTER TABLE t DROP PARTITION p, q",
    operations: [detail("drop-partition", { partitions: ["p", "q"] })],
  },
  {
    id: "part.truncate",
    sql: "ALTER TABLE t TRUNCATE PARTITION ALL",
    operations: [detail("truncate-partition", { partitions: "all" })],
  },
  {
    id: "part.coalesce",
    sql: "ALTER TABLE t COALESCE PARTITION 2; ALTER TABLE t REORGANIZE PARTITION p INTO (PARTITION a VALUES IN (1, 2)); ALTER TABLE t REBUILD PARTITION p",
    operations: [
      detail("coalesce-partition", { count: 2 }),
      detail("reorganize-partition", { from: ["p"], into: [{ name: "a", bound: bound("in", "1, 2") }] }),
      detail("maintain-partition", { verb: "rebuild", partitions: ["p"] }),
    ],
  },
  {
    id: "part.exchange",
    sql: "ALTER TABLE t EXCHANGE PARTITION p WITH TABLE u WITHOUT VALIDATION",
    operations: [detail("exchange-partition", { partition: "p", table: { name: "u" }, validated: false })],
  },
  {
    id: "part.check",
    sql: "ALTER TABLE t ANALYZE PARTITION p; ALTER TABLE t CHECK PARTITION p QUICK; ALTER TABLE t REPAIR PARTITION ALL",
    operations: [
      detail("maintain-partition", { verb: "analyze" }),
      detail("maintain-partition", { verb: "check", options: ["QUICK"] }),
      detail("maintain-partition", { verb: "repair", partitions: "all" }),
    ],
  },
  {
    id: "part.optimize",
    sql: "ALTER TABLE t OPTIMIZE PARTITION p",
    operations: [detail("maintain-partition", { verb: "optimize", partitions: ["p"] })],
  },
];
