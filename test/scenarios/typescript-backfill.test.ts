import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { describeServers, query, until } from "../servers/index.js";
import { type BareScene, bareScene, numbers } from "./support/bare.js";
import { killHard, works } from "./support/scene.js";
import { suite } from "./support/suite.js";

const ROWS = 300;
const FILE = "migrations/20260201000000_slugs.backfill.ts";

const SETUP = [
  "CREATE TABLE posts (id int PRIMARY KEY, title varchar(100) NOT NULL, slug varchar(100), n int NOT NULL DEFAULT 0)",
  `INSERT INTO posts (id, title) SELECT i, CONCAT('Title ', i) FROM (${numbers(ROWS)}) n`,
];

/** What the application, and the backfill, make of a title: nothing gives the title back. */
const slugOf = (title: string): string => `${title.length}-${title.toLowerCase().replaceAll(" ", "-")}`;

/** Calls take a while for each row, so that batches stay small, and are noted in a file before they begin; those for the last rows wait until a second run is there. */
const slow = (folder: string, body: string): string => `
  async map(rows) {
    appendFileSync(${JSON.stringify(join(folder, "calls.txt"))}, rows.map((row) => row.key[0] + "\\n").join(""));
    do await sleep(10 * rows.length); while (Number(rows[0].key[0]) > 200 && !existsSync(${JSON.stringify(join(folder, "go"))}));
    return rows.map(({ key, values }) => (${body}));
  },`;

const definition = (more: string): string => `
import { appendFileSync, existsSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { defineBackfill } from "zmigrate";

const slugOf = (title: string): string => title.length + "-" + title.toLowerCase().replaceAll(" ", "-");

export default defineBackfill<{ title: string; n: number }, { slug: string; n: number }>({
  table: "posts",
  select: ["title", "n"],
  ${more}
});
`;

const callsIn = ({ project }: BareScene): string[] => {
  const file = join(project.folder, "calls.txt");
  return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
};

