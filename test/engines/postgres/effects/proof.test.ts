import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { combined } from "../../../../src/engines/postgres/effects/combine.js";
import { postgresEffects } from "../../../../src/engines/postgres/effects/index.js";
import { introspect } from "../../../../src/engines/postgres/introspect/index.js";
import { loadParser, parsePostgres } from "../../../../src/engines/postgres/parse/index.js";
import { applyOperation, emptyCatalog } from "../../../../src/history/replay.js";
import type { Catalog } from "../../../../src/model/catalog.js";
import type { Effect } from "../../../../src/model/effect.js";
import { describeServer, query, type TestDatabase, until } from "../../../servers/index.js";
import { differences, uncovered } from "./compare.js";
import { measure, modeName } from "./measure.js";
import type { ProofGroup } from "./proofs/group.js";
import { PROOFS } from "./proofs/index.js";

const tablesOf = ({ tables }: Catalog) => tables.map((t) => t.relation);

/** What files do not tell: policies, what there is not, the columns of partitions, and which index hangs under which. */
const NOT_IN_FILES: ReadonlySet<string> = new Set([
  "ALTER TABLE t ALTER po TYPE text",
  "ALTER TABLE part1 ALTER v TYPE text",
  "DROP INDEX IF EXISTS nothing",
  "ALTER INDEX part_only ATTACH PARTITION part1_v",
  "DROP TABLE IF EXISTS nothing",
  "DROP TABLE part1",
  "DROP TABLE dpart1",
  "ALTER DOMAIN alone ADD CONSTRAINT ck CHECK (VALUE > 0)",
]);

/** What a statement does as a whole. */
function effectOf(sql: string, catalog: Catalog, major: number, settings: ProofGroup["settings"] = {}): Effect {
  const siblings = parsePostgres(sql).statements.flatMap((s) => s.operations);
  const context = { catalog, version: { text: String(major), parts: [major] }, siblings, settings };
  return combined(
    siblings.map((o) => postgresEffects(o, context)),
    context,
  );
}

describeServer("postgres", (postgres) => {
  describe.each(PROOFS)("$name", (group) => {
    let db: TestDatabase;
    let client: Client;
    let known: Catalog;
    let replayed: Catalog;
    let major: number;

    beforeAll(async () => {
      await loadParser();
      db = await postgres.createDatabase("effects");
      client = await connect(db.url);
      const [version] = (await client.query<{ n: number }>("SELECT current_setting('server_version_num')::int AS n"))
        .rows;
      major = Math.floor((version?.n ?? 0) / 10_000);
      if (major < (group.since ?? 0)) return;
      await client.query(group.setup);
      known = await read(client);
      const operations = parsePostgres(group.setup).statements.flatMap((s) => s.operations);
      replayed = operations.reduce(applyOperation, emptyCatalog("files", "public"));
      for (const [name, value] of Object.entries(group.settings ?? {}))
        await client.query("SELECT set_config($1, $2, false)", [name, value]);
    });
    afterAll(async () => {
      await client?.end();
      await db?.drop();
    });

    it.each(group.proofs)("$sql", async ({ sql, exact }) => {
      // On a server that does not take them yet, versions.test.ts says what the model states instead.
      if (major < (group.since ?? 0)) return;
      const seen = await measure(client, sql);
      const stated = effectOf(sql, known, major, group.settings);
      const fromFiles = effectOf(sql, replayed, major, group.settings);
      // Older servers lock less here and there: what is said of them may be more than they do, and never less.
      const same = exact && major >= 18;
      const hidden = !same || NOT_IN_FILES.has(sql);
      expect({
        known: same ? differences(stated, seen) : uncovered(stated, seen, tablesOf(known)),
        files: hidden ? uncovered(fromFiles, seen, tablesOf(replayed)) : differences(fromFiles, seen),
      }).toEqual({ known: [], files: [] });
      if (!exact) expect(stated.assumes).not.toEqual([]);
    });
  });

  describe("what takes no transaction around it", () => {
    let db: TestDatabase;
    let catalog: Catalog;

    beforeAll(async () => {
      await loadParser();
      db = await postgres.createDatabase("alone");
      await query(db.url, ALONE);
      const client = await connect(db.url);
      catalog = await read(client);
      await client.end();
    });
    afterAll(() => db?.drop());

    it.each([
      ["CREATE INDEX CONCURRENTLY slow ON t (a)", "t", "t"],
      ["DROP INDEX CONCURRENTLY gone", "t", "t"],
      ["REINDEX TABLE CONCURRENTLY t", "t", "t"],
      ["REINDEX INDEX CONCURRENTLY kept", "t", "t"],
      ["ALTER TABLE part DETACH PARTITION part1 CONCURRENTLY", "part", "part1"],
    ])("%s holds the lock that the model states while it waits", async (sql, table, used) => {
      const stated = effectOf(sql, catalog, 18);
      expect(stated.transaction).toBe("never");
      const held = await whileWaiting(db.url, sql, table, used);
      expect(held).toEqual([stated.locks.find((l) => l.relation.name === table)?.mode]);
    });

    it.each([
      ["CREATE INDEX CONCURRENTLY i ON part (v)", "0A000"],
      ["DROP INDEX CONCURRENTLY part_v", "0A000"],
      ["ALTER TABLE dpart DETACH PARTITION dpart1 CONCURRENTLY", "55000"],
    ])("%s is refused", async (sql, code) => {
      expect(effectOf(sql, catalog, 18).fails).toContain(code);
      await expect(query(db.url, sql)).rejects.toMatchObject({ code });
    });

    it("VACUUM FULL writes the table anew", async () => {
      const file = async () =>
        (await query(db.url, "SELECT relfilenode::text AS f FROM pg_class WHERE relname = 't'"))[0]?.f;
      const before = await file();
      await query(db.url, "VACUUM FULL t");
      expect(await file()).not.toBe(before);
      expect(effectOf("VACUUM FULL t", catalog, 18)).toMatchObject({ rewrite: true, transaction: "never" });
    });
  });
});

