import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { engineFor } from "../../src/config/engine.js";
import type { Database, Session } from "../../src/engines/engine.js";
import { step } from "../../src/engines/step.js";
import type { GateContext } from "../../src/gates/gate.js";
import { allOpen, checkGates } from "../../src/gates/index.js";
import { NO_GATES } from "../../src/gates/setting.js";
import type { MigrationRecord, StepRecord } from "../../src/journal/records.js";
import type { Releases } from "../../src/journal/releases.js";
import { planOf } from "../plan/plan-of.js";
import { describeServers, query, type TestDatabase } from "../servers/index.js";

const NOW = new Date("2026-06-01T12:00:00Z");
const HOUR = 3_600_000;

const RECORD: MigrationRecord = {
  id: "20260101000000",
  name: "x",
  file: "x.sql",
  checksum: "",
  status: "backfilled",
  plan: planOf([step({ id: "1-verify", phase: "backfill", kind: "verify", reason: "" })], {
    retires: [
      { relation: { schema: null, name: "t" }, column: "a", parked: "parked_a", replacement: null, exchanges: false },
    ],
  }),
  expandRelease: "r1",
  swapRelease: null,
  startedAt: null,
  expandedAt: null,
  backfilledAt: new Date(NOW.getTime() - HOUR),
  swappedAt: null,
  finishedAt: null,
  error: null,
};

const VERIFIED: StepRecord = {
  stepId: "1-verify",
  ordinal: 0,
  status: "done",
  attempts: 1,
  startedAt: null,
  finishedAt: null,
  error: null,
};

/** Both releases have ended with 0, and nothing else is known of any. */
const RELEASES: Releases = {
  ends: new Map([
    ["r1", [NOW]],
    ["r2", [NOW]],
  ]),
  ended: new Map([
    ["r1", NOW],
    ["r2", NOW],
  ]),
  seen: new Map(),
  without: new Map(),
};