// MySQL and MariaDB share all of it: other scenarios take the other one.
describeServers(["postgres", "mysql"], (server) => {
  const fixtures = suite();
  const { client } = fixtures;
  const scene = () => bareScene(server, fixtures, SETUP, {});

  const rowsOf = async ({ url }: BareScene) =>
    (await query(url, "SELECT id, title, slug, n FROM posts ORDER BY id")) as {
      id: number;
      title: string;
      slug: string | null;
      n: number;
    }[];

  it("writes what code computes, never over a newer value, while clients write and runs are killed", async () => {
    const s = await scene();
    const { project: p } = s;
    // Not to be run twice over a row, and nothing but the checkpoint says which it has met.
    const map = slow(p.folder, "{ key, set: { slug: slugOf(values.title), n: values.n + 1 } }");
    p.write(FILE, definition(`update: ["slug", "n"], batch: { rows: 20, target: "30ms" }, concurrency: 4, ${map}`));

    const touched = new Set<number>();
    let turn = 0;
    const writer = await client(s.url, async (run) => {
      turn += 1;
      await sleep(5);
      const id = 1 + ((turn * 7) % ROWS);
      const title = `Newer ${turn}`;
      touched.add(id);
      // Old code knows no slug; new code writes its own.
      if (turn % 2 === 0) await run("UPDATE posts SET title = ?, slug = NULL WHERE id = ?", [title, id]);
      else await run("UPDATE posts SET title = ?, slug = ? WHERE id = ?", [title, slugOf(title), id]);
    });

    const first = p.start("apply", "--json", "--release", "r1");
    await until("80 rows are passed to the code", 30_000, async () => callsIn(s).length >= 80 || null);
    await killHard(first);
    const second = p.run("apply", "--release", "r1", "--workers", "2");
    await until("the second run has batches", 30_000, async () => callsIn(s).length >= 120 || null);
    const helper = p.run("apply", "--release", "r1");
    const ranges = server.name === "postgres" ? "zmigrate.ranges" : "zmigrate_ranges";
    const helping = async () =>
      (await query(s.url, `SELECT * FROM ${ranges} WHERE worker LIKE 'helper%'`)).length > 0 || null;
    await until("a third run helps", 30_000, helping);
    p.write("go", "");
    await works(second);
    await works(helper);
    await writer.stop();

    const rows = await rowsOf(s);
    expect(touched.size).toBeGreaterThan(10);
    expect(rows.filter(({ title, slug }) => slug !== null && slug !== slugOf(title))).toEqual([]);
    expect(rows.filter(({ id, slug }) => !touched.has(id) && slug === null)).toEqual([]);
    expect(rows.filter(({ n }) => n !== 1).map(({ id, n }) => ({ id, n }))).toEqual([]);
    expect(rows).toHaveLength(ROWS);
    const { stdout } = await works(p.run("status", "--release", "r1"));
    expect(stdout).toContain("20260201000000 slugs  contracted");
  }, 120_000);

  it("stops at a row that cannot be computed with its key, goes on when it is mended, and is final", async () => {
    const s = await scene();
    const { project: p } = s;
    const helper = "slugs.ts";
    p.write(helper, 'export const error = (): Error => new Error("no title");');
    const map = `update: ["slug", "n"], where: "slug IS NULL", batch: { rows: 100 },
      map(rows) {
        if (rows.some(({ values }) => values.title === "")) throw error();
        return rows.map(({ key, values }) => ({ key, set: { slug: slugOf(values.title), n: values.n + 1 } }));
      },`;
    const text = `import { error } from "../slugs.ts";\n${definition(map)}`;
    p.write(FILE, text);
    await query(s.url, "UPDATE posts SET title = '' WHERE id = 7");
    await query(s.url, "UPDATE posts SET slug = 'mine' WHERE id = 8");
    expect((await works(p.run("plan"))).stdout).toContain("computed from title, n by");
    await works(p.run("lint"));
    await works(p.run("lint", FILE));

    const bad = await p.run("apply", "--release", "r1");
    expect(bad.code).toBe(3);
    expect(bad.stderr).toContain("the row with id = 7 cannot be computed: `map` threw: no title");
    expect((await rowsOf(s)).filter(({ n }) => n === 1).map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6]);

    // What is written already was written by other code than this.
    p.write(FILE, `${text}// edited`);
    expect((await p.run("apply", "--release", "r1")).stderr).toContain("was edited after it was applied");
    p.write(FILE, text);

    await query(s.url, "UPDATE posts SET title = 'Mended' WHERE id = 7");
    await works(p.run("apply", "--release", "r1"));
    const rows = await rowsOf(s);
    expect(rows.filter(({ n }) => n !== 1).map(({ id, slug }) => [id, slug])).toEqual([[8, "mine"]]);
    expect(rows[6]).toMatchObject({ title: "Mended", slug: slugOf("Mended") });

    // Code that is done is not loaded any more: what it needs may be gone.
    rmSync(join(p.folder, helper));
    for (const verb of ["status", "plan", "apply"]) await works(p.run(verb, "--release", "r1"));
    const back = await works(p.run("rollback", "20260201000000"));
    expect(back.stdout).toContain("A rollback leaves the rows as this backfill makes them");
    expect(await rowsOf(s)).toEqual(rows);
  }, 60_000);

  it("is refused before anything is changed, stops at an answer that means nothing, and passes over rows as it may", async () => {
    const s = await scene();
    const { project: p } = s;
    const before = "migrations/20260131000000_before.sql";
    p.write(before, "CREATE TABLE before_it (id int PRIMARY KEY);\n");
    p.write(FILE, definition('update: ["none"], map: () => [],'));
    const refused = await p.run("apply");
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("has no column none");
    p.write(FILE, 'import "./gone.js";\n');
    expect((await p.run("apply")).stderr).toContain("_slugs.backfill.ts:1:1: it cannot be loaded");
    await expect(query(s.url, "SELECT * FROM before_it")).rejects.toThrow();

    const answer =
      'update: ["slug"], map: (rows) => [...rows, ...rows].map(({ key }) => ({ key, set: { slug: "x" } })),';
    p.write(FILE, definition(answer));
    const twice = await p.run("apply");
    expect(twice.code).toBe(3);
    expect(twice.stderr).toContain('`map` returned two updates for the row ["1"]');
    expect((await rowsOf(s)).filter(({ slug }) => slug !== null)).toEqual([]);
    // Nothing was written, so that the file may be corrected.
    p.write(FILE, definition(answer.replace("[...rows, ...rows]", "rows")));
    await works(p.run("apply"));
    expect((await rowsOf(s)).filter(({ slug }) => slug !== "x")).toEqual([]);

    // Nobody waits for a call that takes long, and one that ends the process has not ended the backfill.
    const called = join(p.folder, "called");
    const map = `async map() {
      if (existsSync(${JSON.stringify(called)})) process.exit(0);
      writeFileSync(${JSON.stringify(called)}, "");
      await sleep(100_000);
      return [];
    },`;
    const long = "migrations/20260202000000_long.backfill.ts";
    p.write(long, definition(`update: ["slug"], ${map}`));
    const waiting = p.start("apply");
    await until("the code is called", 20_000, async () => existsSync(called) || null);
    waiting.kill("SIGTERM");
    expect((await waiting.result).code).toBe(130);
    const ended = await p.start("apply").result;
    expect(ended.code, ended.stderr).toBe(3);
    expect(ended.stderr).toContain("ended before the command was done");

    // Nothing was written: the file may be corrected. What code says is not among the data.
    await works(p.run("cancel", "20260202000000"));
    expect((await p.run("apply")).code).toBe(4);
    const loud = `map(rows) {
      console.log("map was called");
      return rows.map(({ key }) => ({ key, set: { slug: "y" } }));
    },`;
    p.write(long, definition(`update: ["slug"], ${loud}`));
    const { stdout, stderr } = await works(p.start("apply", "--json").result);
    for (const line of stdout.trim().split("\n")) expect(JSON.parse(line)).toHaveProperty("event");
    expect(stderr).toContain("map was called");
    expect((await rowsOf(s)).filter(({ slug }) => slug !== "y")).toEqual([]);

    // Two rows cannot be computed, and one is refused by the database.
    p.write(
      "migrations/20260203000000_bad.backfill.ts",
      definition(`update: ["slug"],
        map(rows) {
          if (rows.some(({ key }) => key[0] === "7" || key[0] === "299")) throw new Error("no slug");
          return rows.map(({ key }) => ({ key, set: { slug: key[0] === "11" ? "z".repeat(101) : "z" } }));
        },`),
    );
    const few = await p.run("apply", "--max-bad-rows", "2", "--workers", "2");
    expect(few.code).toBe(3);
    expect(few.stderr).toMatch(/the row with id = (?:7|299) cannot be computed|the row with id = 11 is refused/);
    const passed = await works(p.run("apply", "--max-bad-rows", "3", "--workers", "2"));
    const told = (few.stdout + passed.stdout).match(/passed over the row with id = \d+/g) ?? [];
    expect(told.map((line) => line.split(" ").at(-1)).toSorted()).toEqual(["11", "299", "7"]);
    expect(passed.stdout).toContain("297 rows changed of 300; 3 rows passed over");
    const status = await works(p.run("status"));
    expect(status.stdout).toMatch(/passed over 3 rows by \S+\n +id = (?:7|11|299): /);
    expect((await rowsOf(s)).filter(({ slug }) => slug !== "z").map(({ id, slug }) => [id, slug])).toEqual([
      [7, "y"],
      [11, "y"],
      [299, "y"],
    ]);
  }, 60_000);
});
