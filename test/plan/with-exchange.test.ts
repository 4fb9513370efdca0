import { expect, it } from "vitest";
import { planOn, refusalOn } from "../engines/postgres/support/plan.js";

const SETUP =
  "CREATE TABLE t (id int PRIMARY KEY, a int); CREATE VIEW v AS SELECT id FROM t; CREATE FUNCTION f(n int) RETURNS int LANGUAGE sql AS 'SELECT 1';";
const VIEW = "DROP VIEW v; CREATE VIEW v AS SELECT id, a FROM t;";
const ROUTINE =
  "DROP FUNCTION f(int); CREATE OR REPLACE FUNCTION f(n int) RETURNS text LANGUAGE sql AS 'SELECT ''x''';";

const swapsOf = async (file: string) =>
  ((await planOn(SETUP, file)).plan?.steps ?? []).filter((s) => s.stage === "swap");

it.each([
  [VIEW, "GRANT SELECT ON v TO r"],
  [VIEW, "REVOKE ALL ON v FROM r; GRANT SELECT ON v TO r"],
  [VIEW, "GRANT SELECT ON t, v TO r"],
  [VIEW, "ALTER VIEW v OWNER TO r; COMMENT ON VIEW v IS 'x'"],
  [ROUTINE, "REVOKE ALL ON FUNCTION f(int) FROM public; GRANT EXECUTE ON FUNCTION f(int) TO r"],
  [ROUTINE, "ALTER FUNCTION f(int) OWNER TO r; COMMENT ON FUNCTION f(int) IS 'x'"],
])("comes with what is exchanged: %s %s", async (exchange, told) => {
  const swaps = await swapsOf(`${exchange} ${told};`);
  expect(swaps.map((s) => s.id)).toEqual([expect.stringMatching(/^2-exchange-/)]);
  expect(swaps[0]?.transaction).toBe(true);
  expect(swaps[0]?.sql.slice(2)).toEqual(told.split("; "));
});

it("is in the transaction of the last that it names", async () => {
  const swaps = await swapsOf(`${VIEW} ${ROUTINE} COMMENT ON VIEW v IS 'x'; ALTER FUNCTION f(int) OWNER TO v;`);

  expect(swaps.map((s) => s.sql.length)).toEqual([3, 3]);
  const both = `${VIEW} CREATE VIEW w AS SELECT id FROM t; GRANT SELECT ON w TO r;`;
  const others = await swapsOf(both);
  expect(others.map((s) => s.sql.length)).toEqual([2]);
});

it("is refused where it is more than said of it", async () => {
  expect(await refusalOn(SETUP, `${VIEW}\nCREATE VIEW w AS SELECT id FROM v;`)).toContain("exchanges v");
});
