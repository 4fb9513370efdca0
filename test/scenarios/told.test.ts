import { expect, it } from "vitest";
import { describeServers, query, type TestServer } from "../servers/index.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";
import { ID, RENAME } from "./support/users.js";

interface Planned {
  readonly migrations: readonly { readonly id: string; readonly findings: readonly { readonly message: string }[] }[];
}

describeServers(["postgres", "mysql", "mariadb"], (server: TestServer) => {
  const own = suite();

  it("says nothing on standard error where all is well: status of two renames", async () => {
    const { project: p } = await own.scene(server, 10, RENAME);
    p.write("migrations/20260102000000_name.sql", "ALTER TABLE users RENAME COLUMN name TO full_name;\n");
    await works(p.run("apply", "--release", "r1"));
    for (const verb of ["status", "plan", "verify"]) expect((await works(p.run(verb))).stderr, verb).toBe("");
  });

  it("judges in plan what was not begun on the schema of the database, and each thing that it makes on what came before", async () => {
    const { db, project: p } = await own.scene(server, 10, RENAME);
    const later = "20260102000000";
    p.write(`migrations/${later}_more.sql`, "CREATE INDEX users_by_name ON users (name);\n");
    const findingsOf = async (...args: readonly string[]) => {
      const { migrations } = JSON.parse((await works(p.run(...args))).stdout) as Planned;
      return new Map(migrations.map((m) => [m.id, m.findings.map((f) => f.message).join("\n")]));
    };
    const known = await findingsOf("plan", "--format", "json");
    expect(known.get(ID)).toContain("user_email");
    for (const messages of known.values()) expect(messages).not.toMatch(/not known|files do not tell/);
    await works(p.run("apply", "--to", ID, "--release", "r1"));
    expect((await findingsOf("plan", "--format", "json")).get(ID)).toContain("user_email");
    expect(await query(db.url, "SELECT email_address FROM users")).toHaveLength(10);
  });
});
