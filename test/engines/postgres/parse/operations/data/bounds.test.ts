import { expect, it } from "vitest";
import { detailOf } from "../../../../../../rules/understood.js";
import { boundsOf, boundsText, CONDITIONS, operationOf } from "../../../../support/bounds.js";

it.each([
  ...CONDITIONS,
  ['"Id" = $1 AND s.t.a = 2', "Id is passed; t.a is number"],
  ["id = ANY (ARRAY[1, 2])", "id is number or number"],
  ["id = ANY ('{1,2}'::int[])", "id is text"],
  ["id = ANY ($1)", ""],
  ["id = ALL (ARRAY[1])", ""],
  ["id IN (SELECT id FROM o WHERE id = 1)", "id is id of o where id is number"],
  ["id = ANY (SELECT id FROM o WHERE id = 1)", "id is id of o where id is number"],
  ["id > ANY (SELECT id FROM o WHERE id = 1)", ""],
  ["id IN (WITH o AS (SELECT 1) SELECT id FROM o WHERE id = 1)", ""],
  ["id = 'x'::uuid", "id is text"],
  ["id OPERATOR(pg_catalog.=) 1", "id is number"],
  ["id = 0", "id is number"],
  ["t = 1", "t is number"],
  ["id = $x$1$x$", "id is text"],
] as [string, string][])("%s", async (condition, bounds) => expect(await boundsOf(condition, "postgres")).toBe(bounds));

it("of tables that are joined takes what names each", async () => {
  const query = detailOf(
    await operationOf("SELECT 1 FROM a JOIN b ON b.id = 1 WHERE a.id = 2 AND id = 3;", "postgres"),
    "query",
  );
  expect(query?.found?.map((f) => `${f.relation.name}: ${boundsText(f.bounds)}`)).toEqual([
    "a: a.id is number",
    "b: b.id is number",
  ]);
});
