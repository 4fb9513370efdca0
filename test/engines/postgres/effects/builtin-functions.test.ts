import { expect, it } from "vitest";
import { STEADY_FUNCTIONS, VOLATILE_FUNCTIONS } from "../../../../src/engines/postgres/effects/builtin-functions.js";
import {
  givesTheSame,
  isPlainFunction,
  QUERY_FUNCTIONS,
} from "../../../../src/engines/postgres/effects/query-functions.js";
import { READING_FUNCTIONS } from "../../../../src/engines/postgres/effects/reading-functions.js";
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

  // What a type, an operator, a cast, an index or an aggregate is made of is called through that.
  const steadyByName = async () => {
    const rows = await query(
      postgres.url,
      `WITH part AS (
         SELECT unnest(ARRAY[oprcode, oprrest, oprjoin])::oid AS oid FROM pg_operator
         UNION SELECT amproc::oid FROM pg_amproc
         UNION SELECT castfunc FROM pg_cast
         UNION SELECT unnest(ARRAY[typsend, typreceive, typinput, typoutput, typanalyze, typmodin, typmodout])::oid FROM pg_type
         UNION SELECT unnest(ARRAY[aggtransfn, aggfinalfn, aggcombinefn, aggserialfn, aggdeserialfn, aggmtransfn, aggminvtransfn, aggmfinalfn])::oid FROM pg_aggregate
         UNION SELECT unnest(ARRAY[rngcanonical, rngsubdiff])::oid FROM pg_range)
       SELECT DISTINCT proname AS name FROM pg_proc p
       WHERE pronamespace = 'pg_catalog'::regnamespace AND prokind <> 'p' AND oid NOT IN (SELECT oid FROM part)
         AND prorettype NOT IN ('internal'::regtype, 'cstring'::regtype, 'trigger'::regtype, 'event_trigger'::regtype)
         AND NOT ARRAY['internal'::regtype::oid, 'cstring'::regtype::oid] && proargtypes::oid[]
         AND NOT EXISTS (SELECT FROM pg_proc o WHERE o.pronamespace = p.pronamespace AND o.proname = p.proname AND o.provolatile = 'v')`,
    );
    return rows.map((r) => String(r.name));
  };

  it("takes no volatile function that queries call for one that gives the same", async () => {
    const known = await volatile();
    const same = [...QUERY_FUNCTIONS].filter((name) => givesTheSame({ schema: null, name }));
    expect(same).toContain("generate_series");
    expect(same.filter((name) => known.get(name) !== false)).toEqual([]);
  });

  it("has no volatile function among the steady ones, nor one that is no function", async () => {
    const known = await volatile();
    expect([...STEADY_FUNCTIONS].filter((name) => known.get(name) !== false)).toEqual([]);
  });

  it("has only volatile functions, or an extension's, among the volatile ones", async () => {
    const known = await volatile();
    expect([...VOLATILE_FUNCTIONS].filter((name) => known.get(name) === false)).toEqual([]);
  });

  it("lacks no function that changes nothing", async () => {
    const missing = (await steadyByName()).filter((name) => !isPlainFunction({ schema: null, name }));
    expect(missing).toEqual([]);
  });

  it("has no volatile function among those that read", async () => {
    const known = await volatile();
    expect([...READING_FUNCTIONS].filter((name) => known.get(name) === true)).toEqual([]);
  });
});
