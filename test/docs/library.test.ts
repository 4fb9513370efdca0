import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import * as zmigrate from "../../src/index.js";
import { bareScene } from "../scenarios/support/bare.js";
import { suite } from "../scenarios/support/suite.js";
import { describeServer } from "../servers/index.js";

const ROOT = join(import.meta.dirname, "../..");
const TEXT = readFileSync(join(ROOT, "docs/library.md"), "utf8");
const PROGRAMS = [...TEXT.matchAll(/```js\n(.*?)```/gs)].map(([, program = ""]) => program);

it("names functions that are exported", () => {
  const [, table = ""] = TEXT.split("## What there is");
  const named = table.split("\n").flatMap((line) => {
    const [, cell = ""] = line.split("|");
    return [...cell.matchAll(/`(\w+)[`(]/g)].map(([, name = ""]) => name);
  });
  expect(named.length).toBeGreaterThan(15);
  for (const name of named) expect(Object.keys(zmigrate), name).toContain(name);
});

describeServer("postgres", (server) => {
  const fixtures = suite();

  it("has programs that run, as many at once as there are", async () => {
    const { project: p, url } = await bareScene(server, fixtures, ["CREATE TABLE t (id int PRIMARY KEY, a int)"], {
      rename: "ALTER TABLE t RENAME COLUMN a TO b;\n",
    });
    mkdirSync(join(p.folder, "node_modules"));
    symlinkSync(ROOT, join(p.folder, "node_modules/zmigrate"), "dir");
    const run = async (n: number) => {
      const file = join(p.folder, `program${n}.mjs`);
      writeFileSync(file, PROGRAMS[n] ?? "");
      const env = { ...process.env, DATABASE_URL: url };
      return (await promisify(execFile)(process.execPath, [file], { cwd: p.folder, env })).stdout;
    };
    const [one = "", two = ""] = await Promise.all([run(0), run(0)]);
    for (const said of [one, two]) expect(said).toMatch(/^\d migrations, \d wait for their gates$/m);
    expect(`${one}${two}`.match(/"event":"step-done"/g)?.length).toBeGreaterThan(3);
    const said = await run(1);
    expect(said).toMatch(/^migrations.20260101000000_rename\.sql:1 renaming-column: /m);
    expect(said).toMatch(/^20260101000000 backfilled: wait for /m);
  }, 60_000);
});
