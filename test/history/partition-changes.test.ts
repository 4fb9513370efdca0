import { beforeAll, expect, it } from "vitest";
import { loadParser } from "../../src/engines/postgres/parse/index.js";
import { applied, names, replayed, table } from "./replayed.js";

beforeAll(loadParser);

it("a partition that gets the indexes of its table is not certain any more", () => {
  const sql = "CREATE TABLE m (k int PRIMARY KEY) PARTITION BY RANGE (k); CREATE TABLE n (k int);";
  const catalog = replayed(`${sql} ALTER TABLE m ATTACH PARTITION n DEFAULT`);
  expect(names(catalog)).toEqual(["m"]);
  expect(table(catalog, "m")).toMatchObject({
    partitionKey: ["k"],
    partitions: [{ relation: { schema: null, name: "n" }, default: true }],
  });
});

it("a child is noted at its parent until it is none", () => {
  const sql = "CREATE TABLE p (a int); CREATE TABLE c (a int); ALTER TABLE c INHERIT p;";
  expect(table(replayed(sql), "p")).toMatchObject({ partitioned: true, partitions: [{ relation: { name: "c" } }] });
  expect(table(replayed(sql), "c").partitioned).toBe(true);
  expect(table(replayed(`${sql} ALTER TABLE c NO INHERIT p`), "p").partitions).toEqual([]);
});

it("MySQL's partitions change no shape, and conversions make and take tables", () => {
  const catalog = replayed("CREATE TABLE t (a int); CREATE TABLE u (a int)");
  expect(applied(catalog, "t", { kind: "drop-partition", partitions: ["p"], ifExists: false })).toBe(catalog);
  expect(
    names(applied(catalog, "t", { kind: "convert-partition", partition: "p", table: { schema: null, name: "u" } })),
  ).toEqual(["t"]);
  const partition = { name: "p", bound: null, options: [], subpartitions: [], text: "p" };
  const taken = applied(catalog, "t", {
    kind: "convert-table",
    table: { schema: null, name: "u" },
    partition,
    validated: true,
  });
  expect(names(taken)).toEqual(["t"]);
  expect(table(applied(catalog, "t", { kind: "remove-partitioning" }), "t").partitioned).toBe(false);
});
