import { expect, it } from "vitest";
import { engineFor } from "../../src/config/engine.js";
import type { Database, Session } from "../../src/engines/engine.js";
import { heldBy } from "../../src/engines/held-by.js";
import type { Lock } from "../../src/model/effect.js";
import { connect } from "../scenarios/support/clients.js";
import { suite } from "../scenarios/support/suite.js";
import { describeServers, query } from "../servers/index.js";

describeServers(["postgres", "mysql", "mariadb"], (server) => {
  const { after } = suite();

  /** Tables a and b, and what looks for whoever holds them. */
  async function scene() {
    const db = await server.createDatabase("held");
    after(db.drop);
    for (const table of ["a", "b"]) await query(db.url, `CREATE TABLE ${table} (id int PRIMARY KEY)`);
    const engine = await engineFor(server.name);
    const database = await engine.connect(db.url, { connectTimeoutMs: 10_000, applicationName: "zmigrate test" });
    after(() => database.close());
    const observer = await database.open();
    after(() => observer.close());
    const schema = server.name === "postgres" ? "public" : db.name;
    const lock = (name: string, mode: string): Lock => ({
      relation: { schema, name },
      mode,
      blocks: "reads",
      held: "brief",
    });
    const strongest = server.name === "postgres" ? "ACCESS EXCLUSIVE" : "MDL EXCLUSIVE";
    return { url: db.url, database, observer, lock, strongest };
  }

  const pids = async (database: Database, observer: Session, locks: readonly Lock[], ms: number) =>
    ((await database.oldHolders?.(observer, locks, ms)) ?? []).map((b) => b.pid);

  it("names the sessions of others whose transactions have used a table for so long, and no others", async () => {
    const { url, database, observer, lock, strongest } = await scene();
    const holder = await connect(url);
    after(() => holder.end());
    const idOf = server.name === "postgres" ? "SELECT pg_backend_pid() AS id" : "SELECT CONNECTION_ID() AS id";
    const [me] = await holder.query(idOf);
    await holder.query("BEGIN");
    await holder.query("SELECT count(*) FROM a");
    const own = await database.open();
    after(() => own.close());
    await own.query("BEGIN");
    await own.query("SELECT count(*) FROM a");
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const found = (names: readonly string[], ms: number, mode = strongest) =>
      pids(
        database,
        observer,
        names.map((name) => lock(name, mode)),
        ms,
      );
    // MariaDB does not tell who holds a table.
    const expected = server.name === "mariadb" ? [] : [Number(me?.id)];
    expect(await found(["a", "b"], 1_000)).toEqual(expected);
    expect(await found(["b"], 1_000)).toEqual([]);
    expect(await found(["a"], 60_000)).toEqual([]);
    expect(await found(["gone"], 0)).toEqual([]);
    // A reader is in nobody's way who only keeps writers out.
    if (server.name === "postgres") expect(await found(["a"], 1_000, "SHARE ROW EXCLUSIVE")).toEqual([]);
    await holder.query("COMMIT");
    expect(await found(["a"], 0)).toEqual([]);
  });

  it("names a prepared transaction, which has no session, with what ends it", async ({ skip }) => {
    if (server.name !== "postgres") skip("MySQL and MariaDB tell no table of a prepared XA transaction");
    const { url, database, observer, lock, strongest } = await scene();
    const [{ most } = {}] = await query(url, "SELECT current_setting('max_prepared_transactions') AS most");
    if (most === "0") skip("the server takes no prepared transactions");
    const client = await connect(url);
    after(() => client.end());
    await client.query("BEGIN");
    await client.query("INSERT INTO a VALUES (1)");
    await client.query("PREPARE TRANSACTION 'it''s'");
    after(() => query(url, "ROLLBACK PREPARED 'it''s'"));
    const holder = expect.objectContaining({
      ...{ pid: 0, prepared: "it's", ageMs: expect.any(Number) },
      query: expect.stringContaining("COMMIT PREPARED 'it''s' or ROLLBACK PREPARED 'it''s'"),
    });
    expect(await database.oldHolders?.(observer, [lock("a", strongest)], 0)).toEqual([holder]);
    expect(await database.oldHolders?.(observer, [lock("b", strongest)], 0)).toEqual([]);
    expect(await database.oldHolders?.(observer, [lock("a", strongest)], 60_000)).toEqual([]);
    for (const sql of ["LOCK TABLE a IN ACCESS EXCLUSIVE MODE", "INSERT INTO a VALUES (1)"]) {
      const waiting = await database.open();
      const waits = waiting.query(sql.startsWith("LOCK") ? `BEGIN; ${sql}` : sql).catch(() => undefined);
      await expect.poll(() => database.blockers(observer, waiting.id)).toEqual([holder]);
      await waiting.close();
      await waits;
    }
    const [found] = await database.blockers(observer, observer.id);
    expect(found).toBeUndefined();
    const [old] = (await database.oldHolders?.(observer, [lock("a", strongest)], 0)) ?? [];
    expect(heldBy(old === undefined ? [] : [old])).toMatch(
      /^the prepared transaction "it's" \(\w+, prepared .* ago\): no session is in it, .* ROLLBACK PREPARED 'it''s'$/,
    );
  });
});
