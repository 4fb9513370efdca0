import { expect, it } from "vitest";
import { engineFor } from "../../src/config/engine.js";
import type { Database, Session } from "../../src/engines/engine.js";
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
});
