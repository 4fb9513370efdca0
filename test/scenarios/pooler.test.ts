import { expect, it } from "vitest";
import { describeServer, query } from "../servers/index.js";
import { project } from "./support/cli.js";
import { startPooler } from "./support/pooler.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";
import { FILE, ID, RENAME } from "./support/users.js";

describeServer("postgres", (server) => {
  const own = suite();

  it.each(["longest", "last"] as const)(
    "refuses to run through a pooler of transactions that hands out the connection used %s",
    async (order) => {
      const { db, project: direct } = await own.scene(server, 5, RENAME);
      const pooler = await startPooler(db.url, order);
      own.after(pooler.stop);
      const p = project(pooler.url);
      own.after(async () => p.remove());
      await works(p.run("init", "--engine", "postgres"));
      p.write(FILE, RENAME);
      expect((await query(pooler.url, "SELECT count(*) AS n FROM users"))[0]?.n).toBe("5");
      const refuses = async (...args: readonly string[]) => {
        const { code, stderr } = await p.run(...args);
        expect(stderr).toContain("is a pooler that gives each transaction another connection");
        expect(stderr).toContain("Point --database-url at the server itself");
        expect(code).toBe(3);
      };
      await refuses("apply", "--release", "r1");
      expect(await query(db.url, "SELECT FROM pg_namespace WHERE nspname = 'zmigrate'")).toEqual([]);
      await works(direct.run("apply", "--release", "r1", "--phase", "expand"));
      await refuses("rollback", ID);
      await refuses("verify");
      const held = "SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database AND d.datname = current_database()";
      expect(await query(db.url, `${held} WHERE locktype = 'advisory'`)).toEqual([]);
    },
  );
});
