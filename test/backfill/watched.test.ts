import { expect, it } from "vitest";
import { watched } from "../../src/backfill/watched.js";
import { engineFor } from "../../src/config/engine.js";
import { kept } from "../../src/engines/kept.js";
import { describeServer, query } from "../servers/index.js";

describeServer("postgres", (server) => {
  it("does not hold up a write that is done for a look that is under way, and tells whom one waited for that failed", async () => {
    const db = await server.createDatabase("watched");
    await query(db.url, "CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)");
    const options = { connectTimeoutMs: 5_000, applicationName: "test" };
    const database = await (await engineFor("postgres")).connect(db.url, options);
    const [session, other] = [await database.open(), await database.open()];
    const slowly = kept(async () => {
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      return database.open();
    });
    const watching = { database, session, limitMs: 60_000 };
    const began = performance.now();
    await watched({ ...watching, observer: slowly, blocked: () => undefined }, () =>
      session.query("SELECT pg_sleep(0.6)"),
    );
    expect(performance.now() - began).toBeLessThan(1_800);

    await other.query("BEGIN; DELETE FROM t");
    const seen: string[] = [];
    const blocked = (by: readonly { readonly pid: number }[]) => void seen.push(...by.map((one) => String(one.pid)));
    const observer = kept(() => database.open());
    await session.query("SET lock_timeout = '700ms'");
    const waits = watched({ ...watching, observer, blocked }, () => session.query("UPDATE t SET id = 2"));
    await expect(waits).rejects.toThrow("lock timeout");
    expect(seen).toContain(String(other.id));
    for (const one of [session, other, slowly, observer, database]) await one.close();
    await db.drop();
  });
});
