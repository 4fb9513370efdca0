import { expect, it } from "vitest";
import { describePrivateServer, query, until } from "../servers/index.js";
import { numbers } from "./support/bare.js";
import { project } from "./support/cli.js";
import { openProxy } from "./support/proxy.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";
import { FILE } from "./support/users.js";

const ROWS = 6_000;

/** What makes a replica a primary. */
const PROMOTE = {
  postgres: ["SELECT pg_catalog.pg_promote()"],
  mysql: ["STOP REPLICA", "RESET REPLICA ALL", "SET GLOBAL super_read_only = OFF", "SET GLOBAL read_only = OFF"],
} as const;

for (const name of ["postgres", "mysql"] as const)
  describePrivateServer(name, (launch) => {
    const { after, client } = suite();

    it("stops when its server fails over in the middle of a backfill, and goes on with what the new primary has", async () => {
      const server = await launch({ replica: true });
      after(server.stop);
      const db = await server.createDatabase("failover");
      await query(db.url, "CREATE TABLE users (id int PRIMARY KEY, user_email varchar(80), n int NOT NULL DEFAULT 0)");
      await query(db.url, `INSERT INTO users (id, user_email) SELECT i, CONCAT('user', i) FROM (${numbers(ROWS)}) x`);
      const standby = Object.assign(new URL(db.url), { host: new URL(server.replicaUrl ?? "").host }).href;
      const has = (url: string, sql: string) =>
        query(url, sql).then(
          (rows) => rows.length > 0,
          () => false,
        );
      await until("the replica has the rows", 20_000, async () =>
        (await has(standby, `SELECT id FROM users WHERE id = ${ROWS}`)) ? true : null,
      );
      const proxy = await openProxy(db.url);
      after(proxy.close);
      const p = project(proxy.url);
      after(async () => p.remove());
      await works(p.run("init", "--engine", name));
      p.write(FILE, "-- zmigrate:batch rows=50 target=2ms\nALTER TABLE users RENAME COLUMN user_email TO email;\n");

      const run = p.start("apply", "--json", "--release", "r1");
      let batches = 0;
      expect(await run.told((e) => e.event === "batch" && ++batches === 20)).toBe(true);
      await server.primary?.crash();
      for (const sql of PROMOTE[name]) await query(standby, sql);
      proxy.turnTo(standby);
      proxy.cut();
      const cutOff = await run.result;
      expect(cutOff, cutOff.stderr).toMatchObject({ code: 3 });

      // What it had not been sent before the old primary died is not there, and of the journal neither.
      const old = await client(proxy.url, async (run, turn) => {
        await run("UPDATE users SET user_email = ? WHERE id = ?", [`new${turn}`, 1 + ((turn * 7919) % ROWS)]);
      });
      await works(p.run("apply", "--release", "r1"));
      const { failures, statements } = await old.stop();
      expect(failures).toEqual([]);
      expect(statements).toBeGreaterThan(10);
      const differ = "SELECT id FROM users WHERE user_email <> email OR (user_email IS NULL) <> (email IS NULL)";
      expect(await query(proxy.url, differ)).toEqual([]);
      const before = await query(proxy.url, "SELECT id, user_email AS email FROM users ORDER BY id");
      for (const release of ["r2", "r3"])
        await works(p.run("apply", "--contract", "--release", release, "--park", "0"));
      expect(await query(proxy.url, "SELECT id, email FROM users ORDER BY id")).toEqual(before);
      expect(await has(proxy.url, "SELECT user_email FROM users WHERE id = 1")).toBe(false);
    }, 120_000);
  });
