import { describe, expect, it } from "vitest";
import { problemOf, tableOf } from "../one.js";

describe("partitions of a table", () => {
  it("are read with their bounds, options and subpartitions", () => {
    const sql =
      "(id INT, d DATE) PARTITION BY RANGE (YEAR(d)) SUBPARTITION BY LINEAR KEY (id) SUBPARTITIONS 2 " +
      "(PARTITION p0 VALUES LESS THAN (1990) ENGINE = InnoDB (SUBPARTITION a, SUBPARTITION b COMMENT 'x'), " +
      "PARTITION p1 VALUES LESS THAN MAXVALUE)";
    expect(tableOf(sql).partitioning).toMatchObject({
      method: "range",
      variant: null,
      columns: [],
      expression: "YEAR(d)",
      count: null,
      subpartitioning: { method: "key", variant: "LINEAR", columns: ["id"], expression: null, count: 2 },
      partitions: [
        {
          name: "p0",
          bound: { kind: "less-than", text: "1990", rest: false },
          options: [{ option: "ENGINE", value: "InnoDB" }],
          subpartitions: [{ name: "a" }, { name: "b", options: [{ option: "COMMENT", value: "x" }] }],
        },
        {
          name: "p1",
          bound: { kind: "less-than", text: "MAXVALUE", rest: true },
          text: "p1 VALUES LESS THAN MAXVALUE",
        },
      ],
    });
  });

  it.each([
    ["PARTITION BY HASH (id) PARTITIONS 4", { method: "hash", expression: "id", count: 4 }],
    ["PARTITION BY KEY () PARTITIONS 2", { method: "key", columns: [], expression: null }],
    ["PARTITION BY KEY ALGORITHM = 1 (id)", { method: "key", columns: ["id"] }],
    [
      "PARTITION BY LIST COLUMNS (id, d) (PARTITION p VALUES IN ((1, 2), (NULL, 3)))",
      { method: "list", variant: "COLUMNS", columns: ["id", "d"] },
    ],
  ])("%s", (by, expected) => {
    expect(tableOf(`(id INT, d DATE) ${by}`).partitioning).toMatchObject(expected);
  });

  it("are by time on MariaDB", () => {
    const by = "PARTITION BY SYSTEM_TIME INTERVAL 1 MONTH AUTO (PARTITION h HISTORY, PARTITION c CURRENT)";
    expect(tableOf(`(id INT) WITH SYSTEM VERSIONING ${by}`, "mariadb").partitioning).toMatchObject({
      method: "system-time",
      expression: "INTERVAL 1 MONTH AUTO",
      partitions: [{ bound: { kind: "history" } }, { bound: { kind: "current" } }],
    });
  });

  it.each([
    ["PARTITION BY id", "Expected HASH, KEY, RANGE or LIST, but found id."],
    ["PARTITION BY HASH (id) (PARTITION)", "Expected the name of a partition, but found )."],
    ["PARTITION BY RANGE (id) (PARTITION p VALUES MORE THAN (1))", "Expected IN, but found MORE."],
    ["PARTITION BY RANGE (id) (PARTITION p VALUES LESS THAN 10)", "Expected (, but found 10."],
  ])("%s is a problem", (by, message) => {
    expect(problemOf(`CREATE TABLE t (id INT) ${by}`).message).toBe(message);
  });

  it("stand alone in their ALTER TABLE", () => {
    expect(problemOf("ALTER TABLE t DROP PARTITION p, ADD a INT").message).toContain("but found ADD");
    expect(problemOf("ALTER TABLE t ADD a INT, TRUNCATE PARTITION p").message).toContain("stands alone");
  });
});
