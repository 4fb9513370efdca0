import { beforeAll, describe, expect, it } from "vitest";
import { loadParser } from "../../../../../src/engines/postgres/parse/index.js";
import { operations } from "./read.js";

beforeAll(loadParser);

describe("a partitioned table", () => {
  it.each([
    ["RANGE (a, b)", { method: "range", columns: ["a", "b"], expression: null }],
    ["LIST (lower(a))", { method: "list", columns: [], expression: "lower(a)" }],
    ['HASH (a COLLATE "C" text_ops)', { method: "hash", columns: ["a"], expression: null }],
  ])("%s", (by, partitioning) => {
    expect(
      operations(`CREATE TABLE t (a text, b int CHECK (b > 0)) PARTITION BY ${by} WITH (fillfactor = 7)`),
    ).toMatchObject([{ kind: "create-table", partitioned: true, partitioning }]);
  });

  it.each([
    ["PARTITION OF p (a NOT NULL, CHECK (a > 0)) FOR VALUES IN (1, 2)", { kind: "in", text: "1, 2", rest: false }],
    ["PARTITION OF s.p FOR VALUES FROM (1) TO (2)", { kind: "from-to", text: "FROM (1) TO (2)", rest: false }],
    ["PARTITION OF p DEFAULT PARTITION BY LIST (a)", { kind: "default", text: "", rest: true }],
  ])("%s", (of, bound) => {
    expect(operations(`CREATE TABLE t ${of}`)).toMatchObject([{ form: "partition-of", bound }]);
  });
});

it("has its options, which are absent without any", () => {
  expect(
    operations("CREATE UNLOGGED TABLE t (a int) USING heap WITH (fillfactor = 7, toast.x) TABLESPACE y"),
  ).toMatchObject([
    {
      options: [
        { option: "UNLOGGED", value: null },
        { option: "ACCESS METHOD", value: "heap" },
        { option: "fillfactor", value: "7" },
        { option: "toast.x", value: "true" },
        { option: "TABLESPACE", value: "y" },
      ],
    },
  ]);
  const [plain] = operations("CREATE TABLE t (a int)");
  for (const key of ["options", "partitioning", "bound", "withData"]) expect(plain).not.toHaveProperty(key);
});

it("may be made without its rows", () => {
  expect(operations("CREATE TABLE t AS SELECT 1 WITH NO DATA")).toMatchObject([{ form: "as", withData: false }]);
});
