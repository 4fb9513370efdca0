import { afterAll, beforeAll, expect, it } from "vitest";
import type { Session } from "../../../../src/engines/engine.js";
import { openSession } from "../../../../src/engines/postgres/execute/connect.js";
import { classify } from "../../../../src/engines/postgres/execute/errors.js";
import { begin, reset, rollback, run } from "../../../../src/engines/postgres/execute/run.js";
import { describeServer } from "../../../servers/index.js";

describeServer("postgres", (server) => {
  let session: Session;
  beforeAll(async () => {
    session = await openSession(server.url, { connectTimeoutMs: 5_000, applicationName: "test" });
  });
  afterAll(() => session?.close());

  const show = async (name: string) => Object.values((await session.query(`SHOW ${name}`))[0] ?? {})[0];

  it("begins at READ COMMITTED whatever the role's default is", async () => {
    await session.query("SET default_transaction_isolation = 'serializable'");
    await begin(session, { lockMs: 2_000, statementMs: 0 });
    expect(await show("transaction_isolation")).toBe("read committed");
    expect(await show("lock_timeout")).toBe("2s");
    await rollback(session);
    await session.query("RESET default_transaction_isolation");
  });

  it("leaves no timeout of its own behind", async () => {
    const before = await show("lock_timeout");
    await run(session, ["SELECT 1"], { lockMs: 5_000, statementMs: 7_000 });
    expect(await show("lock_timeout")).toBe(before);
    expect(await show("statement_timeout")).toBe("0");
  });

  it("is usable after a failure, in a transaction or not", async () => {
    await begin(session, { lockMs: 1_000, statementMs: 0 });
    await expect(session.query("SELECT nonsense")).rejects.toThrow(/nonsense/);
    await reset(session);
    expect(await session.query("SELECT 1 AS one")).toEqual([{ one: 1 }]);
    await reset(session);
  });

  it("tells what is wrong with a row from what is wrong with the statement, the role or the server", async () => {
    await session.query(`CREATE TEMP TABLE guarded AS SELECT 1 AS id;
      ALTER TABLE guarded ENABLE ROW LEVEL SECURITY;
      CREATE POLICY small ON guarded USING (true) WITH CHECK (id < 9);
      CREATE ROLE zmigrate_of_rows; GRANT SELECT, UPDATE ON guarded TO zmigrate_of_rows;
      CREATE DOMAIN pg_temp.few AS int CHECK (VALUE < 9);`);
    const raising = (code: string) => `DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '${code}'; END $$`;
    const said = async (sql: string) => classify(await session.query(sql).catch((error: unknown) => error));
    try {
      for (const sql of [
        ...["P0001", "P0004", "ABCDE", "42501", "42883", "U0001", "38000", "XX000"].map(raising),
        "SET ROLE zmigrate_of_rows; UPDATE guarded SET id = 10",
        "SELECT 10::pg_temp.few",
        "SELECT (SELECT generate_series(1, 2))",
        "SELECT ('[1]'::jsonb)::int",
      ]) {
        expect(await said(sql), sql).toBe("data");
        await session.query("RESET ROLE");
      }
      for (const [sql, kind] of [
        ["SELEC 1", "other"],
        ["SELECT nobody()", "other"],
        ["SELECT currval('pg_temp.nothing')", "other"],
        ["SET ROLE zmigrate_of_rows; CREATE ROLE x", "permission"],
        [raising("40001"), "serialization"],
        [raising("53100"), "disk-full"],
        [raising("55P03"), "lock-timeout"],
      ] as const) {
        expect(await said(sql), sql).toBe(kind);
        await session.query("RESET ROLE");
      }
      expect(classify(Object.assign(new Error("x"), { code: "EAGAIN" }))).toBe("other");
      expect(classify(Object.assign(new Error("x"), { code: "EBUSY" }))).toBe("other");
    } finally {
      await session.query("RESET ROLE");
      await session.query("DROP OWNED BY zmigrate_of_rows; DROP ROLE zmigrate_of_rows");
    }
  });
});
