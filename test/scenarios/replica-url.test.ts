import { expect, it } from "vitest";
import type { EngineName } from "../../src/engines/engine.js";
import { describePrivateServer, describeServer, PASSWORD, query, type TestServer } from "../servers/index.js";
import { type CliResult, type Project, project } from "./support/cli.js";
import { works } from "./support/scene.js";
import { type Suite, suite } from "./support/suite.js";
import { createUsers, FILE, RENAME } from "./support/users.js";

const SECRET = "wr0ng-s3cret";

/** Another URL in the same form. */
function other(url: string, parts: { password?: string; host?: string; path?: string }): string {
  const changed = new URL(url);
  if (parts.password !== undefined) changed.password = parts.password;
  if (parts.host !== undefined) changed.host = parts.host;
  if (parts.path !== undefined) changed.pathname = parts.path;
  return changed.href;
}

/** One error that names the replica and what to do, and no password. */
function expectRefused(result: CliResult, url: string, why: string): void {
  expect(result.code, result.stdout + result.stderr).toBe(3);
  expect(result.stderr.match(/^error: /gm), result.stderr).toHaveLength(1);
  expect(result.stderr).toContain(`Replica ${new URL(url).host}${new URL(url).pathname} ${why}`);
  expect(result.stderr).toContain("--replica-url");
  for (const secret of [PASSWORD, SECRET]) expect(result.stdout + result.stderr).not.toContain(secret);
}

/** The journal and the new column are what a run leaves. */
async function leftSomething(url: string): Promise<boolean> {
  const journal = url.startsWith("postgres")
    ? "SELECT 1 FROM pg_namespace WHERE nspname = 'zmigrate'"
    : "SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME LIKE 'zmigrate%'";
  return (await query(url, journal)).length > 0;
}

async function given({ after }: Suite, server: TestServer) {
  const db = await server.createDatabase("named");
  after(db.drop);
  await createUsers(db.url, 10);
  const p: Project = project(db.url);
  after(async () => p.remove());
  await works(p.run("init", "--engine", server.name));
  p.write(FILE, RENAME);
  return { db, p };
}

const REFUSED: Readonly<Record<EngineName, string>> = {
  postgres: "password authentication failed",
  mysql: "Access denied",
  mariadb: "Access denied",
};
const OURSELVES: Readonly<Record<EngineName, string>> = {
  postgres: "is not a standby: it takes writes itself.",
  mysql: "is the primary itself, or has its server_id.",
  mariadb: "is the primary itself, or has its server_id.",
};

