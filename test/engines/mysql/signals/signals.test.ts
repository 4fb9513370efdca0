import { afterAll, beforeAll, expect, it } from "vitest";
import type { Database, Session } from "../../../../src/engines/engine.js";
import { openSession } from "../../../../src/engines/mysql/execute/connect.js";
import { createMysqlEngine } from "../../../../src/engines/mysql/index.js";
import { activeSessions } from "../../../../src/engines/mysql/signals/active-sessions.js";
import { binlogRate } from "../../../../src/engines/mysql/signals/binlog-rate.js";
import { expectedReplicas } from "../../../../src/engines/mysql/signals/expected-replicas.js";
import { historyLength } from "../../../../src/engines/mysql/signals/history-length.js";
import { lockWaiters } from "../../../../src/engines/mysql/signals/lock-waiters.js";
import { longTransactions } from "../../../../src/engines/mysql/signals/long-transactions.js";
import type { SignalKind } from "../../../../src/engines/signal.js";
import { describeServer, type TestDatabase } from "../../../servers/index.js";
import { type Opened, openSignal } from "../../../throttle/support/reader.js";
import { OPTIONS } from "../support/database.js";

/** A signal, a setting of it, and what a user needs for it. */
type Need = [kind: SignalKind, given: unknown, grant: string];

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

