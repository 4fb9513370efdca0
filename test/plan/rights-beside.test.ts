import { expect, it } from "vitest";
import type { StoredObject } from "../../src/model/catalog.js";
import { refusalOn, schema, stepsOn } from "../engines/postgres/support/plan.js";

const T = "CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(20)); CREATE TABLE u (id int);";

it.each([
  ["GRANT SELECT (a) ON t TO r;\nALTER TABLE t ALTER a TYPE bigint;", "gives rights on a"],
  ["GRANT SELECT (a), UPDATE ON t TO r;\nALTER TABLE t RENAME a TO aa;", "on aa"],
  ["REVOKE SELECT (b, a) ON t FROM r;\nALTER TABLE public.t RENAME a TO aa;", "takes rights away from a"],
  ["GRANT SELECT ON u, t TO r;\nALTER TABLE t RENAME TO tt;", "gives rights on t"],
  ["GRANT SELECT (a) ON t TO r;\nALTER TABLE t RENAME TO tt;", "gives rights on t"],
  ["ALTER TABLE t ALTER a TYPE bigint;\nGRANT SELECT (a) ON t TO r;", "changes the type of a"],
])("one of both would have rights that the other has not: %s", async (sql, said) => {
  const refusal = await refusalOn(T, sql);
  expect(refusal).toMatch(/^2:/);
  expect(refusal).toContain(said);
  expect(refusal).toContain("later migration");
});

it.each([
  "GRANT SELECT ON t TO r;\nALTER TABLE t RENAME a TO aa;",
  "REVOKE SELECT ON t FROM r;\nALTER TABLE t ALTER a TYPE bigint;",
  "GRANT SELECT (b) ON t TO r;\nALTER TABLE t ALTER a TYPE bigint;",
  "GRANT SELECT (b) ON t TO r;\nALTER TABLE t ALTER b TYPE varchar(40);",
  "GRANT SELECT (a) ON t TO r;\nALTER TABLE t ALTER a SET NOT NULL;",
  "REVOKE SELECT (a) ON t FROM r;\nALTER TABLE t DROP a;",
  "REVOKE SELECT ON u FROM r;\nALTER TABLE t RENAME TO tt;",
  "ALTER TABLE t ALTER a TYPE bigint;\nREVOKE SELECT (a) ON t FROM r;",
  "ALTER TABLE t RENAME a TO aa;\nGRANT SELECT (aa) ON t TO r;",
  "ALTER TABLE t RENAME a TO aa;\nREVOKE SELECT (aa) ON t FROM r;",
  "ALTER TABLE t RENAME TO tt;\nGRANT SELECT ON tt TO r;",
  "ALTER TABLE t RENAME TO tt;\nREVOKE SELECT ON tt FROM r;",
  "ALTER TABLE t ADD c int;\nGRANT SELECT (c) ON t TO r;",
  "CREATE TABLE n (a int);\nGRANT SELECT (a) ON n TO r;\nALTER TABLE n RENAME a TO aa;\nALTER TABLE n RENAME TO nn;",
])("both run: %s", async (sql) => expect(await stepsOn(T, sql)).not.toHaveLength(0));

it("a view is renamed as a table is", async () => {
  const name = { schema: "public", name: "v" };
  const none = { on: null, parameters: null, restore: null, comment: null };
  const view: StoredObject = { ...none, object: "view", name, columns: ["id"], grants: [] };
  const catalog = { ...(await schema(T)), objects: [view] };
  const sql = "GRANT SELECT ON v TO r;\nALTER VIEW v RENAME TO w;";
  expect(await refusalOn(catalog, sql)).toContain("Put this statement into a later migration");
  expect(await stepsOn(catalog, "GRANT SELECT ON u TO r;\nALTER VIEW v RENAME TO w;")).toHaveLength(4);
});
