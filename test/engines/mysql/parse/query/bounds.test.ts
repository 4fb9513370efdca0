import { expect, it } from "vitest";
import { boundsOf, boundsText, CONDITIONS, changeOf } from "../../../support/bounds.js";

it.each([
  ...CONDITIONS,
  ["`id` = ? AND s.t.a = @x", "id is passed; t.a is passed"],
  ["id = 1 && a = 2", "id is number; a is number"],
  ["id = 1 || a = 2", ""],
  ["id = 1 XOR a = 2", ""],
  ["id = 0x1F", "id is number"],
  ["0", "never"],
  // All rows are met for it.
  ["id IN (SELECT id FROM o WHERE id = 1)", ""],
  ["BINARY a = 1", ""],
  ["end = 1 AND id = 2", "end is number; id is number"],
] as [string, string][])("%s", async (condition, bounds) => expect(await boundsOf(condition, "mysql")).toBe(bounds));

it("finds what a query reads, and what ON and WHERE say of joined rows, but not what SET assigns", async () => {
  const copy = await changeOf("INSERT INTO c SELECT a FROM t WHERE id IN (1, 2);", "mysql");
  expect(copy.found?.map((f) => boundsText(f.bounds))).toEqual(["id is number or number"]);
  const sql = "UPDATE t JOIN o ON o.id = t.o_id SET t.a = o.k WHERE t.b = o.c AND t.id = 1;";
  const change = await changeOf(sql, "mysql");
  expect(boundsText(change.joins?.bounds ?? [])).toBe("t.b is o.c; t.id is number; o.id is t.o_id");
});
