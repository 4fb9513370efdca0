import { describe, expect, it } from "vitest";
import { columnRows } from "./matrix/columns.js";
import { keyRows } from "./matrix/keys.js";
import { partitionRows } from "./matrix/partitions.js";
import { tableRows } from "./matrix/tables.js";
import { operationsOf } from "./one.js";

const ROWS = [...columnRows, ...keyRows, ...tableRows, ...partitionRows];

describe("what MySQL and MariaDB change in place or by copying", () => {
  it.each(ROWS)("$id is told from the model alone: $sql", ({ sql, dialect, operations }) => {
    expect(operationsOf(sql, dialect)).toMatchObject(operations);
  });

  it("is all there: each change once", () => {
    expect(new Set(ROWS.map(({ id }) => id)).size).toBe(ROWS.length);
    expect(ROWS).toHaveLength(83);
  });
});