describeServers(
  ["postgres", "mysql", "mariadb"],
  (server) => {
    let testDatabase: TestDatabase;
    let database: Database;
    let session: Session;
    beforeEach(async () => {
      testDatabase = await server.createDatabase("gates");
      await query(testDatabase.url, "CREATE TABLE t (id int PRIMARY KEY, a int, parked_a int)");
      database = await (await engineFor(server.name)).connect(testDatabase.url, {
        connectTimeoutMs: 5_000,
        applicationName: "test",
      });
      session = await database.open();
    });
    afterEach(async () => {
      await session.close();
      await database.close();
      await testDatabase.drop();
    });

    const check = async (over: Partial<GateContext> = {}) => {
      const replicaUrls = testDatabase.replicaUrl === null ? [] : [testDatabase.replicaUrl];
      const results = await checkGates({
        releases: RELEASES,
        database,
        session,
        record: RECORD,
        steps: [VERIFIED],
        stage: "swap",
        release: "r2",
        replicaUrls,
        now: NOW,
        soakMs: 0,
        parkMs: 0,
        settings: NO_GATES,
        memory: { read: async () => null, keep: null },
        ...over,
      });
      return { results, of: (name: string) => results.find((r) => r.name === name) };
    };

    it("are all open when everything is right", async () => {
      const { results } = await check();
      expect(results.filter((r) => r.state !== "open")).toEqual([]);
      expect(allOpen(results)).toBe(true);
      expect(results.map((r) => r.name)).toEqual(["later-release", "verified", "dependents", "replicas", "soak"]);
    });

    describe("later-release", () => {
      it("is closed without a release, and in the release that expanded", async () => {
        expect((await check({ release: null })).of("later-release")).toMatchObject({
          state: "closed",
          reason: expect.stringContaining("--release"),
        });
        expect((await check({ release: "r1" })).of("later-release")?.state).toBe("closed");
      });

      it("is closed for the drop in the release that swapped", async () => {
        const record = { ...RECORD, swapRelease: "r2" };
        expect((await check({ record, stage: "drop", release: "r2" })).of("later-release")?.state).toBe("closed");
        expect((await check({ record, stage: "drop", release: "r3" })).of("later-release")?.state).toBe("open");
      });
    });

    it("later-release is closed for a release that ran before the one that expanded, or swapped, did", async () => {
      const [before, after] = [-HOUR, HOUR].map((ms) => new Map([["r2", new Date(NOW.getTime() + ms)]]));
      const record = { ...RECORD, expandedAt: NOW, swapRelease: "r1", swappedAt: NOW };
      for (const stage of ["swap", "drop"] as const) {
        expect(
          (await check({ record, stage, releases: { ...RELEASES, ...(before && { seen: before }) } })).of(
            "later-release",
          ),
        ).toMatchObject({
          state: "closed",
          reason: expect.stringMatching(/release r2 has run before release r1 (expanded|swapped).* a name that no run/),
        });
        const opens = (await check({ record, stage, releases: { ...RELEASES, ...(after && { seen: after }) } })).of(
          "later-release",
        );
        expect(opens?.state).toBe("open");
      }
    });

    it("later-release is closed for a release that was first run while the other one's run was at work", async () => {
      const record = { ...RECORD, expandedAt: new Date(NOW.getTime() - HOUR), swapRelease: "r1", swappedAt: NOW };
      const between = new Map([["r2", new Date(NOW.getTime() - HOUR / 2)]]);
      expect((await check({ record, releases: { ...RELEASES, seen: between } })).of("later-release")).toMatchObject({
        state: "closed",
        reason: expect.stringContaining("a run of release r1 was still at work when release r2 was first run"),
      });
    });

    it("later-release is closed for the swap when a run had not the file since the last run of the one that expanded", async () => {
      const record = { ...RECORD, expandedAt: new Date(NOW.getTime() - HOUR), swapRelease: "r1", swappedAt: NOW };
      const at = (ms: number) => ({
        record,
        releases: {
          ...RELEASES,
          without: new Map([[RECORD.id, { at: new Date(NOW.getTime() + ms), by: new Set<string>() }]]),
        },
      });
      expect((await check(at(HOUR))).of("later-release")).toMatchObject({
        state: "closed",
        reason: expect.stringContaining("code from before it may be running"),
      });
      expect((await check(at(-HOUR / 2))).of("later-release")?.state).toBe("open");
      expect((await check({ ...at(HOUR), stage: "drop" })).of("later-release")?.state).toBe("open");
    });

    it("later-release is closed when no run of that release has ended with 0, or none since it expanded", async () => {
      expect(
        (await check({ releases: { ...RELEASES, ended: new Map(), ends: new Map() } })).of("later-release"),
      ).toMatchObject({
        state: "closed",
        reason: expect.stringContaining("not rolled out"),
      });
      const record = { ...RECORD, expandedAt: new Date(NOW.getTime() + HOUR) };
      expect((await check({ record })).of("later-release")?.state).toBe("closed");
    });

    it("later-release is not open when nobody knows which release expanded", async () => {
      const record = { ...RECORD, expandRelease: null };
      expect((await check({ record })).of("later-release")?.state).toBe("unknown");
    });

    it("takes what is accepted for open: of those that are always on, only what cannot be told", async () => {
      const plan = { ...RECORD.plan, gates: [{ name: "sql" as const, setting: "SELECT 1 = 2" }] };
      const accept = { gates: ["sql", "verified", "later-release"], reason: "because" };
      const { results, of } = await check({ record: { ...RECORD, plan, expandRelease: null }, steps: [], accept });
      expect(of("sql")).toMatchObject({ state: "closed", accepted: "because" });
      expect(of("later-release")).toMatchObject({ state: "unknown", accepted: "because" });
      expect(of("verified")).toMatchObject({ state: "closed", reason: expect.stringContaining("not accepted") });
      expect(of("verified")?.accepted).toBeUndefined();
      expect(allOpen(results)).toBe(false);
    });

    it("sql asks one query that cannot write", async () => {
      const asked = async (setting: string) => {
        const record = { ...RECORD, plan: { ...RECORD.plan, gates: [{ name: "sql" as const, setting }] } };
        return (await check({ record })).of("sql");
      };
      expect((await asked("SELECT 1 = 1"))?.state).toBe("open");
      expect((await asked("SELECT 1 = 2"))?.state).toBe("closed");
      await query(testDatabase.url, "INSERT INTO t VALUES (1, 1, 1)");
      for (const sql of ["DELETE FROM t", "SELECT 1; DELETE FROM t", "SELECT 1; COMMIT; DELETE FROM t", "SELEC 1", ""])
        expect((await asked(sql))?.state, sql).toBe("unknown");
      if (server.name === "postgres") {
        await query(
          testDatabase.url,
          "CREATE FUNCTION wipe() RETURNS boolean LANGUAGE sql AS 'DELETE FROM t; SELECT true'",
        );
        expect(await asked("SELECT wipe()")).toMatchObject({
          state: "unknown",
          reason: expect.stringContaining("read-only"),
        });
      }
      expect(await query(testDatabase.url, "SELECT * FROM t")).toHaveLength(1);
    });

    it("verified is closed until every verification is done", async () => {
      expect((await check({ steps: [{ ...VERIFIED, status: "running" }] })).of("verified")).toMatchObject({
        state: "closed",
        reason: expect.stringContaining("1-verify"),
      });
      expect((await check({ steps: [] })).of("verified")?.state).toBe("closed");
      expect(
        (await check({ steps: [{ ...VERIFIED, status: "pending", error: "2 rows differ." }] })).of("verified"),
      ).toMatchObject({
        state: "closed",
        reason: "1-verify: 2 rows differ.",
      });
    });

    it("dependents is closed while a view names the column, and names the view", async () => {
      await query(testDatabase.url, "CREATE VIEW shows AS SELECT a FROM t");
      expect((await check()).of("dependents")).toMatchObject({
        state: "closed",
        reason: expect.stringMatching(/^view .*shows names a: drop it, or change it to do without$/),
      });
      await query(testDatabase.url, "CREATE VIEW more AS SELECT a FROM t");
      const retires = RECORD.plan.retires.map((r) => ({ ...r, replacement: "b" }));
      const renamed = (await check({ record: { ...RECORD, plan: { ...RECORD.plan, retires } } })).of("dependents");
      expect(renamed?.reason).toMatch(/^view .*more names a, view .*shows names a: change them to b$/);
      if (server.name === "postgres") {
        await query(testDatabase.url, "CREATE MATERIALIZED VIEW kept AS SELECT a FROM t");
        const made = (await check({ record: { ...RECORD, plan: { ...RECORD.plan, retires } } })).of("dependents");
        expect(made?.reason).toMatch(/materialized view .*kept names a.*: drop them, and make them again with b$/);
      }
      expect((await check({ stage: "drop" })).of("dependents")?.state).toBe("open");
    });

    describe("dependents, of a table", () => {
      const relation = { schema: null, name: "t" };
      const going = (replacement: string | null, drops: readonly string[] = []): GateContext["record"] => ({
        ...RECORD,
        plan: { ...RECORD.plan, retires: [], retiredTables: [{ relation, parked: "parked_t", replacement }], drops },
      });
      const state = async (over: Partial<GateContext>) => (await check(over)).of("dependents");

      it("is closed while a view or a foreign key names it, and names them", async () => {
        await query(testDatabase.url, "CREATE VIEW shows AS SELECT a FROM t");
        await query(
          testDatabase.url,
          "CREATE TABLE c (id int PRIMARY KEY, CONSTRAINT points FOREIGN KEY (id) REFERENCES t (id))",
        );
        const found = await state({ record: going(null) });
        expect(found).toMatchObject({ state: "closed", reason: expect.stringMatching(/view .*shows/) });
        expect(found?.reason).toContain("foreign key points of c");
      });

      it("does not wait for what the migration itself drops", async () => {
        await query(testDatabase.url, "CREATE VIEW shows AS SELECT a FROM t");
        expect((await state({ record: going(null, ["view shows"]) }))?.state).toBe("open");
      });

      if (server.name === "postgres")
        it("does not wait for a default that the swap takes from a sequence", async () => {
          await query(testDatabase.url, "CREATE SEQUENCE n; ALTER TABLE t ALTER a SET DEFAULT nextval('n')");
          const retiredTables = [{ relation: { schema: null, name: "n" }, parked: "parked_n", replacement: null }];
          const plan = { ...RECORD.plan, retires: [], retiredTables };
          const reason = "default of public.t.a names n: drop it, or change it to do without";
          expect(await state({ record: { ...RECORD, plan } })).toMatchObject({ state: "closed", reason });
          const columns = [{ name: "a", default: null }];
          const none = { constraints: [], indexes: [], gone: [], renamed: [] };
          const change = { relation: { schema: "public", name: "t" }, swapped: true, ...none, columns };
          const record = { ...RECORD, plan: { ...plan, changes: [change] } };
          expect((await state({ record }))?.state).toBe("open");
          await query(testDatabase.url, "ALTER SEQUENCE n RENAME TO parked_n");
          expect((await state({ record, stage: "drop" }))?.state).toBe("closed");
        });

      it("asks for the old name of a renamed one at the drop only", async () => {
        await query(testDatabase.url, "CREATE VIEW shows AS SELECT a FROM t");
        const record = { ...going("other"), swapRelease: "r1" };
        expect((await state({ record }))?.state).toBe("open");
        expect((await state({ record, stage: "drop" }))?.state).toBe("closed");
      });

      if (server.name === "postgres")
        it("asks at the swap what hangs on the view of the new name", async () => {
          const standIn = { schema: null, name: "t3" };
          const renamed = { relation, parked: null, replacement: "t3", standIn };
          const record = { ...RECORD, plan: { ...RECORD.plan, retires: [], retiredTables: [renamed] } };
          await query(testDatabase.url, "CREATE VIEW t3 AS SELECT id, a FROM t");
          expect((await state({ record }))?.state).toBe("open");
          for (const [name, sql] of [
            ["view v3", "CREATE VIEW v3 AS SELECT a FROM t3"],
            ["materialized view m3", "CREATE MATERIALIZED VIEW m3 AS SELECT a FROM t3"],
            ["function f(t3)", "CREATE FUNCTION f(t3) RETURNS int LANGUAGE sql AS 'SELECT 1'"],
            ["column r of table rows3", "CREATE TABLE rows3 (r t3[])"],
            ["rule nothing on view t3", "CREATE RULE nothing AS ON DELETE TO t3 DO INSTEAD NOTHING"],
          ] as const) {
            await query(testDatabase.url, sql);
            expect((await state({ record }))?.reason).toContain(`${name} hangs on t3`);
          }
          expect((await state({ record: { ...record, swapRelease: "r1" }, stage: "drop" }))?.reason).not.toContain(
            "hangs",
          );
        });
    });

    it("replicas is closed for a replica that cannot be read", async () => {
      const nowhere = new URL(testDatabase.url);
      nowhere.port = "9";
      expect((await check({ replicaUrls: [nowhere.href] })).of("replicas")).toMatchObject({ state: "closed" });
    });

    it("soak and park wait for their time, a migration's own setting first", async () => {
      expect((await check({ soakMs: 2 * HOUR })).of("soak")).toMatchObject({
        state: "closed",
        reason: expect.stringContaining("to go"),
      });
      expect((await check({ soakMs: HOUR })).of("soak")?.state).toBe("open");
      const own = {
        ...RECORD,
        plan: { ...RECORD.plan, gates: [{ name: "soak" as const, setting: String(2 * HOUR) }] },
      };
      expect((await check({ record: own })).of("soak")?.state).toBe("closed");
      expect((await check({ record: { ...RECORD, backfilledAt: null }, soakMs: 1 })).of("soak")?.state).toBe("unknown");
      const swapped = { ...RECORD, swappedAt: new Date(NOW.getTime() - HOUR) };
      expect((await check({ record: swapped, stage: "drop", parkMs: 2 * HOUR })).of("park")?.state).toBe("closed");
      expect((await check({ record: swapped, stage: "drop", parkMs: HOUR })).of("park")?.state).toBe("open");
    });

    it("sql asks the author's query; one that fails is unknown, which is not open", async () => {
      const asking = (setting: string) => ({
        ...RECORD,
        plan: { ...RECORD.plan, gates: [{ name: "sql" as const, setting }] },
      });
      expect((await check({ record: asking("SELECT count(*) = 0 FROM t") })).of("sql")?.state).toBe("open");
      expect((await check({ record: asking("SELECT count(*) > 0 FROM t") })).of("sql")?.state).toBe("closed");
      const bounded = {
        postgres: "SELECT current_setting('statement_timeout') = '30s'",
        mysql: "SELECT @@max_execution_time = 30000",
        mariadb: "SELECT @@max_statement_time = 30",
      }[server.name];
      expect((await check({ record: asking(bounded) })).of("sql")?.state).toBe("open");
      const { results, of } = await check({ record: asking("SELECT nonsense") });
      expect(of("sql")?.state).toBe("unknown");
      expect(allOpen(results)).toBe(false);
    });

    it("sql is asked in a session of its own, so that it cannot let go of the runner's lock", async () => {
      const [take, release] =
        server.name === "postgres"
          ? ["SELECT pg_try_advisory_lock(4711)::int AS got", "SELECT pg_advisory_unlock_all() IS NOT NULL"]
          : ["SELECT GET_LOCK('gates', 0) AS got", "SELECT RELEASE_ALL_LOCKS() >= 0"];
      await session.query(take);
      const plan = { ...RECORD.plan, gates: [{ name: "sql" as const, setting: release }] };
      expect((await check({ record: { ...RECORD, plan } })).of("sql")?.state).toBe("open");
      expect(await query(testDatabase.url, take)).toEqual([{ got: 0 }]);
    });
  },
  { replica: true },
);
