import { expect, it } from "vitest";
import { STEADY_FUNCTIONS, VOLATILE_FUNCTIONS } from "../../../../src/engines/postgres/effects/builtin-functions.js";
import { describeServer, query } from "../../../servers/index.js";

describeServer("postgres", (postgres) => {
  const volatile = async () => {
    const rows = await query(
      postgres.url,
      `SELECT proname AS name, bool_or(provolatile = 'v') AS volatile FROM pg_proc
       WHERE pronamespace = 'pg_catalog'::regnamespace GROUP BY proname`,
    );
    return new Map(rows.map((r) => [String(r.name), Boolean(r.volatile)]));
  };

  it("has no volatile function among the steady ones, nor one that is no function", async () => {
    const known = await volatile();
    expect([...STEADY_FUNCTIONS].filter((name) => known.get(name) !== false)).toEqual([]);
  });

  it("has only volatile functions, or an extension's, among the volatile ones", async () => {
    const known = await volatile();
    expect([...VOLATILE_FUNCTIONS].filter((name) => known.get(name) === false)).toEqual([]);
  });
});
