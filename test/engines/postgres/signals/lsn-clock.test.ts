import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Reading, Session, Signal } from "../../../../src/engines/engine.js";
import { openSession } from "../../../../src/engines/postgres/execute/connect.js";
import { lsnClock, lsnClockSignal } from "../../../../src/engines/postgres/signals/lsn-clock.js";
import { openReplica } from "../../../../src/engines/postgres/signals/named.js";
import { describePrivateServer, type PrivateServer, query } from "../../../servers/index.js";

describe("the clock", () => {
  it("tells since when the primary has been past a position", () => {
    const clock = lsnClock();
    clock.add(1_000, 10n);
    clock.add(2_000, 20n);
    clock.add(3_000, 30n);
    expect(clock.lag(3_500, 10n)).toBe(1_500);
    expect(clock.lag(3_500, 15n)).toBe(1_500);
    expect(clock.lag(3_500, 20n)).toBe(500);
  });

  it("does not know when the primary passed what it had passed before", () => {
    const clock = lsnClock();
    clock.add(1_000, 10n);
    clock.add(2_000, 20n);
    expect([clock.knows(9n), clock.knows(10n), clock.knows(30n)]).toEqual([false, true, true]);
    expect(clock.lag(3_000, 9n)).toBe(2_000);
  });

  it("has no lag for a replica that has everything, however long ago that was", () => {
    const clock = lsnClock();
    clock.add(1_000, 10n);
    clock.add(500_000, 10n);
    expect(clock.lag(900_000, 10n)).toBe(0);
  });

  it("forgets what is older than it needs", () => {
    const clock = lsnClock();
    for (let n = 0; n < 25_000; n += 1) clock.add(n * 200, BigInt(n));
    expect(clock.lag(25_000 * 200, 24_998n)).toBe(200);
    expect([clock.knows(24_998n), clock.knows(100n)]).toEqual([true, false]);
  });
});

const connecting = { connectTimeoutMs: 5_000, applicationName: "test" };
const options = { maxLagMs: () => 1_000, replicaUrls: [] as string[], intervalMs: 100 };
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describePrivateServer("postgres", (launch) => {
  let server: PrivateServer;
  let signal: Signal;
  const sources = {
    primary: () => openSession(server.url, connecting),
    replica: (primary: Session, url: string) => openReplica(primary, url, connecting),
  };
  beforeAll(async () => {
    server = await launch({ replica: true });
    await query(server.url, "CREATE TABLE t (n int)");
    signal = await lsnClockSignal(sources, options);
  });
  afterAll(async () => {
    await signal?.close();
    await server?.stop();
  });

  const readUntil = async (wanted: (r: Reading) => boolean): Promise<Reading> => {
    for (let n = 0; n < 100; n += 1) {
      const reading = await signal.read();
      if (wanted(reading)) return reading;
      await sleep(100);
    }
    throw new Error("never read so");
  };

  it("reads no lag on an idle primary, grows while replay is paused, and falls when it resumes", async () => {
    await readUntil((r) => r.ok && r.calm);
    await sleep(1_500);
    expect(await signal.read()).toMatchObject({ ok: true, calm: true });
    await server.pauseReplica();
    await query(server.url, "INSERT INTO t SELECT generate_series(1, 1000)");
    const behind = await readUntil((r) => !r.ok);
    expect(behind.lagMs).toBeGreaterThan(300);
    await readUntil((r) => (r.lagMs ?? 0) > 1_000);
    expect(behind.reason).toMatch(/behind \(limit 1\.0 s\)/);
    const [{ name } = { name: "" }] = await query(
      server.url,
      "SELECT application_name AS name FROM pg_stat_replication",
    );
    for (const ignored of [[String(name)], ["127.0.0.1"]]) {
      const without = await lsnClockSignal({ ...sources, ignored }, options);
      expect(await without.read()).toMatchObject({ ok: true, calm: true, lagMs: null });
      await without.close();
    }
    await server.resumeReplica();
    expect(await readUntil((r) => r.calm)).toMatchObject({ ok: true });
  });

  it("stops for a replica that is behind when it is first looked at, until it has replayed what was written by then", async () => {
    await server.pauseReplica();
    await query(server.url, "INSERT INTO t SELECT generate_series(1, 1000)");
    const late = await lsnClockSignal(sources, { ...options, maxLagMs: () => 3_600_000 });
    try {
      for (let n = 0; n < 3; n += 1)
        expect(await late.read()).toMatchObject({
          ok: false,
          calm: false,
          reason: expect.stringContaining("at least"),
        });
      await server.resumeReplica();
      await expect.poll(() => late.read(), { timeout: 10_000 }).toMatchObject({ ok: true, calm: true });
    } finally {
      await server.resumeReplica();
      await late.close();
    }
  });

  it("counts a replica that was seen and is gone as too far behind", async () => {
    await readUntil((r) => r.ok);
    await server.replica?.stop();
    const gone = await readUntil((r) => !r.ok);
    expect(gone.reason).toMatch(/was seen before and is gone/);
    await server.replica?.start();
    await readUntil((r) => r.calm);
  });

  it("goes on when its own connections were ended", async () => {
    await readUntil((r) => r.ok);
    await query(
      server.url,
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'test' AND pid <> pg_backend_pid()",
    );
    await sleep(200);
    await readUntil((r) => r.ok);
  });

  it("counts a replica by URL that does not answer as too far behind", async () => {
    const blind = await lsnClockSignal(sources, {
      ...options,
      replicaUrls: ["postgres://x:y@127.0.0.1:9/x"],
    });
    try {
      expect(await blind.read()).toMatchObject({
        ok: false,
        calm: false,
        reason: "replica 127.0.0.1:9/x does not answer: nothing listens there (ECONNREFUSED).",
      });
    } finally {
      await blind.close();
    }
  });

  it("answers over a network on which a way to the server and back is longer than its interval", async () => {
    const primary = async (): Promise<Session> => {
      const session = await sources.primary();
      // A session has one question under way: the next one's way begins when the one before has been answered.
      let before: Promise<unknown> = Promise.resolve();
      const far: Session["query"] = (sql, params) => {
        const answer = before.then(() => sleep(100)).then(() => session.query(sql, params));
        before = answer.catch(() => undefined);
        return answer as ReturnType<Session["query"]> as never;
      };
      return { ...session, query: far };
    };
    const slow = await lsnClockSignal({ ...sources, primary }, { ...options, intervalMs: 10 });
    await sleep(1_500);
    const began = performance.now();
    expect(await slow.read()).toMatchObject({ ok: true });
    expect(performance.now() - began).toBeLessThan(1_000);
    await slow.close();
  });
});
