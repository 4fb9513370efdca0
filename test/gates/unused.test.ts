import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, it } from "vitest";
import { engineFor } from "../../src/config/engine.js";
import type { GateContext } from "../../src/gates/gate.js";
import { unused } from "../../src/gates/unused.js";
import { describeServers, query } from "../servers/index.js";

const HOUR = 3_600_000;

describeServers(["postgres", "mysql", "mariadb"], (server) => {
  const opened: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of opened.splice(0).reverse()) await close();
  });
  const counts = server.name === "postgres";

  async function gate(wantedMs: number) {
    const db = await server.createDatabase("unused");
    opened.push(() => db.drop());
    await query(db.url, "CREATE TABLE t (id int PRIMARY KEY, old_email int, new_email int)");
    await query(db.url, "CREATE TABLE o (id int PRIMARY KEY, old_email int)");
    if (counts) await query(db.url, "CREATE EXTENSION pg_stat_statements");
    const engine = await engineFor(server.name);
    const database = await engine.connect(db.url, { connectTimeoutMs: 5_000, applicationName: "test" });
    opened.push(() => database.close());
    const session = await database.open();
    opened.push(() => session.close());
    const kept = new Map<string, string>();
    const retires = [{ relation: { schema: null, name: "t" }, column: "old_email" }];
    const plan = { gates: [{ name: "unused", setting: String(wantedMs) }], retires };
    const check = (now: Date, over: Partial<GateContext> = {}) =>
      unused.check({
        ...{
          database,
          session,
          record: { plan },
          stage: "swap",
          now,
          replicaUrls: db.replicaUrl === null ? [] : [db.replicaUrl],
        },
        memory: {
          read: async (on: string) => kept.get(on) ?? null,
          keep: async (on: string, text: string) => void kept.set(on, text),
        },
        ...over,
      } as unknown as GateContext);
    return { check, session, query: (sql: string) => query(db.url, sql) };
  }

  const USES = "SELECT o.id FROM o JOIN t ON t.id = o.id WHERE t.old_email = 1";

  it.runIf(counts)("is closed until the counts of what names the column have stood still for the time", async () => {
    const { check, query: run } = await gate(HOUR);
    const at = (hours: number) => new Date(Date.UTC(2026, 0, 1, hours));
    await run(USES);
    const first = await check(at(0));
    expect(first).toMatchObject({ state: "closed", evidence: { quietMs: 0 } });
    expect(first?.evidence?.used).toContainEqual(expect.stringMatching(/^SELECT -?\d+ on the primary$/));
    await run("SELECT o.old_email, t.new_email FROM o JOIN t ON t.id = o.id");
    await run("SELECT * FROM t");
    expect(await check(at(2))).toMatchObject({ state: "open", evidence: { quietMs: 2 * HOUR, used: [] } });
    await run(USES);
    expect(await check(at(3))).toMatchObject({ state: "closed", evidence: { quietMs: 0 } });
    expect(await check(at(3.5), { memory: { read: async () => null, keep: null } })).toMatchObject({ state: "closed" });
    await run("SELECT pg_stat_statements_reset()");
    expect((await check(at(5)))?.reason).toContain("without a gap");
  });

  it.runIf(!counts)("is closed until nothing that names the column was seen for the time", async () => {
    const { check, session, query: run } = await gate(3_000);
    const [row] = await session.query<{ kept: number }>("SELECT @@performance_schema AS kept");
    if (Number(row?.kept) !== 1) {
      await expect(check(new Date())).rejects.toMatchObject({ code: "not-available" });
      return;
    }
    await run("TRUNCATE TABLE performance_schema.events_statements_summary_by_digest");
    await run(USES);
    await run("UPDATE o SET old_email = 1");
    expect(await check(new Date())).toMatchObject({
      state: "closed",
      evidence: { used: [expect.stringContaining("SELECT")] },
    });
    await sleep(4_100);
    expect(await check(new Date())).toMatchObject({ state: "open", evidence: { used: [], unclear: [] } });
  });

  it("is unknown where a replica is not named, and says nothing of what nobody has asked about", async () => {
    const { check } = await gate(HOUR);
    const knows = (known: number | null) => async (): Promise<number | null> => known;
    const of = async (known: number | null) => {
      const engine = await engineFor(server.name);
      const database = { engine, knownReplicas: knows(known) };
      return check(new Date(), { database, replicaUrls: [] } as unknown as Partial<GateContext>);
    };
    expect(await of(2)).toMatchObject({
      state: "unknown",
      reason: expect.stringContaining("2 replicas, and 0 are named"),
    });
    expect(await of(null)).toMatchObject({ state: "unknown" });
    expect(
      await check(new Date(), { record: { plan: { gates: [], retires: [] } } } as unknown as Partial<GateContext>),
    ).toBeNull();
  });
});