for (const name of ["postgres", "mysql", "mariadb"] as const) {
  describeServer(
    name,
    (server) => {
      const own = suite();

      it("stops before anything is changed at a replica that cannot be watched, names it, and takes one that can", async () => {
        const { db, p } = await given(own, server);
        const replica = db.replicaUrl ?? "";
        const cases: readonly (readonly [string, string])[] = [
          [other(replica, { host: "127.0.0.1:1" }), "does not answer: nothing listens there (ECONNREFUSED)."],
          [other(replica, { host: "no-such-host.invalid" }), "does not answer: the host name is unknown (ENOTFOUND)."],
          [other(replica, { password: SECRET }), `refuses the connection: ${REFUSED[name]}`],
          [db.url, OURSELVES[name]],
        ];
        for (const [url, why] of cases) {
          expectRefused(await p.run("apply", "--release", "r1", "--replica-url", url), url, why);
          expectRefused(await p.run("apply", "--replica-url", replica, "--replica-url", url), url, why);
        }
        const unusable = await p.run("apply", "--replica-url", `nonsense ${SECRET}`);
        expect(unusable).toMatchObject({
          code: 2,
          stderr: expect.stringContaining("The replica URL of --replica-url is not usable: it is not a URL."),
        });
        expect(unusable.stderr).not.toContain(SECRET);
        expect(await leftSomething(db.url)).toBe(false);
        const { stdout } = await works(p.run("apply", "--json", "--release", "r1", "--replica-url", replica));
        // PostgreSQL's holds what the primary holds, so that the reading of the comparison is spared the primary.
        const compared = stdout.split("\n").find((line) => line.includes('"verified"')) ?? "{}";
        const on = name === "postgres" ? { on: `replica ${new URL(replica).host}` } : {};
        expect(JSON.parse(compared)).toMatchObject({ rows: 10, mismatches: 0, ...on });
        if (name !== "postgres") expect(JSON.parse(compared)).not.toHaveProperty("on");
        // So it is where `verify` compares, which stops at a replica that cannot be watched, too.
        const verify = await works(p.run("verify", "--replica-url", replica));
        const where = name === "postgres" ? ` on replica ${new URL(replica).host}` : "";
        expect(verify.stdout).toBe(`20260101000000 1-verify: 10 rows compared${where}, 0 differ\n`);
        expectRefused(await p.run("verify", "--replica-url", db.url), db.url, OURSELVES[name]);
      }, 120_000);

      it.runIf(name === "postgres")(
        "compares on the primary what differs on a replica, and does not ask another database of it",
        async () => {
          const { db, p } = await given(own, server);
          const replica = db.replicaUrl ?? "";
          const elsewhere = await server.createDatabase("elsewhere");
          own.after(elsewhere.drop);
          await query(elsewhere.url, "CREATE TABLE users (id int PRIMARY KEY, user_email text, email_address text)");
          const first = await works(
            p.run("apply", "--json", "--release", "r1", "--replica-url", elsewhere.replicaUrl ?? ""),
          );
          const compared = first.stdout.split("\n").find((line) => line.includes('"verified"')) ?? "{}";
          expect(JSON.parse(compared)).toMatchObject({ rows: 10 });
          expect(compared).not.toContain('"on"');
          const past = "SET session_replication_role = replica;";
          await query(db.url, `${past} UPDATE users SET email_address = 'other@example.com' WHERE id = 3`);
          const run = await p.run("apply", "--json", "--contract", "--release", "r2", "--replica-url", replica);
          expect(run).toMatchObject({ code: 3, stderr: expect.stringContaining("differ") });
          const told = run.stdout.split("\n").filter((line) => line.includes('"mismatches":1'));
          expect(told).not.toEqual([]);
          for (const line of told) expect(line).not.toContain('"on"');
        },
        120_000,
      );

      it("goes on telling the status, and takes a migration back, when a named replica is gone", async () => {
        const { db, p } = await given(own, server);
        const gone = other(db.replicaUrl ?? "", { host: "127.0.0.1:1" });
        await works(p.run("apply", "--release", "r1"));
        const { stdout } = await works(p.run("status", "--release", "r2", "--replica-url", gone));
        expect(stdout).toMatch(/closed +replicas +replica 127\.0\.0\.1:1\/\w+ does not answer: nothing listens there/);
        const withConfig = project(db.url, { ZMIGRATE_REPLICA_URLS: gone });
        own.after(async () => withConfig.remove());
        await works(withConfig.run("init", "--engine", name));
        withConfig.write(FILE, RENAME);
        await works(withConfig.run("rollback", "20260101000000"));
      }, 120_000);
    },
    { replica: true },
  );

  describePrivateServer(name, (launch) => {
    const own = suite();

    it("refuses a server that replicates nothing, and a replica of another server", async () => {
      const [ours, theirs] = [await launch(), await launch({ replica: true })];
      own.after(ours.stop);
      own.after(theirs.stop);
      const { db, p } = await given(own, ours);
      const strange = name === "postgres" ? "belongs to another cluster" : "is ";
      const path = new URL(db.url).pathname;
      if (name !== "postgres") {
        await query(theirs.url, `CREATE DATABASE ${path.slice(1)}`);
        await query(theirs.url, `CREATE TABLE ${path.slice(1)}.t (id int PRIMARY KEY)`);
        for (let n = 0; n < 30; n += 1) await query(theirs.url, `INSERT INTO ${path.slice(1)}.t VALUES (${n})`);
        await expect
          .poll(() => query(other(theirs.replicaUrl ?? "", { path }), "SELECT 1 FROM t WHERE id = 29"))
          .toHaveLength(1);
      }
      for (const url of [theirs.url, theirs.replicaUrl ?? ""]) {
        const named = name === "postgres" ? url : other(url, { path });
        const why = url === theirs.url || name === "postgres" ? strange : "replicates another server";
        expectRefused(await p.run("apply", "--release", "r1", "--replica-url", named), named, why);
      }
      expect(await leftSomething(db.url)).toBe(false);
    }, 120_000);
  });
}

describeServer("mysql", (mysql) => {
  describeServer("mariadb", (mariadb) => {
    const own = suite();

    it("refuses the other server of the family, and a database of another name", async () => {
      const { db, p } = await given(own, mysql);
      const strange = other(mariadb.url, { path: new URL(db.url).pathname });
      await query(mariadb.url, `CREATE DATABASE ${db.name}`);
      own.after(() => query(mariadb.url, `DROP DATABASE ${db.name}`));
      const named = strange.replace("mariadb:", "mysql:");
      expectRefused(await p.run("apply", "--replica-url", named), named, "is MariaDB");
      const elsewhere = other(db.replicaUrl ?? db.url, { path: "/mysql" });
      expectRefused(await p.run("apply", "--replica-url", elsewhere), elsewhere, "is named with the database mysql");
      expect(await leftSomething(db.url)).toBe(false);
    }, 120_000);
  });
});
