import { beforeAll, expect, it } from "vitest";
import { postgresEngine } from "../../src/engines/postgres/index.js";
import { openShadow } from "../../src/engines/postgres/shadow/index.js";
import { parseMigration } from "../../src/history/load.js";
import { withInFlight } from "../../src/plan/in-flight.js";
import { planFromShadow } from "../../src/plan/shadow.js";

const version = { text: "18", parts: [18] };
const SETTINGS = { parkMs: 0, soakMs: 0, serverVersion: version, release: null };

const TEXTS = [
  "CREATE TABLE a (id int PRIMARY KEY, n int, old int); CREATE TABLE b (id int PRIMARY KEY);",
  "ALTER TABLE a RENAME COLUMN old TO fresh;",
  // Written on what the rename ends with: it cannot be run before.
  "ALTER TABLE a ADD COLUMN old text; ALTER TABLE a DROP COLUMN old;",
  "ALTER TABLE b ADD COLUMN n int;",
];
const QUERIES = ["SELECT old FROM a", "SELECT n, old FROM a, b"].map((sql, i) => ({
  source: `q.sql:${i}`,
  text: sql,
  sql,
  reason: "",
}));

beforeAll(() => postgresEngine.load());

const folderOf = (texts: readonly string[]) =>
  texts.map((text, n) => {
    const id = `2026010100000${n}`;
    return parseMigration({ id, slug: "x", file: `${id}_x.sql`, text, checksum: "" }, postgresEngine);
  });

it("says that nobody can tell where one plan needs the other's contract, and asks nothing that the matrix says", async () => {
  const folder = folderOf(TEXTS);
  const files = folder.filter((_, i) => i === 1 || i === 3).map((m) => m.file);
  const open = () => openShadow([], version);
  const report = await planFromShadow(postgresEngine, folder, SETTINGS, files, open, QUERIES);
  expect(report.migrations.map((m) => m.compatibility?.map((q) => q.owner))).toEqual([
    ["old", "old"],
    ["none", "none"],
  ]);
  const { migrations } = await withInFlight(report, { folder, queries: QUERIES, open });
  expect(migrations[1]?.compatibility?.[1]).toMatchObject({
    owner: "unknown",
    outcomes: {
      expand: { verdict: "unknown", reason: expect.stringContaining('column "old" of relation "a" already exists') },
    },
  });
  expect(migrations[1]?.refusals).toEqual([]);
  const [only] = report.migrations;
  const never = () => Promise.reject(new Error("asked"));
  expect(
    only === undefined
      ? null
      : await withInFlight({ ...report, migrations: [only] }, { folder, queries: QUERIES, open: never }),
  ).toMatchObject({
    migrations: [{ id: only?.id }],
  });
}, 60_000);
