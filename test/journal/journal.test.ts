import { afterEach, beforeEach, expect, it } from "vitest";
import { engineFor } from "../../src/config/engine.js";
import type { Database, Session } from "../../src/engines/engine.js";
import { step } from "../../src/engines/step.js";
import { type Journal, journalOf } from "../../src/journal/journal.js";
import type { BackfillRecord } from "../../src/journal/records.js";
import { planOf } from "../plan/plan-of.js";
import { describeServers, query, type TestDatabase } from "../servers/index.js";

const PLAN = planOf(
  [
    step({ id: "1-one", phase: "expand", kind: "ddl", sql: ["SELECT 'it''s'"], reason: "because" }),
    step({ id: "1-two", phase: "contract", kind: "ddl", stage: "swap", reason: "because" }),
  ],
  { name: 'it\'s a "plan" \\ é', file: "migrations/20260101000000_x.sql", notes: ["a note"] },
);

const ONE = { migrationId: PLAN.id, stepId: "1-one" };

const BACKFILL: BackfillRecord = {
  migrationId: PLAN.id,
  stepId: "1-one",
  key: { columns: ["a", "b"], types: ["bigint", "text"] },
  cursor: null,
  upper: ["9007199254740993", "it's \\ é"],
  rowsDone: 0,
  rowsChanged: 0,
  rowsTotal: 100,
  batches: 0,
  batchRows: 1_000,
  rate: 0,
  state: "running",
  waitingFor: null,
  updatedAt: null,
};