for (const dialect of ["mysql", "mariadb"] as const)
  describeServer(
    dialect,
    (server) => {
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
        database = await createMysqlEngine(dialect).connect(db.url, OPTIONS);
        [one, two] = [await openSession(db.url, OPTIONS), await openSession(db.url, OPTIONS)];
        await app(one).query("CREATE TABLE t (id int PRIMARY KEY, a varchar(200)) ENGINE=InnoDB");
        const digits = "(SELECT 0 n UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5)";
        await app(one).query(
          `INSERT INTO t SELECT a.n + 6*b.n + 36*c.n + 216*d.n, REPEAT('x', 200) FROM ${digits} a, ${digits} b, ${digits} c, ${digits} d`,
        );
      });
      afterAll(async () => {
        await one?.close();
        await two?.close();
        await database?.close();
        await db?.drop();
      });

      async function withSignal(kind: SignalKind, given: unknown, body: (signal: Opened) => Promise<void>) {
        const signal = openSignal(database, kind, given);
        await body(signal).finally(() => signal.close());
      }

      /** The same as a user who owns the database, and has no privilege on the server. */
      async function asOwner(kind: SignalKind, given: unknown, body: (signal: Opened) => Promise<void>) {
        const user = `'${db.name.slice(-20)}'@'%'`;
        await app(one).query(`DROP USER IF EXISTS ${user}`);
        await app(one).query(`CREATE USER ${user} IDENTIFIED BY 'pw'`);
        await app(one).query(`GRANT ALL ON \`${db.name}\`.* TO ${user}`);
        const url = new URL(db.url);
        [url.username, url.password] = [db.name.slice(-20), "pw"];
        const owner = await createMysqlEngine(dialect).connect(url.href, OPTIONS);
        const signal = openSignal(owner, kind, given);
        try {
          await body(signal);
        } finally {
          await signal.close();
          await owner.close();
          await app(one).query(`DROP USER ${user}`);
        }
      }

      it("lets through who waits for the table, and not who waits for a row of another application", async () => {
        await withSignal(lockWaiters, true, async (signal) => {
          await signal.reads({ ok: true, calm: true }, /^nobody waits for a lock on t /);
          await app(one).query("BEGIN");
          await app(one).query("SELECT * FROM t WHERE id = 1 FOR UPDATE");
          const row = app(two).query("UPDATE t SET a = '0' WHERE id = 1");
          await sleep(200);
          expect(await signal.read()).toMatchObject({ ok: true });
          await app(one).query("COMMIT");
          await row;

          await app(one).query("BEGIN");
          await app(one).query("SELECT * FROM t LIMIT 1");
          const table = app(two).query("ALTER TABLE t ADD COLUMN b int");
          await signal.reads({ ok: false, calm: false }, new RegExp(`^others wait .*connection ${app(two).id}$`));
          await app(one).query("COMMIT");
          await table;
          await signal.reads({ ok: true, calm: true });
        });
      });

      it("lets through who waits for a row that a session of ours holds", async () => {
        await withSignal(lockWaiters, true, async (signal) => {
          const ours = await database.open();
          await ours.query("BEGIN");
          await ours.query("SELECT * FROM t WHERE id = 2 FOR UPDATE");
          const waiting = app(two).query("UPDATE t SET a = '0' WHERE id = 2");
          await signal.reads({ ok: false }, new RegExp(`connection ${app(two).id}$`));
          await ours.query("COMMIT");
          await waiting;
          await signal.reads({ ok: true });

          // Another process of ours that shares the backfill waits for rows of the journal.
          await app(one).query("CREATE TABLE zmigrate_b ENGINE=InnoDB AS SELECT 1 AS id");
          await ours.query("BEGIN");
          await ours.query("SELECT * FROM zmigrate_b FOR UPDATE");
          const helping = app(two).query("SELECT * FROM zmigrate_b FOR UPDATE");
          await sleep(200);
          expect(await signal.read()).toMatchObject({ ok: true });
          await ours.query("COMMIT");
          await helping;
          await ours.close();
        });
      });

      it("stops while a transaction is older than it may be, and does not count ours", async () => {
        await withSignal(longTransactions, "500ms", async (signal) => {
          const ours = await database.open();
          await ours.query("BEGIN");
          await ours.query("UPDATE t SET a = '0' WHERE id = 4");
          await app(one).query("BEGIN");
          await app(one).query("UPDATE t SET a = '0' WHERE id = 3");
          await signal.reads(
            { ok: false },
            new RegExp(`open for [\\d.]+ s \\(limit 500 ms\\): connection ${app(one).id}`),
          );
          await app(one).query("COMMIT");
          await signal.reads({ ok: true });
          await ours.close();
        });
      });

      it("stops while the history list is longer than it may be", async () => {
        await withSignal(historyLength, 20, async (signal) => {
          await app(one).query("START TRANSACTION WITH CONSISTENT SNAPSHOT");
          for (let n = 0; n < 60; n += 1) await app(two).query(`UPDATE t SET a = '${n}' WHERE id = 5`);
          await signal.reads({ ok: false }, /^InnoDB's history list has \d+ transactions to purge \(limit 20\)/);
          await app(one).query("COMMIT");
        });
        await withSignal(historyLength, 1_000_000, (signal) => signal.reads({ ok: true }).then(() => undefined));
      });

      it("stops while more sessions are active than may be", async () => {
        const busy = app(one).query("SELECT SLEEP(0.5)");
        await withSignal(activeSessions, 0, async (signal) => {
          await signal.reads({ ok: false }, /^\d+ sessions are active \(limit 0\)/);
        });
        await busy;
        await withSignal(activeSessions, 1_000, async (signal) => {
          await signal.reads({ ok: true, calm: true });
        });
      });

      it("stops while more is written to the binary log than may be, over the end of a file too", async () => {
        await withSignal(binlogRate, "2MB", async (signal) => {
          let going = true;
          const writing = (async () => {
            for (let n = 0; going; n += 1) {
              await app(one).query(`UPDATE t SET a = REPEAT('${n % 10}', 200)`);
              if (n % 5 === 0) await app(one).query("FLUSH BINARY LOGS");
            }
          })();
          await signal.reads({ ok: false }, /^[\d.]+ [kM]B a second go to the binary log \(limit 2\.0 MB\)/);
          going = false;
          await writing;
          await signal.reads({ ok: true });
        });
      });

      it("stops where fewer replicas are connected than are expected", async () => {
        await withSignal(expectedReplicas, 1, async (signal) => {
          await signal.reads({ ok: true }, /^\d of 1 expected replicas are connected: /);
        });
        await withSignal(expectedReplicas, 3, async (signal) => {
          await signal.reads({ ok: false }, /^\d of 3 expected replicas are connected/);
        });
      });

      const needs = {
        mysql: [
          [lockWaiters, true, "SELECT ON performance_schema.*"],
          [longTransactions, "1h", "PROCESS ON *.*"],
          [historyLength, 1_000_000, "PROCESS ON *.*"],
          [binlogRate, "1TB", "REPLICATION CLIENT ON *.*"],
          [expectedReplicas, 0, "REPLICATION SLAVE ON *.*"],
        ],
        mariadb: [
          [lockWaiters, true, "PROCESS ON *.*"],
          [longTransactions, "1h", "PROCESS ON *.*"],
          [expectedReplicas, 0, "REPLICATION MASTER ADMIN ON *.*"],
        ],
      } satisfies Readonly<Record<string, readonly Need[]>>;

      it.each<Need>(needs[dialect])("names the grant that lets a user see: %#", async (kind, given, grant) => {
        await asOwner(kind, given, async (signal) => {
          await expect(signal.read()).rejects.toThrow(`GRANT ${grant} `);
        });
      });

      it.each(dialect === "mysql" ? [activeSessions] : [activeSessions, historyLength, binlogRate])(
        "needs no privilege: %#",
        async (kind) => {
          await asOwner(kind, kind === binlogRate ? "1TB" : 1_000_000, async (signal) => {
            await signal.reads({ ok: true });
          });
        },
      );
    },
    { replica: true },
  );