const ALONE = `
CREATE TABLE t (id int PRIMARY KEY, a int);
INSERT INTO t SELECT g, g FROM generate_series(1, 100) g;
CREATE INDEX gone ON t (a);
CREATE INDEX kept ON t (a);
CREATE TABLE part (k int, v int) PARTITION BY RANGE (k);
CREATE TABLE part1 PARTITION OF part FOR VALUES FROM (0) TO (100);
CREATE INDEX part_v ON part (v);
CREATE TABLE dpart (k int) PARTITION BY RANGE (k);
CREATE TABLE dpart1 PARTITION OF dpart FOR VALUES FROM (0) TO (100);
CREATE TABLE dpartd PARTITION OF dpart DEFAULT;
`;

/** The modes that a statement holds on a table while it waits for a transaction that uses that table, or another one. */
async function whileWaiting(url: string, sql: string, table: string, used: string): Promise<string[]> {
  const [user, runner] = [await connect(url), await connect(url)];
  try {
    await user.query(`BEGIN; LOCK TABLE ${used} IN ROW EXCLUSIVE MODE`);
    const pid = (await runner.query<{ pid: number }>("SELECT pg_backend_pid() AS pid")).rows[0]?.pid;
    const running = runner.query(sql);
    const locks = `SELECT mode, granted FROM pg_locks WHERE pid = ${pid}`;
    await until(`${sql} waits`, 20_000, async () =>
      (await query(url, locks)).some((l) => l.granted === false) ? true : null,
    );
    const held = await query(url, `${locks} AND relation = '${table}'::regclass AND granted`);
    await user.query("COMMIT");
    await running;
    return held.map((r) => modeName(String(r.mode))).filter((m) => m !== "ACCESS SHARE");
  } finally {
    await user.end();
    await runner.end();
  }
}

async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return client;
}

function read(client: Client): Promise<Catalog> {
  return introspect({
    id: 0,
    lost: new AbortController().signal,
    sent: () => 0,
    query: async <R extends object>(sql: string, params?: readonly unknown[]) =>
      (await client.query<R & Record<string, unknown>>(sql, params === undefined ? [] : [...params])).rows,
    close: () => client.end(),
  });
}
