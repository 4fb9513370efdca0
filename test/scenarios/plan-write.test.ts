import { expect, it } from "vitest";
import { engineFor } from "../../src/config/engine.js";
import { describeServers, query, type TestServer } from "../servers/index.js";
import { works } from "./support/scene.js";
import { schemaOf } from "./support/schema.js";
import { type Suite, suite } from "./support/suite.js";
import { createUsers, RENAME } from "./support/users.js";

/** More than one batch of a script on MySQL. */
const ROWS = 1_500;

/** A project with the rename, its database, and a second one in which the plain statement has run. */
async function begin(server: TestServer, s: Suite) {
  const { db, project } = await s.scene(server, ROWS, RENAME);
  const plain = await server.createDatabase("plain");
  s.after(() => plain.drop());
  await createUsers(plain.url, ROWS);
  await query(plain.url, RENAME);
  return { db, plain, p: project };
}

describeServers(["postgres", "mysql", "mariadb"], (server) => {
  const s = suite();

  it("prints a script that a person can run, deploy by deploy, with the plain change's end", async () => {
    const { db, plain, p } = await begin(server, s);
    const { stdout } = await works(p.run("plan", "--format", "sql"));
    const engine = await engineFor(server.name);
    await engine.load();
    const session = await s.session(db.url);
    const run = async (text: string) => {
      const { statements, problems } = engine.parse(text);
      expect(problems).toEqual([]);
      expect(statements.length).toBeGreaterThan(0);
      for (const { sql } of statements) await session.query(sql);
    };
    await run(stdout);
    const [row] = await query(db.url, "SELECT count(*) AS n FROM users WHERE email_address = user_email");
    expect(Number(row?.n)).toBe(ROWS);
    await run(
      stdout
        .split("\n")
        .flatMap((line) => (line.startsWith("-- | ") ? [line.slice(5)] : []))
        .join("\n"),
    );
    expect(await schemaOf(db.url, "users")).toEqual(await schemaOf(plain.url, "users"));
    const all = "SELECT * FROM users ORDER BY id";
    expect(await query(db.url, all)).toEqual(await query(plain.url, all));
  });
});
