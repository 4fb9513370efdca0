import { expect, it } from "vitest";
import { describeServer, describeServers, query } from "../servers/index.js";
import { bareScene } from "./support/bare.js";
import { connect } from "./support/clients.js";
import { type Scene, works } from "./support/scene.js";
import { suite } from "./support/suite.js";
import { ID, RENAME } from "./support/users.js";

const TIMEOUT_MS = 120_000;

describeServers(["postgres", "mysql", "mariadb"], (server) => {
  const own = suite();
  const scene = () => own.scene(server, 50, RENAME);

  const column = (url: string, name: string) => query(url, `SELECT ${name} AS v FROM users WHERE id = 7`);

  /** Writes the new side alone, as a bulk load without triggers does. */
  async function writeUntriggered({ db }: Scene): Promise<void> {
    const client = await connect(db.url);
    const sql = "UPDATE users SET email_address = 'only@new' WHERE id = 7";
    if (server.name === "postgres") {
      await client.query("SET session_replication_role = replica");
      await client.query(sql);
    } else {
      const triggers = await query(db.url, "SHOW TRIGGERS");
      const [made] = await query(db.url, `SHOW CREATE TRIGGER \`${sync(triggers)}\``);
      await client.query(`DROP TRIGGER \`${sync(triggers)}\``);
      await client.query(sql);
      await client.query(String(made?.["SQL Original Statement"]));
    }
    await client.end();
  }

  const sync = (triggers: readonly Record<string, unknown>[]) =>
    String(triggers.find((t) => t.Event === "UPDATE")?.Trigger);

  it(
    "refuses to lose what only the new side has, says how to keep it, and goes on when told",
    async () => {
      const made = await scene();
      const { db, project: p } = made;
      await works(p.run("apply", "--release", "r1"));
      await writeUntriggered(made);
      const refused = await p.run("rollback", ID);
      expect(refused.code).toBe(3);
      expect(refused.stderr).toMatch(/would lose .* in 1 row .*Keys of some: 7\./s);
      expect(await column(db.url, "email_address")).toEqual([{ v: "only@new" }]);
      const update = /^ {2}(UPDATE .*);$/m.exec(refused.stderr)?.[1] ?? "";
      const client = await connect(db.url);
      await client.query(update);
      await client.end();
      const done = await works(p.run("rollback", ID));
      expect(done.stdout).toContain("users.email_address: running code that uses it fails from now on");
      expect(await column(db.url, "user_email")).toEqual([{ v: "only@new" }]);

      await works(p.run("apply", "--release", "r2"));
      await writeUntriggered(made);
      await works(p.run("rollback", ID, "--accept-loss"));
      expect(await column(db.url, "user_email")).toEqual([{ v: "only@new" }]);
    },
    TIMEOUT_MS,
  );

  it(
    "takes rows that no backfill has filled for no loss",
    async () => {
      const { project: p } = await scene();
      await works(p.run("apply", "--release", "r1", "--phase", "expand"));
      await works(p.run("rollback", ID));
    },
    TIMEOUT_MS,
  );

  it(
    "takes nothing away under a later migration, nor a table that holds rows",
    async () => {
      const { url, project: p } = await bareScene(server, own, [], {
        t: "CREATE TABLE t (id int PRIMARY KEY, b int);\n",
      });
      await works(p.run("apply", "--release", "r1"));
      await query(url, "INSERT INTO t VALUES (1, 1)");
      p.write("migrations/20260102000000_b.sql", "ALTER TABLE t RENAME COLUMN b TO c;\n");
      await works(p.run("apply", "--release", "r2"));

      const under = await p.run("rollback", "20260101000000");
      expect(under, under.stderr).toMatchObject({ code: 1 });
      expect(under.stderr).toContain("zmigrate rollback 20260102000000");
      await works(p.run("rollback", "20260102000000"));
      const filled = await p.run("rollback", "20260101000000");
      expect(filled, filled.stderr).toMatchObject({ code: 3 });
      expect(filled.stderr).toContain("--accept-loss");
      expect(await query(url, "SELECT b FROM t")).toEqual([{ b: 1 }]);
      await works(p.run("rollback", "20260101000000", "--accept-loss"));
      await expect(query(url, "SELECT b FROM t")).rejects.toThrow();

      const unnamed = await p.run("apply", "--contract", "--release", " ");
      expect(unnamed, unnamed.stderr).toMatchObject({ code: 2 });
      expect(unnamed.stderr).toContain("the release is empty");
    },
    TIMEOUT_MS,
  );
});

describeServer("postgres", (server) => {
  const own = suite();

  it("asks before anything is undone for values in the place of those that a NOT NULL column of the former type cannot hold", async () => {
    const table = "CREATE TABLE t (id int PRIMARY KEY, a bigint NOT NULL CHECK (a::text <> '13'), n int)";
    const change = "ALTER TABLE t ALTER COLUMN a TYPE text;\n";
    const { url, project: p } = await bareScene(server, own, [table, "INSERT INTO t VALUES (1, 1), (2, 2)"], {
      a: change,
    });
    await works(p.run("apply", "--release", "r1"));
    await works(p.run("apply", "--require-contract", "--release", "r2"));
    await query(url, "INSERT INTO t (id, a) VALUES (7, 'hello')");
    for (const flags of [[], ["--accept-loss"]]) {
      const refused = await p.run("rollback", "20260101000000", ...flags);
      expect(refused, refused.stderr).toMatchObject({ code: 3 });
      expect(refused.stderr).toMatch(
        /1 row of public\.t hold in a what it may not hold as bigint NOT NULL.*Keys of some: 7\./s,
      );
      expect(await query(url, "UPDATE t SET n = 1 WHERE id = 7 RETURNING a")).toEqual([{ a: "hello" }]);
    }
    await query(url, "UPDATE t SET a = '0' WHERE id = 7");
    await works(p.run("rollback", "20260101000000"));
    expect(await query(url, "SELECT id, a::int AS a FROM t ORDER BY id")).toEqual([
      { id: 1, a: 1 },
      { id: 2, a: 2 },
      { id: 7, a: 0 },
    ]);
    await expect(query(url, "UPDATE t SET a = NULL")).rejects.toThrow(/not-null/);
  });
});