describeServers(["postgres", "mysql", "mariadb"], (server) => {
  let testDatabase: TestDatabase;
  let database: Database;
  let session: Session;
  let journal: Journal;
  beforeEach(async () => {
    testDatabase = await server.createDatabase("journal");
    database = await (await engineFor(server.name)).connect(testDatabase.url, {
      connectTimeoutMs: 5_000,
      applicationName: "test",
    });
    session = await database.open();
    journal = journalOf(database);
  });
  afterEach(async () => {
    await session.close();
    await database.close();
    await testDatabase.drop();
  });

  it("does not exist until it is made, and is made twice without harm", async () => {
    expect(await journal.exists(session)).toBe(false);
    await journal.upgrade(session);
    await journal.upgrade(session);
    expect(await journal.exists(session)).toBe(true);
    expect(await journal.migrations(session)).toEqual([]);
  });

  it("is made once, and asked once by each session whether it is there", async () => {
    const sent: string[] = [];
    const spied: Session = {
      ...session,
      query: (sql, params) => {
        sent.push(sql);
        return session.query(sql, params);
      },
    };
    await journal.upgrade(spied);
    expect(sent.filter((sql) => database.journal.create.includes(sql))).toEqual(database.journal.create);
    sent.length = 0;
    for (const is of [journal.exists(spied), journal.exists(spied)]) expect(await is).toBe(true);
    expect(sent).toEqual([]);
  });

  it("refuses a journal that a newer program wrote", async () => {
    await journal.upgrade(session);
    const table = database.journal.table("meta");
    await query(testDatabase.url, `UPDATE ${table} SET value = '99' WHERE name = 'version'`);
    await expect(journalOf(database).upgrade(session)).rejects.toMatchObject({
      code: "journal-newer",
      data: { found: 99 },
    });
    // This run has looked at it before, and then waited while the newer one worked.
    await expect(journal.upgrade(session)).rejects.toMatchObject({ code: "journal-newer" });
    expect(await query(testDatabase.url, `SELECT value FROM ${table} WHERE name = 'version'`)).toEqual([
      { value: "99" },
    ]);
  });

  it("says to who reads it that a newer program wrote it, or that its version was changed by hand", async () => {
    await journal.upgrade(session);
    const table = database.journal.table("meta");
    await query(testDatabase.url, `UPDATE ${table} SET value = '999' WHERE name = 'version'`);
    await expect(journalOf(database).exists(session)).rejects.toMatchObject({ code: "journal-newer" });
    await query(testDatabase.url, `UPDATE ${table} SET value = 'x' WHERE name = 'version'`);
    for (const ask of [journalOf(database).exists, journalOf(database).upgrade])
      await expect(ask(session)).rejects.toMatchObject({
        code: "journal-damaged",
        data: { table: "meta", row: "version" },
      });
  });

  it.runIf(server.name === "postgres")(
    "is about the schema that names mean when it is made, and no other",
    async () => {
      await query(testDatabase.url, "CREATE SCHEMA t1; CREATE SCHEMA t2");
      const on = async (path: string, body: (there: Session, its: Journal) => Promise<void>) => {
        const url = `${testDatabase.url}?options=-c%20search_path%3D${path}`;
        const other = await database.engine.connect(url, { connectTimeoutMs: 5_000, applicationName: "test" });
        const there = await other.open();
        await body(there, journalOf(other)).finally(async () => {
          await there.close();
          await other.close();
        });
      };
      // A first migration that makes the schema: the run after it notes which.
      await on("nowhere", (there, its) => its.upgrade(there));
      await on("t1,public", async (there, its) => {
        expect(await its.exists(there)).toBe(true);
        await its.upgrade(there);
      });
      const refusal = { code: "journal-elsewhere", exitCode: 3, data: { recorded: "t1", found: "t2" } };
      await on("t2,t1", async (there, its) => {
        await expect(its.exists(there)).rejects.toMatchObject(refusal);
        await expect(its.upgrade(there)).rejects.toMatchObject(refusal);
      });
      await on("nowhere", async (there, its) => {
        await expect(its.exists(there)).rejects.toMatchObject({ data: { recorded: "t1", found: null } });
      });
      await on("t1", async (there, its) => {
        await its.upgrade(there);
        expect(await its.isCurrent(there)).toBe(true);
      });
    },
  );

  it("reads a journal of the first version, and brings it up to date", async () => {
    await journal.upgrade(session);
    await journal.startBackfill(session, { ...BACKFILL, cursor: ["1", "a"], rowsDone: 40 });
    const table = database.journal.table;
    for (const name of ["ranges", "controls", "bad_rows"]) await query(testDatabase.url, `DROP TABLE ${table(name)}`);
    await query(testDatabase.url, `UPDATE ${table("meta")} SET value = '1' WHERE name = 'version'`);
    expect(await journal.isCurrent(session)).toBe(false);
    expect(await journal.backfill(session, ONE)).toMatchObject({ rowsDone: 40, cursor: ["1", "a"] });
    await journal.upgrade(session);
    expect(await journal.isCurrent(session)).toBe(true);
    expect(await journal.backfill(session, ONE)).toMatchObject({ rowsDone: 40, cursor: ["1", "a"] });
    expect(await journal.controls.read(session, PLAN.id)).toBeNull();
  });

  it.each([
    [
      "migrations",
      "status = 'bogus'",
      /row 20260101000000 .* table migrations .* status is "bogus", and may be pending, /,
    ],
    ["migrations", "plan = '{}'", /its plan has no list of steps/],
    ["migrations", "plan = 'x'", /its plan is not JSON/],
    ["migrations", "plan = replace(plan, '20260101000000', '1')", /its plan is that of "1"/],
    ["migrations", "plan = replace(plan, 'expand', 'x')", /a step of its plan is none/],
    ["steps", "status = 'bogus'", /row 20260101000000 1-one .* table steps/],
    ["backfills", "state = 'bogus'", /its state is "bogus"/],
    ["backfills", "key_columns = '[]'", /its key_columns are no key/],
    ["backfills", "upper_key = '{}'", /its upper_key is no list of texts/],
    ["controls", "wish = 'bogus'", /its wish is "bogus"/],
  ])("does not believe a row that was changed by hand: %s, %s", async (table, changed, said) => {
    await journal.upgrade(session);
    await journal.begin(session, PLAN, "a");
    await journal.startBackfill(session, BACKFILL);
    const asked = { migrationId: PLAN.id, wish: "pause", maxLagMs: null, batchTargetMs: null, reason: null } as const;
    await journal.controls.write(session, asked);
    await query(testDatabase.url, `UPDATE ${database.journal.table(table)} SET ${changed}`);
    const reads: Readonly<Record<string, () => Promise<unknown>>> = {
      migrations: () => journal.migrations(session),
      steps: () => journal.steps(session, PLAN.id),
      backfills: () => journal.backfill(session, ONE),
      controls: () => journal.controls.read(session, PLAN.id),
    };
    const refusal = { code: "journal-damaged", exitCode: 3, message: expect.stringMatching(said) };
    await expect(reads[table]?.()).rejects.toMatchObject(refusal);
  });

  it.runIf(server.name === "postgres")("does not believe a moment that no clock shows", async () => {
    await journal.upgrade(session);
    await journal.begin(session, PLAN, "a");
    const said = (words: RegExp) => ({ code: "journal-damaged", message: expect.stringMatching(words) });
    await journal.audit(session, { action: "a", migrationId: null, stepId: null, release: "r1", detail: null });
    await query(testDatabase.url, "UPDATE zmigrate.audit SET at = 'infinity'");
    await expect(journal.releases(session)).rejects.toMatchObject(said(/its at is Infinity, which is no moment/));
    await query(testDatabase.url, "UPDATE zmigrate.migrations SET swapped_at = '-infinity'");
    await expect(journal.migrations(session)).rejects.toMatchObject(said(/its swapped_at is -Infinity/));
  });

  it("gives back what was begun, and its steps in order", async () => {
    await journal.upgrade(session);
    await journal.begin(session, PLAN, "c".repeat(64));
    const [record] = await journal.migrations(session);
    expect(record).toMatchObject({
      id: PLAN.id,
      name: PLAN.name,
      status: "expanding",
      checksum: "c".repeat(64),
      plan: PLAN,
      expandRelease: null,
      finishedAt: null,
    });
    expect(Math.abs((record?.startedAt?.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);
    expect((await journal.steps(session, PLAN.id)).map((s) => [s.stepId, s.status, s.attempts])).toEqual([
      ["1-one", "pending", 0],
      ["1-two", "pending", 0],
    ]);
  });

  it("replaces what was recorded when a migration is begun anew", async () => {
    await journal.upgrade(session);
    await journal.begin(session, PLAN, "a");
    await journal.startBackfill(session, BACKFILL);
    await journal.status(session, PLAN.id, "rolled-back");
    await journal.begin(session, PLAN, "b");
    expect((await journal.migrations(session)).map((m) => [m.checksum, m.status])).toEqual([["b", "expanding"]]);
    expect(await journal.backfill(session, ONE)).toBeNull();
  });

  it("reads a plan once, and again when its migration is begun anew", async () => {
    await journal.upgrade(session);
    await journal.begin(session, PLAN, "a");
    const other = { ...PLAN, id: "20260101000001" };
    expect(await journal.migration(session, other.id)).toBeNull();
    expect((await journal.migrations(session)).map((m) => m.plan)).toEqual([PLAN]);
    await journal.begin(session, other, "b");
    await journal.status(session, PLAN.id, "expanded");
    expect((await journal.migrations(session)).map((m) => [m.plan, m.status])).toEqual([
      [PLAN, "expanded"],
      [other, "expanding"],
    ]);
    const asked: string[] = [];
    const heard: Session = {
      ...session,
      query: <R extends object>(text: string, values?: readonly unknown[]) => {
        asked.push(text);
        return session.query<R>(text, values);
      },
    };
    expect((await journal.migrations(heard)).map((m) => m.plan)).toEqual([PLAN, other]);
    expect(asked).toEqual([expect.not.stringMatching(/plan|\*/)]);
    await journal.status(session, PLAN.id, "rolled-back");
    await journal.begin(session, { ...PLAN, notes: ["anew"] }, "c");
    expect((await journal.migrations(session)).map((m) => [m.plan.notes, m.checksum])).toEqual([
      [["anew"], "c"],
      [PLAN.notes, "b"],
    ]);
    await journal.forget(session, PLAN.id);
    expect((await journal.migrations(session)).map((m) => m.id)).toEqual([other.id]);
    expect((await journal.migration(session, other.id))?.plan).toEqual(other);
  });

  it("keeps steps, moments and releases", async () => {
    await journal.upgrade(session);
    await journal.begin(session, PLAN, "a");
    await journal.step(session, PLAN.id, "1-one", "running");
    await journal.step(session, PLAN.id, "1-one", "running");
    await journal.step(session, PLAN.id, "1-one", "done");
    expect((await journal.steps(session, PLAN.id))[0]).toMatchObject({ status: "done", attempts: 2, error: null });
    await journal.milestone(session, PLAN.id, "expanded_at", "r1");
    await journal.milestone(session, PLAN.id, "swapped_at", "r2");
    await journal.status(session, PLAN.id, "failed", "it's broken");
    const [record] = await journal.migrations(session);
    expect(record).toMatchObject({
      expandRelease: "r1",
      swapRelease: "r2",
      status: "failed",
      error: "it's broken",
      backfilledAt: null,
    });
    const now = await journal.now(session);
    expect(now.getTime() - (record?.expandedAt?.getTime() ?? 0)).toBeLessThan(10_000);
    expect(now.getTime() - (record?.expandedAt?.getTime() ?? Number.POSITIVE_INFINITY)).toBeGreaterThanOrEqual(0);
  });

  it("keeps a checkpoint exactly, keys beyond a double among it", async () => {
    await journal.upgrade(session);
    await journal.startBackfill(session, BACKFILL);
    const next: BackfillRecord = {
      ...BACKFILL,
      cursor: ["9007199254740992", "quote ' and \\"],
      rowsDone: 40,
      rowsChanged: 39,
      batches: 2,
      batchRows: 1_500,
      rate: 12.5,
      state: "paused",
      waitingFor: "replica is 2 s behind",
    };
    await journal.restartBackfill(session, next);
    expect(await journal.backfill(session, ONE)).toEqual({ ...next, updatedAt: expect.any(Date) });
  });

  it("counts the bad rows of a backfill without reading them, until it begins again", async () => {
    await journal.upgrade(session);
    await journal.begin(session, PLAN, "a");
    await journal.startBackfill(session, BACKFILL);
    const { badRows } = journal;
    expect(await badRows.count(session, ONE)).toBe(0);
    for (const ordinal of [1, 2])
      await badRows.add(session, ONE, { ordinal, key: `id = ${ordinal}`, reason: "it's bad" });
    expect(await badRows.count(session, ONE)).toBe(2);
    expect(await badRows.count(session, { ...ONE, stepId: "1-two" })).toBe(0);
    expect(await badRows.list(session, ONE)).toEqual([
      { ordinal: 1, key: "id = 1", reason: "it's bad" },
      { ordinal: 2, key: "id = 2", reason: "it's bad" },
    ]);
    await journal.restartBackfill(session, BACKFILL);
    expect(await badRows.count(session, ONE)).toBe(0);
    await badRows.add(session, ONE, { ordinal: 1, key: "id = 1", reason: "it's bad" });
    await journal.begin(session, PLAN, "b");
    expect(await badRows.list(session, ONE)).toEqual([]);
  });

  it("only adds to the audit", async () => {
    await journal.upgrade(session);
    for (const action of ["begin", "expanded"])
      await journal.audit(session, { action, migrationId: PLAN.id, stepId: null, release: "r1", detail: null });
    const rows = await query(
      testDatabase.url,
      `SELECT action, who, host FROM ${database.journal.table("audit")} ORDER BY at`,
    );
    expect(rows.map((r) => r.action).toSorted()).toEqual(["begin", "expanded"]);
    expect(rows.every((r) => r.who !== "" && r.host !== "")).toBe(true);
  });
});
