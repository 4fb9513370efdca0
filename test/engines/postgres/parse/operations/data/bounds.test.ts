import { expect, it } from "vitest";
import { detailOf } from "../../../../../../rules/understood.js";
import { engineFor } from "../../../../../../src/config/engine.js";
import { boundsText, CONDITIONS } from "../../../../support/bounds.js";

const operationOf = async (sql: string) => {
  const engine = await engineFor("postgres");
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
  ['"Id" = $1 AND s.t.a = 2', "Id is passed; t.a is number"],
  ["id = ANY (ARRAY[1, 2])", "id is number or number"],
  ["id = ANY ('{1,2}'::int[])", "id is text"],
  ["id = ANY ($1)", ""],
  ["id = ALL (ARRAY[1])", ""],
  ["id = 'x'::uuid", "id is text"],
  ["id OPERATOR(pg_catalog.=) 1", "id is number"],
  ["id = 0", "id is number"],
  ["t = 1", "t is number"],
  ["id = $x$1$x$", "id is text"],
] as [string, string][])("%s", async (condition, bounds) => expect(await boundsOf(condition)).toBe(bounds));

it("of tables that are joined takes what names each", async () => {
  const query = detailOf(await operationOf("SELECT 1 FROM a JOIN b ON b.id = 1 WHERE a.id = 2 AND id = 3;"), "query");
  expect(query?.found?.map((f) => `${f.relation.name}: ${boundsText(f.bounds)}`)).toEqual([
    "a: a.id is number",
    "b: b.id is number",
  ]);
});
