import { expect, it } from "vitest";
import { CASTS, isAssignable, isBinary } from "../../../../src/engines/postgres/effects/casts.js";
import { QUERY_FUNCTIONS } from "../../../../src/engines/postgres/effects/query-functions.js";
import { describeServer, query } from "../../../servers/index.js";

it("knows pairs of types", () => {
  expect([isBinary("varchar", "text"), isBinary("int4", "int8")]).toEqual([true, false]);
  expect([isAssignable("int4", "int8"), isAssignable("int4", "text"), isAssignable("text", "int4")]).toEqual([
    true,
    true,
    false,
  ]);
});

describeServer("postgres", (postgres) => {
  const castsWhere = async (condition: string) => {
    const rows = await query(
      postgres.url,
      `SELECT s.typname || ' ' || t.typname AS pair
       FROM pg_cast c JOIN pg_type s ON s.oid = c.castsource JOIN pg_type t ON t.oid = c.casttarget
       WHERE s.oid <> t.oid AND s.typname !~ '^(pg_|reg)' AND t.typname !~ '^(pg_|reg)'
         AND s.typnamespace = 'pg_catalog'::regnamespace AND t.typnamespace = 'pg_catalog'::regnamespace AND ${condition}`,
    );
    return rows.map((r) => String(r.pair)).sort();
  };

  it("has the server's casts that change no bytes", async () => {
    expect([...CASTS.binary].sort()).toEqual(await castsWhere("c.castmethod = 'b'"));
  });

  it("has no cast that the server does not make by itself", async () => {
    const real = await castsWhere("c.castcontext IN ('i', 'a')");
    expect([...CASTS.assignment].filter((pair) => !real.includes(pair))).toEqual([]);
    const ranges = (pair: string) => /range/.test(pair);
    expect(real.filter((pair) => !CASTS.assignment.has(pair) && !ranges(pair))).toEqual([]);
  });

  it("has the server's functions for queries", async () => {
    const rows = await query(
      postgres.url,
      "SELECT DISTINCT proname AS name FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace",
    );
    const known = new Set(rows.map((r) => String(r.name)));
    expect([...QUERY_FUNCTIONS].filter((f) => !known.has(f))).toEqual([]);
  });
});
