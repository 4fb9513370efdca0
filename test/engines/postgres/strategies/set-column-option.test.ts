import { expect, it } from "vitest";
import { planOn } from "../support/plan.js";

const T =
  "CREATE TABLE t (id int PRIMARY KEY, a text, b text); ALTER TABLE t ALTER a SET STATISTICS 50, ALTER a SET STORAGE MAIN;";

const undone = async (clause: string, version?: number) => {
  const { plan } = await planOn(T, `ALTER TABLE t ALTER ${clause};`, version);
  return plan?.steps.map((s) => [s.phase, s.sql[0]?.replace(/^.*COLUMN /, ""), s.undo[0]?.replace(/^.*COLUMN /, "")]);
};

it.each([
  ["a SET STATISTICS 90", '"a" SET STATISTICS 90', '"a" SET STATISTICS 50'],
  ["b SET STATISTICS 90", '"b" SET STATISTICS 90', '"b" SET STATISTICS -1'],
  ["a SET STORAGE external", '"a" SET STORAGE EXTERNAL', '"a" SET STORAGE MAIN'],
  ["b SET STORAGE external", '"b" SET STORAGE EXTERNAL', '"b" SET STORAGE DEFAULT'],
  ["b SET COMPRESSION lz4", '"b" SET COMPRESSION lz4', '"b" SET COMPRESSION DEFAULT'],
  ["b SET (n_distinct = 5)", '"b" SET (n_distinct = 5)', '"b" RESET (n_distinct)'],
  ["b RESET (n_distinct)", '"b" RESET (n_distinct)', '"b" RESET (n_distinct)'],
])("%s, and what it was comes back", async (clause, sql, undo) => {
  expect(await undone(clause)).toEqual([["expand", sql, undo]]);
});

it("says where nothing can bring it back", async () => {
  expect(await undone("b SET STORAGE external", 15)).toEqual([["expand", '"b" SET STORAGE EXTERNAL', undefined]]);
  const { plan } = await planOn(T, "ALTER TABLE t ALTER b SET STORAGE external;", 15);
  expect(plan?.leaves).toEqual([expect.stringContaining("A rollback leaves STORAGE of b")]);
});
