import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { engineFor } from "../../src/config/engine.js";
import type { Engine } from "../../src/engines/engine.js";
import { collectQueries } from "../../src/queries/collect.js";

const folder = mkdtempSync(join(tmpdir(), "zmigrate-queries-"));
let engine: Engine;
beforeAll(async () => {
  engine = await engineFor("postgres");
  mkdirSync(join(folder, "q/deep"), { recursive: true });
  mkdirSync(join(folder, "empty"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const put = (file: string, text: string): string => {
  writeFileSync(join(folder, file), text);
  return join(folder, file);
};
const collect = (...sources: readonly string[]) => collectQueries(sources, engine, null);
const of = async (source: string) =>
  (await collect(source)).queries.map((q) => [q.source.replace(`${folder}/`, ""), q.sql ?? q.reason]);

it("reads the .sql files of a folder and below, each query once", async () => {
  put("q/b.sql", "-- name: Two\nSELECT 2;\nSELECT 1;\nSET x = 1;");
  put("q/deep/a.sql", "SELECT\n 3; SELECT 1;");
  put("q/notes.txt", "SELECT 9");
  expect(await of(join(folder, "q"))).toEqual([
    ["q/b.sql:2 Two", "SELECT 2"],
    ["q/b.sql:3", "SELECT 1"],
    ["q/deep/a.sql:1", "SELECT\n 3"],
  ]);
  expect(await of(join(folder, "q/*.sql"))).toHaveLength(2);
  expect((await collect(join(folder, "q"))).leftOut).toEqual([`${join(folder, "q/b.sql")}:4 (SET is no query)`]);
});

it("reads exports of pg_stat_statements and of digests, and names what the server has cut or lost", async () => {
  const csv = put("s.csv", 'calls,Query\n7,"SELECT a, b FROM t WHERE a = $1"\n2,\n');
  expect(await of(csv)).toEqual([
    ["s.csv row 1", "SELECT a, b FROM t WHERE a = $1"],
    ["s.csv row 2", "the server does not have its text any more, or does not show it to this role"],
  ]);
  const digests = [{ DIGEST_TEXT: "SELECT 1 FROM t WHERE a = ?" }, { DIGEST_TEXT: "SELECT a , b , ..." }];
  const cut = [
    ["row 1", "SELECT 1 FROM t WHERE a =  $1"],
    ["row 2", "the server has cut its text"],
  ];
  const named = (file: string) => cut.map(([row, said]) => [`${file} ${row}`, said]);
  put("d.json", JSON.stringify(digests));
  put("l.json", digests.map((d) => JSON.stringify(d)).join("\n"));
  expect(await of(join(folder, "d.json"))).toEqual(named("d.json"));
  expect(await of(join(folder, "l.json"))).toEqual(named("l.json"));
});

it.each([
  ["x.csv", "calls,text\n1,SELECT", "no column of its first line"],
  ["y.csv", 'query\n"SELECT', "not CSV"],
  ["x.json", "[1, 2]", "row 1 has no text"],
  ["y.json", '{"query": "SELECT 1"}\nhello', "line 2"],
])("refuses %s, which is no export", async (file, text, reason) => {
  await expect(collect(put(file, text))).rejects.toMatchObject({
    code: "bad-queries",
    message: expect.stringContaining(reason),
  });
});

it("refuses a source that holds nothing, and a database that is not named", async () => {
  await expect(collect(join(folder, "empty"))).rejects.toMatchObject({ code: "bad-queries" });
  await expect(collect(join(folder, "nowhere"))).rejects.toMatchObject({ code: "file-not-found" });
  await expect(collect(join(folder, "no*.sql"))).rejects.toMatchObject({ code: "file-not-found" });
  await expect(collect("database")).rejects.toMatchObject({ code: "usage" });
});

it("reads the statistics of a database, each text once", async () => {
  const texts = [
    { id: "1", text: "SELECT $1" },
    { id: "2", text: null },
    { id: "3", text: "BEGIN" },
  ];
  const { queries, leftOut } = await collectQueries(["database"], engine, async () => texts);
  expect(queries.map((q) => [q.source, q.sql])).toEqual([
    ["database 1", "SELECT $1"],
    ["database 2", null],
  ]);
  expect(leftOut).toEqual(["database 3 (BEGIN is no query)"]);
});
