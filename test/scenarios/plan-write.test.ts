import { expect, it } from "vitest";
import { engineFor } from "../../src/config/engine.js";
import { describeServers, query, type TestServer } from "../servers/index.js";
import type { Project } from "./support/cli.js";
import { works } from "./support/scene.js";
import { schemaOf } from "./support/schema.js";
import { type Suite, suite } from "./support/suite.js";
import { createUsers, FILE, RENAME, userClient, type Written, wrongRows } from "./support/users.js";

/** More than one batch of a script on MySQL. */
const ROWS = 1_500;

/** A project with the rename, its database, and a second one in which the plain statement has run. */
async function begin(server: TestServer, s: Suite) {
  const { db, project } = await s.scene(server, ROWS, `-- Clearer.\n${RENAME}`);
  const plain = await server.createDatabase("plain");
  s.after(() => plain.drop());
  await createUsers(plain.url, ROWS);
  await query(plain.url, RENAME);
  return { db, plain, p: project };
}

const steps = async (p: Project) => {
  const { stdout } = await works(p.run("plan", "--format", "json"));
  const [migration] = (JSON.parse(stdout) as { migrations: { phases: unknown; gates: unknown; notes: unknown }[] })
    .migrations;
  return { phases: migration?.phases, gates: migration?.gates, notes: migration?.notes };
};

// MySQL and MariaDB share all of it: other scenarios take the other one.
describeServers(["postgres", "mysql"], (server) => {
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

  it("writes the steps into the file, which then runs under clients to the plain change's end", async () => {
    const { db, plain, p } = await begin(server, s);
    const before = await steps(p);
    const wrote = await works(p.run("plan", "--write", FILE));
    expect(wrote.stdout).toMatch(/written in \d+ steps/);
    expect(await steps(p)).toEqual(before);
    const lint = await works(p.run("lint"));
    expect(lint.stdout).toContain("0 errors, 0 warnings");
    const again = await works(p.run("plan", "--write", FILE));
    expect(again.stdout).toContain("it stands in steps already");
    const written: Written = new Map();
    const old = await s.client(db.url, userClient("user_email", "old", ROWS, written));
    await works(p.run("apply", "--release", "r1"));
    expect(await p.run("plan", "--write", FILE)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("it has begun (backfilled)"),
    });
    const fresh = await s.client(db.url, userClient("email_address", "new", ROWS, written));
    expect((await old.stop()).failures).toEqual([]);
    await works(p.run("apply", "--contract", "--require-contract", "--release", "r2"));
    await works(p.run("apply", "--contract", "--release", "r3", "--park", "0"));
    expect((await fresh.stop()).failures).toEqual([]);
    expect(await schemaOf(db.url, "users")).toEqual(await schemaOf(plain.url, "users"));
    expect(await wrongRows(db.url, "email_address", ROWS, written)).toEqual([]);
  });
});
