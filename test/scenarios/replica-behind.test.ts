import { expect, it } from "vitest";
import { openSession } from "../../src/engines/mysql/execute/connect.js";
import { describePrivateServer, type PrivateServer, query, type TestDatabase } from "../servers/index.js";
import { project } from "./support/cli.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";

const FILE = "migrations/20260101000000_rename.sql";
const OPTIONS = { connectTimeoutMs: 10_000, applicationName: "zmigrate test" };

/** Makes the replica fall behind without being stopped; the answer lets it go on. */
async function holdUp(server: PrivateServer, db: TestDatabase): Promise<() => Promise<void>> {
  if (server.name === "postgres") {
    await server.pauseReplica();
    await query(db.url, "INSERT INTO t (id) VALUES (9)");
    return () => server.resumeReplica();
  }
  const session = await openSession(db.replicaUrl ?? "", OPTIONS);
  await session.query("FLUSH TABLES WITH READ LOCK");
  return () => session.close();
}

for (const name of ["postgres", "mysql", "mariadb"] as const)
  describePrivateServer(name, (launch) => {
    const { after } = suite();

    /** A project with a rename, on a server of its own with a replica, behind the first deploy. */
    async function begun() {
      const server = await launch({ replica: true });
      after(server.stop);
      const db = await server.createDatabase("behind");
      await query(db.url, "CREATE TABLE t (id int PRIMARY KEY, e varchar(20))");
      const p = project(db.url);
      after(async () => p.remove());
      await works(p.run("init", "--engine", name));
      p.write(FILE, "ALTER TABLE t RENAME COLUMN e TO e2;\n");
      await works(p.run("apply", "--release", "r1"));
      return { server, db, p };
    }

    // MySQL and MariaDB share all of it, and a replica takes time to make: each has one of the two.
    if (name !== "mysql")
      it("waits within --lock-wait for a replica that is behind, and says that it is the replica, how far, and what to do", async () => {
        const { server, db, p } = await begun();
        await works(p.run("apply", "--require-contract", "--release", "r2"));

        const release = await holdUp(server, db);
        const drop = ["apply", "--require-contract", "--release", "r3", "--park", "0"];
        const closed = await p.run(...drop, "--lock-wait", "5s");
        expect(closed, closed.stderr).toMatchObject({ code: 4 });
        const said = closed.stdout.replaceAll(/\s+/g, " ");
        expect(said).toMatch(/waiting for replicas \(replica \S+/);
        expect(said).toMatch(
          name === "postgres"
            ? /replica .*? is \d+\.\d kB of WAL behind: it has not replayed yet/
            : /replica \S+ is \d+ s behind by its own account: it has not replayed yet/,
        );
        expect(said).toMatch(
          /this run waited [56] s for it \(--lock-wait\), and the same command goes on when it has caught up/,
        );
        const status = await works(p.run("status", "--release", "r3", "--park", "0"));
        expect(status.stdout.replaceAll(/\s+/g, " ")).toMatch(/replicas.*behind/);

        const run = p.start(...drop, "--json", "--lock-wait", "60s");
        expect(await run.told((e) => e.event === "waiting-for-gate" && e.stage === "drop")).toBe(true);
        await release();
        await works(run.result);
        expect(
          Object.keys((await query(db.url, "SELECT t.*, one FROM (SELECT 1 AS one) o LEFT JOIN t ON true"))[0] ?? {}),
        ).toEqual(["id", "e2", "one"]);
      }, 180_000);

    if (name === "mariadb") return;
    it("does not wait for a gate that time alone will not open, and stops at once when asked to", async () => {
      const { server, db, p } = await begun();
      const release = await holdUp(server, db);
      const early = await p.run("apply", "--require-contract", "--release", "r1", "--lock-wait", "60s");
      expect(early, early.stderr).toMatchObject({ code: 4 });
      expect(early.stdout).not.toContain("waiting for");

      const run = p.start("apply", "--contract", "--json", "--release", "r2", "--lock-wait", "60s");
      expect(await run.told((e) => e.event === "waiting-for-gate")).toBe(true);
      const began = performance.now();
      run.kill("SIGTERM");
      expect((await run.result).code).toBe(130);
      expect(performance.now() - began).toBeLessThan(10_000);
      await release();
      if (name === "postgres") return;
      // One whose replication is stopped does not catch up, however long it is given.
      await server.pauseReplica();
      const stopped = await p.run("apply", "--require-contract", "--release", "r2", "--lock-wait", "60s");
      expect(stopped, stopped.stderr).toMatchObject({ code: 4 });
      expect(stopped.stdout.replaceAll(/\s+/g, " ")).toMatch(
        /is stopped: it (replays|receives) nothing until replication is started/,
      );
      expect(stopped.stdout).not.toContain("waiting for");
    }, 180_000);
  });
