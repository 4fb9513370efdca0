import { describe, expect, it } from "vitest";
import { describePrivateServer, describeServers, query, until, withDatabase } from "./index.js";

const NAMES = ["postgres", "mysql", "mariadb"] as const;
const VERSION = { postgres: /^PostgreSQL 1[4-8]/, mysql: /^[89]\.\d+\.\d+(?!.*MariaDB)/, mariadb: /MariaDB/ } as const;

describe("a shared server", () => {
  describeServers(
    NAMES,
    (server) => {
      it("says what it is", async () => {
        const [row] = await query(server.url, "SELECT version() AS version");
        expect(row?.version).toMatch(VERSION[server.name]);
      });

      it("refuses a wrong password", async () => {
        const url = new URL(server.url);
        url.password = "wrong";
        await expect(query(url.href, "SELECT 1")).rejects.toThrow(/password|denied/i);
      });

      it("gives each test a database of its own, which is on the replica too", async () => {
        const one = await server.createDatabase("own");
        const two = await server.createDatabase("own");
        expect(one.name).not.toBe(two.name);
        await query(one.url, "CREATE TABLE t (n int PRIMARY KEY)");
        await query(one.url, "INSERT INTO t VALUES (7)");
        await expect(query(two.url, "SELECT n FROM t")).rejects.toThrow();
        const rows = await until("the row on the replica", 20_000, async () => {
          const found = await query(one.replicaUrl ?? "", "SELECT n FROM t");
          return found.length > 0 ? found : null;
        });
        expect(rows.map((row) => row.n)).toEqual([7]);
        await one.drop();
        await two.drop();
        await expect(query(one.url, "SELECT 1")).rejects.toThrow();
      });

      it("has a replica that is behind while it is paused", async () => {
        const db = await server.createDatabase("lag");
        await server.pauseReplica();
        try {
          await query(db.url, "CREATE TABLE late (n int PRIMARY KEY)");
          await new Promise((resolve) => setTimeout(resolve, 300));
          await expect(query(db.replicaUrl ?? "", "SELECT n FROM late")).rejects.toThrow();
        } finally {
          await server.resumeReplica();
        }
        await until("the table on the replica", 20_000, () => query(db.replicaUrl ?? "", "SELECT n FROM late"));
        await db.drop();
      });

      it("has a replica that is read-only", async () => {
        const db = await server.createDatabase("readonly");
        const [row] = await query(db.replicaUrl ?? "", `SELECT ${standby(server.name)} AS standby`);
        expect(Boolean(row?.standby)).toBe(true);
        await db.drop();
      });
    },
    { replica: true },
  );
});

const standby = (name: string) => (name === "postgres" ? "pg_is_in_recovery()" : "@@global.read_only = 1");

describe("a private server", () => {
  for (const name of NAMES) {
    describePrivateServer(name, (launch) => {
      it("comes back with its data after kill -9, and its replica after a stop", async () => {
        const own = await launch({ replica: true });
        try {
          const db = await own.createDatabase("crash");
          await query(db.url, "CREATE TABLE t (n int PRIMARY KEY)");
          await own.replica?.stop();
          await expect(query(db.replicaUrl ?? "", "SELECT 1")).rejects.toThrow();
          await query(db.url, "INSERT INTO t VALUES (9)");
          await own.primary.crash();
          expect(own.primary.pid()).toBeNull();
          await expect(query(db.url, "SELECT 1")).rejects.toThrow();
          await own.primary.start();
          expect((await query(db.url, "SELECT n FROM t")).map((row) => row.n)).toEqual([9]);
          await own.replica?.start();
          await until("the row on the replica", 30_000, async () => {
            const found = await query(db.replicaUrl ?? "", "SELECT n FROM t");
            return found.length > 0 ? found : null;
          });
          const [row] = await query(own.replicaUrl ?? "", `SELECT ${standby(name)} AS standby`);
          expect(Boolean(row?.standby)).toBe(true);
        } finally {
          await own.stop();
        }
        await expect(query(own.url, "SELECT 1")).rejects.toThrow();
      });

      it("can do without a replica, and then has none to pause", async () => {
        const own = await launch();
        try {
          expect([own.replica, own.replicaUrl]).toEqual([null, null]);
          await expect(own.pauseReplica()).rejects.toThrow("no replica");
        } finally {
          await own.stop();
        }
      });
    });
  }
});

describe("withDatabase", () => {
  it("keeps everything but the database", () => {
    expect(withDatabase("mysql://root:p%40ss@127.0.0.1:3307/mysql?x=1", "a b")).toBe(
      "mysql://root:p%40ss@127.0.0.1:3307/a%20b?x=1",
    );
  });
});
