import { afterEach, expect, it } from "vitest";
import { describeServers, query } from "../servers/index.js";
import { renameScene, works } from "./support/scene.js";
import { FILE, ID } from "./support/users.js";

describeServers(["postgres", "mysql", "mariadb"], (server) => {
  const cleanups: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  it("begins anew from an edited file when the first step failed and left nothing", async () => {
    const made = await renameScene(server, 10, "CREATE TABLE fresh (id int PRIMARY KEY, n int DEFAULT 'no number');\n");
    cleanups.push(made.end);
    const { project: p, db } = made;
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
