import { beforeAll, expect, test } from "vitest";
import { postgresEngine } from "../../src/engines/postgres/index.js";
import { openShadow } from "../../src/engines/postgres/shadow/index.js";
import { parseMigration } from "../../src/history/load.js";
import { filesAgainst } from "../../src/shadow/files-against.js";
import { replay } from "../../src/shadow/replay.js";

const V15 = Object.freeze({ text: "15", parts: [15] });

beforeAll(() => postgresEngine.load());

const migration = (text: string) =>
  parseMigration({ id: "20260101000000", slug: "x", file: "x.sql", text, checksum: "" }, postgresEngine);

/** The schema of a database that was made by these statements. */
async function schemaOf(text: string) {
  const shadow = await openShadow([text], V15);
  await replay([migration(text)], shadow);
  const catalog = await shadow.introspect();
  await shadow.close();
  return catalog;
}

const against = async (files: string, live: Awaited<ReturnType<typeof schemaOf>>) =>
  filesAgainst([migration(files)], live, () => openShadow([files], V15));

test("a view that an older server prints in other words is the same view, and one that says something else is not", async () => {
  const table = "CREATE TABLE t (a int, b int);\n";
  const live = await schemaOf(`${table}CREATE VIEW v AS SELECT a, b FROM t;`);
  const printed = (text: string) => ({ ...live, objects: live.objects?.map((o) => ({ ...o, restore: [text] })) ?? [] });
  // As PostgreSQL 15 prints it.
  const older = printed("CREATE OR REPLACE VIEW public.v AS\n SELECT t.a,\n    t.b\n   FROM public.t");
  expect(await against(`${table}CREATE VIEW v AS SELECT a, b FROM t;`, older)).toEqual([]);
  const other = printed("CREATE OR REPLACE VIEW public.v AS\n SELECT t.b AS a,\n    t.b\n   FROM public.t");
  expect(await against(`${table}CREATE VIEW v AS SELECT a, b FROM t;`, other)).toEqual([
    expect.stringMatching(/^view public\.v: restore: .*SELECT a,.* in the files, .*SELECT b AS a,.* in the database$/s),
  ]);
});

test("before PostgreSQL 17 partitions had no identity", async () => {
  const sql =
    "CREATE TABLE p (id int GENERATED ALWAYS AS IDENTITY, d date) PARTITION BY RANGE (d);\nCREATE TABLE p1 PARTITION OF p DEFAULT;";
  const { tables } = await schemaOf(sql);
  expect(tables.map((t) => [t.relation.name, t.columns[0]?.identity])).toEqual([
    ["p", "always"],
    ["p1", null],
  ]);
});

test("a schema in which a tool keeps its table is no difference, unless something else is in it", async () => {
  const files = "CREATE TABLE t (a int);";
  const own = `${files}\nCREATE SCHEMA mig;\nCREATE TABLE mig.goose_db_version (id serial PRIMARY KEY, version_id bigint);`;
  const live = await schemaOf(`${own}\nCREATE SCHEMA n;\nCREATE VIEW mig.v AS SELECT 1 AS a;`);
  expect(await against(files, live)).toEqual(
    expect.arrayContaining(["schema mig is there only in the database", "schema n is there only in the database"]),
  );
  const objects = live.objects?.filter(({ object, name }) => object !== "view" && name.name !== "n") ?? [];
  expect(await against(files, { ...live, objects })).toEqual([]);
});
