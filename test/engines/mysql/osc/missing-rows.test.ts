import { afterAll, beforeAll, expect, it } from "vitest";
import { engineFor } from "../../../../src/config/engine.js";
import type { Database, Session } from "../../../../src/engines/engine.js";
import { areFew, missingRows } from "../../../../src/engines/mysql/osc/missing-rows.js";
import { describeServers, query, type TestDatabase } from "../../../servers/index.js";

describeServers(["mysql", "mariadb"], (server) => {
  let db: TestDatabase;
  let database: Database;
  let session: Session;

  beforeAll(async () => {
    db = await server.createDatabase("missing_rows");
    for (const sql of [
      "CREATE TABLE keyed (id int PRIMARY KEY)",
      "INSERT INTO keyed VALUES (1), (2), (3), (9)",
      "CREATE TABLE old_keyed (id int PRIMARY KEY)",
      "INSERT INTO old_keyed VALUES (1), (2), (3), (4)",
      "CREATE TABLE bare (id int)",
      "INSERT INTO bare VALUES (1), (2)",
      "CREATE TABLE old_bare (id int, UNIQUE (id))",
      "INSERT INTO old_bare VALUES (1), (2), (NULL), (NULL), (NULL)",
    ])
      await query(db.url, sql);
    const engine = await engineFor(server.name);
    database = await engine.connect(db.url, { connectTimeoutMs: 5_000, applicationName: "test" });
    session = await database.open();
  });

  afterAll(async () => {
    await session.close();
    await database.close();
    await db.drop();
  });

  it("are found by a key, and counted where there is none", async () => {
    expect(await missingRows(session, "keyed", "old_keyed")).toBe(1);
    expect(await missingRows(session, "bare", "old_bare")).toBe(3);
    expect(await missingRows(session, "old_bare", "bare")).toBe(0);
  });

  it("are few where they are a small share of the table too", async () => {
    await query(db.url, "CREATE TABLE many (id int AUTO_INCREMENT PRIMARY KEY)");
    await query(db.url, `INSERT INTO many VALUES ${"(NULL),".repeat(199)}(NULL)`);
    const few = [0, 2, 3, 101].map((missing) => areFew(session, missing, "many"));
    expect(await Promise.all(few)).toEqual([true, true, false, false]);
  });
});
