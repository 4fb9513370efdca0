import { expect, it } from "vitest";
import { describeServers, query } from "../servers/index.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";
import { FILE, ID } from "./support/users.js";

describeServers(["postgres", "mysql", "mariadb"], (server) => {
  const { scene } = suite();

  it("begins anew from an edited file when the first step failed and left nothing", async () => {
    const sql = "CREATE TABLE fresh (id int PRIMARY KEY, n int DEFAULT 'no number');\n";
    const { project: p, db } = await scene(server, 10, sql);
    expect((await p.run("apply")).code).toBe(3);
    p.write(FILE, "CREATE TABLE fresh (id int PRIMARY KEY, n int DEFAULT 7);\n");
    await works(p.run("apply"));
    expect(await query(db.url, "SELECT id FROM fresh")).toEqual([]);
    p.write(FILE, "CREATE TABLE fresh (id int PRIMARY KEY, n int DEFAULT 8);\n");
    const edited = await p.run("apply");
    expect(edited.code).toBe(2);
    expect(edited.stderr).toContain(`zmigrate rollback ${ID}`);
  }, 60_000);
});
