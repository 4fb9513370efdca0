import { afterAll, beforeAll, expect, it } from "vitest";
import type { Session } from "../../../../src/engines/engine.js";
import { openSession } from "../../../../src/engines/postgres/execute/connect.js";
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
});
