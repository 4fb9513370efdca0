import { afterAll, beforeAll, expect, it } from "vitest";
import { engineFor } from "../../../../src/config/engine.js";
import type { Database, Session } from "../../../../src/engines/engine.js";
import { openSession } from "../../../../src/engines/postgres/execute/connect.js";
import { activeSessions } from "../../../../src/engines/postgres/signals/active-sessions.js";
import { expectedReplicas } from "../../../../src/engines/postgres/signals/expected-replicas.js";
import { lockWaiters } from "../../../../src/engines/postgres/signals/lock-waiters.js";
import { longTransactions } from "../../../../src/engines/postgres/signals/long-transactions.js";
import { slots } from "../../../../src/engines/postgres/signals/slots.js";
import { vacuum } from "../../../../src/engines/postgres/signals/vacuum.js";
import { walRate } from "../../../../src/engines/postgres/signals/wal-rate.js";
import { xminAge } from "../../../../src/engines/postgres/signals/xmin-age.js";
import type { SignalKind } from "../../../../src/engines/signal.js";
import { describeServer, type TestDatabase } from "../../../servers/index.js";
import { type Opened, openSignal } from "../../../throttle/support/reader.js";

const OPTIONS = { connectTimeoutMs: 5_000, applicationName: "billing" };
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describeServer("postgres", (server) => {
  let db: TestDatabase;
  let database: Database;
  /** Sessions of an application. */
  let [one, two]: Session[] = [];
  const app = (which: Session | undefined): Session => {
    if (which === undefined) throw new Error("not connected");
    return which;
  };
  beforeAll(async () => {
    db = await server.createDatabase("signals");
    database = await (await engineFor("postgres")).connect(db.url, OPTIONS);
    [one, two] = [await openSession(db.url, OPTIONS), await openSession(db.url, OPTIONS)];
    await app(one).query("CREATE TABLE t (id int PRIMARY KEY, a int); CREATE TABLE other (id int)");
    await app(one).query("INSERT INTO t SELECT n, n FROM generate_series(1, 20000) n");
  });
  afterAll(async () => {
    await one?.close();
    await two?.close();
    await database?.close();
    await db?.drop();
  });

  async function withSignal(kind: SignalKind, given: unknown, body: (signal: Opened) => Promise<void>): Promise<void> {
    const signal = openSignal(database, kind, given);
    await body(signal).finally(() => signal.close());
  }

  /** The same as a role that sees nobody but itself. */
  async function asNobody(kind: SignalKind, given: unknown, body: (signal: Opened) => Promise<void>): Promise<void> {
    const role = `${db.name}_low`;
    await app(one).query(`DROP ROLE IF EXISTS "${role}"; CREATE ROLE "${role}" LOGIN PASSWORD 'pw'`);
    const url = new URL(db.url);
    [url.username, url.password] = [role, "pw"];
    const low = await (await engineFor("postgres")).connect(url.href, OPTIONS);
    const signal = openSignal(low, kind, given);
    try {
      await body(signal);
    } finally {
      await signal.close();
      await low.close();
      await app(one).query(`DROP ROLE "${role}"`);
    }
  }

  it("lets through who waits for the table, and not who waits for a row of another application", async () => {
    await withSignal(lockWaiters, true, async (signal) => {
      await signal.reads({ ok: true, calm: true }, /^nobody waits for a lock on t /);
      await app(one).query("BEGIN; SELECT * FROM t WHERE id = 1 FOR UPDATE");
      const row = app(two).query("SET lock_timeout = '20s'; UPDATE t SET a = 0 WHERE id = 1");
      await sleep(200);
      expect(await signal.read()).toMatchObject({ ok: true });
      await app(one).query("COMMIT");
      await row;

      await app(one).query("BEGIN; SELECT * FROM t LIMIT 1");
      const table = app(two).query("ALTER TABLE t ADD COLUMN b int");
      await signal.reads(
        { ok: false, calm: false },
        new RegExp(`^others wait .*pid ${app(two).id} \\(AccessExclusiveLock\\)`),
      );
      await app(one).query("COMMIT");
      await table;
      await signal.reads({ ok: true, calm: true });
    });
  });

  it("lets through who waits for a row that a session of ours holds, as a role without any privilege, too", async () => {
    await withSignal(lockWaiters, true, async (signal) => {
      const ours = await database.open();
      await ours.query("BEGIN; SELECT * FROM t WHERE id = 2 FOR UPDATE");
      const waiting = app(two).query("UPDATE t SET a = 0 WHERE id = 2");
      await signal.reads({ ok: false }, new RegExp(`pid ${app(two).id}`));
      await ours.query("COMMIT");
      await waiting;
      await signal.reads({ ok: true });

      // Another process of ours that shares the backfill waits for rows of the journal.
      const helper = await openSession(db.url, { ...OPTIONS, applicationName: "zmigrate apply r1" });
      await ours.query("BEGIN; SELECT * FROM t WHERE id = 2 FOR UPDATE");
      const helping = helper.query("SELECT * FROM t WHERE id = 2 FOR UPDATE");
      await sleep(200);
      expect(await signal.read()).toMatchObject({ ok: true });
      await ours.query("COMMIT");
      await helping;
      await Promise.all([ours.close(), helper.close()]);
    });
    await asNobody(lockWaiters, true, async (signal) => {
      await app(one).query("BEGIN; LOCK TABLE t IN SHARE MODE");
      const waiting = app(two).query("UPDATE t SET a = 0 WHERE id = 3");
      await signal.reads({ ok: false }, /RowExclusiveLock/);
      await app(one).query("COMMIT");
      await waiting;
      await signal.reads({ ok: true });
    });
  });

  it("stops while a slot retains more WAL than it may, as a role without any privilege, too", async () => {
    const slot = `${db.name}_slot`;
    await app(one).query(`SELECT pg_create_logical_replication_slot('${slot}', 'pgoutput')`);
    try {
      await asNobody(slots, "100kB", async (signal) => {
        await app(one).query("UPDATE t SET a = a + 1");
        await signal.reads(
          { ok: false },
          /the logical replication slot \w+, which nobody reads from, retains [\d.]+ MB of WAL \(limit 100\.0 kB\)/,
        );
        await app(one).query(`SELECT pg_drop_replication_slot('${slot}')`);
        await signal.reads({ ok: true });
      });
    } finally {
      await app(one).query(
        `SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '${slot}'`,
      );
    }
  });

  it("stops while a transaction is older than it may be, and names whose it is", async () => {
    await withSignal(longTransactions, "500ms", async (signal) => {
      await signal.reads({ ok: true });
      await app(one).query("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1 FROM t LIMIT 1");
      await signal.reads(
        { ok: false },
        new RegExp(`open for [\\d.]+ m?s \\(limit 500 ms\\): pid ${app(one).id}, postgres, billing`),
      );
      await app(one).query("COMMIT");
      await signal.reads({ ok: true, calm: true });
    });
  });

  it("does not take a batch of ours for a long transaction", async () => {
    await withSignal(longTransactions, "100ms", async (signal) => {
      const ours = await database.open();
      await ours.query("BEGIN; UPDATE t SET a = 0 WHERE id = 4");
      await sleep(300);
      expect(await signal.read()).toMatchObject({ ok: true });
      await ours.close();
    });
  });

  it("stops while something holds the xmin horizon for too many transactions", async () => {
    await withSignal(xminAge, 20, async (signal) => {
      await signal.reads({ ok: true });
      await app(one).query("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1 FROM t LIMIT 1");
      for (let n = 0; n < 30; n += 1) await app(two).query("INSERT INTO other VALUES (1)");
      await signal.reads(
        { ok: false },
        new RegExp(`^pid ${app(one).id} holds the xmin horizon, \\d+ transactions back \\(limit 20\\)`),
      );
      await app(one).query("COMMIT");
      await signal.reads({ ok: true });
    });
  });

  it("stops while more sessions are active than may be", async () => {
    const busy = app(one).query("SELECT pg_sleep(0.5)");
    await withSignal(activeSessions, 0, async (signal) => {
      await signal.reads({ ok: false }, /^\d+ sessions of others are active \(limit 0\)/);
    });
    await busy;
    await withSignal(activeSessions, 1_000, async (signal) => {
      await signal.reads({ ok: true, calm: true });
    });
  });

  it("stops while more WAL is written than may be", async () => {
    // More than all other tests on this server write together.
    await withSignal(walRate, "20MB", async (signal) => {
      let going = true;
      const writing = (async () => {
        while (going) await app(one).query("SELECT pg_logical_emit_message(false, 'test', repeat('x', 10000000))");
      })();
      await signal.reads({ ok: false }, /^the server writes [\d.]+ MB of WAL a second \(limit 20\.0 MB\)/);
      going = false;
      await writing;
      await signal.reads({ ok: true });
    });
  });

  it("stops while a vacuum is at the table, as a role without any privilege, too", async () => {
    await asNobody(vacuum, true, async (signal) => {
      await signal.reads({ ok: true }, /no vacuum of t/);
      await app(one).query("UPDATE t SET a = a + 1");
      await app(two).query("SET vacuum_cost_delay = 50; SET vacuum_cost_limit = 1");
      const vacuuming = app(two)
        .query("VACUUM t")
        .catch((error: unknown) => String(error));
      await signal.reads({ ok: false }, new RegExp(`^a vacuum of t is under way \\(pid ${app(two).id}\\)`));
      await app(one).query(`SELECT pg_cancel_backend(${app(two).id})`);
      expect(await vacuuming).toContain("cancel");
      await signal.reads({ ok: true });
    });
  });

  it.each([
    [longTransactions, "1h"],
    [xminAge, 1_000],
    [activeSessions, 100],
  ])("names the grant that lets a role see what others do: %#", async (kind, given) => {
    await asNobody(kind, given, async (signal) => {
      await expect(signal.read()).rejects.toThrow(
        /the role \w+_low may not see .*; GRANT pg_monitor TO "\w+_low" lets it/,
      );
      await app(one).query(`GRANT pg_monitor TO "${db.name}_low"`);
      await signal.reads({ ok: true });
    });
  });

  it("opens its session again when it was lost", async () => {
    await withSignal(slots, "1TB", async (signal) => {
      await signal.reads({ ok: true });
      await app(one).query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid IN (${database.ownSessions().join(", ")})`,
      );
      await sleep(100);
      await signal.reads({ ok: true });
    });
  });
});

describeServer(
  "postgres",
  (server) => {
    it("stops where fewer replicas stream than are expected", async () => {
      const db = await server.createDatabase("expected");
      const database = await (await engineFor("postgres")).connect(db.url, OPTIONS);
      const [enough, toFew] = [openSignal(database, expectedReplicas, 1), openSignal(database, expectedReplicas, 3)];
      await enough.reads({ ok: true }, /^\d of 1 expected replicas stream: zmigrate_replica/);
      await toFew.reads({ ok: false }, /^\d of 3 expected replicas stream/);
      await enough.close();
      await toFew.close();
      await database.close();
      await db.drop();
    });
  },
  { replica: true },
);
