import { expect, it } from "vitest";
import { describeServer, query } from "../servers/index.js";
import { project } from "./support/cli.js";
import { killHard, works } from "./support/scene.js";
import { suite } from "./support/suite.js";
import { createUsers, FILE, ID, RENAME, userClient, type Written, wrongRows } from "./support/users.js";

const ROWS = 6_000;

describeServer("postgres", (server) => {
  const { after, client } = suite();

  it("moves a table that has no key, is killed and goes on, while old and new code write", async () => {
    const db = await server.createDatabase("keyless");
    after(db.drop);
    await createUsers(db.url, ROWS);
    await query(db.url, "ALTER TABLE users DROP CONSTRAINT users_pkey; CREATE INDEX by_id ON users (id)");
    const p = project(db.url);
    after(async () => p.remove());
    await works(p.run("init", "--engine", "postgres"));
    p.write(FILE, `-- zmigrate:batch rows=50 target=2ms\n${RENAME}`);
    const written: Written = new Map();
    const old = await client(db.url, userClient("user_email", "old", ROWS, written));
    await works(p.run("apply", "--phase", "expand", "--release", "r1"));
    const fresh = await client(db.url, userClient("email_address", "new", ROWS, written));

    const first = p.start("apply", "--json", "--release", "r1", "--workers", "2");
    expect(await first.told((e) => e.event === "batch" && e.rowsDone > ROWS / 4)).toBe(true);
    await killHard(first);
    const { stdout } = await works(p.run("apply", "--json", "--release", "r1", "--workers", "2"));
    expect(stdout).toContain('"verified"');
    await Promise.all([old.stop(), fresh.stop()]);
    expect(await wrongRows(db.url, "email_address", ROWS, written)).toEqual([]);
    await works(p.run("verify", ID));
  }, 120_000);
});
