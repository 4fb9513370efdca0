import { expect, it } from "vitest";
import { detailOf } from "../../../../../rules/understood.js";
import { engineFor } from "../../../../../src/config/engine.js";
import type { DataChange } from "../../../../../src/model/detail/data.js";
import { boundsText, CONDITIONS } from "../../../support/bounds.js";

const operationOf = async (sql: string) => {
  const engine = await engineFor("mysql");
  await engine.loadParser();
  const { statements, problems } = engine.parse(sql);
  expect(problems, sql).toEqual([]);
  const [operation] = statements.flatMap((s) => s.operations);
  if (operation === undefined) throw new Error(sql);
  return operation;
};

const boundsOf = async (condition: string) =>
  boundsText(detailOf(await operationOf(`DELETE FROM t WHERE ${condition};`), "data-change")?.bounds ?? []);

it.each([
  ...CONDITIONS,
  ["`id` = ? AND s.t.a = @x", "id is passed; t.a is passed"],
  ["id = 1 && a = 2", "id is number; a is number"],
  ["id = 1 || a = 2", ""],
  ["id = 1 XOR a = 2", ""],
  ["id = 0x1F", "id is number"],
  ["0", "never"],
  ["BINARY a = 1", ""],
  ["end = 1 AND id = 2", "end is number; id is number"],
] as [string, string][])("%s", async (condition, bounds) => expect(await boundsOf(condition)).toBe(bounds));

it("finds what a query reads, and which columns ON and WHERE say are equal, but not what SET assigns", async () => {
  const copy = detailOf(await operationOf("INSERT INTO c SELECT a FROM t WHERE id IN (1, 2);"), "data-change");
  expect(copy?.found?.map((f) => boundsText(f.bounds))).toEqual(["id is number or number"]);
  const sql = "UPDATE t JOIN o ON o.id = t.o_id SET t.a = o.k WHERE t.b = o.c AND t.id = 1;";
  const change = detailOf(await operationOf(sql), "data-change") as DataChange;
  const shown = change.walk?.equal?.map(({ left, right }) => `${left.table}.${left.name} ${right.table}.${right.name}`);
  expect(shown).toEqual(["o.id t.o_id", "t.b o.c"]);
});
