import { afterEach, beforeEach, expect, it } from "vitest";
import { askBackfill } from "../../src/apply/control.js";
import { engineFor } from "../../src/config/engine.js";
import type { Database, Session } from "../../src/engines/engine.js";
import { journalOf } from "../../src/journal/journal.js";
import { planOf } from "../plan/plan-of.js";
import { describeServers, type TestDatabase } from "../servers/index.js";

const PLAN = planOf([]);
const PAUSE = { id: PLAN.id, wish: "pause", reason: null, release: null } as const;

describeServers(["postgres", "mysql", "mariadb"], (server) => {
  let testDatabase: TestDatabase;
  let database: Database;
  let session: Session;
  beforeEach(async () => {
    testDatabase = await server.createDatabase("control");
    const engine = await engineFor(server.name);
    database = await engine.connect(testDatabase.url, { connectTimeoutMs: 5_000, applicationName: "test" });
    session = await database.open();
    await journalOf(database).upgrade(session);
    await journalOf(database).begin(session, PLAN, "0".repeat(64));
  });
  afterEach(async () => {
    await session.close();
    await database.close();
    await testDatabase.drop();
  });

  it("says so where what it writes is held by another session, and does not wait for ever", async () => {
    await database.begin(session, { lockMs: 0, statementMs: 0 });
    await journalOf(database).controls.write(session, {
      ...PAUSE,
      migrationId: PLAN.id,
      maxLagMs: null,
      batchTargetMs: null,
    });
    await expect(askBackfill(database, PAUSE)).rejects.toMatchObject({ code: "journal-locked", exitCode: 4 });
    await database.commit(session);
    expect(await askBackfill(database, PAUSE)).toMatchObject({ control: { wish: "pause" }, running: false });
  });

  it("asks nothing of a migration that has not begun", async () => {
    const other = { ...PAUSE, id: "20200101000000" };
    await expect(askBackfill(database, other)).rejects.toMatchObject({
      code: "usage",
      message: expect.stringContaining("has begun"),
    });
  });
});
