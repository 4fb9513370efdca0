import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { type LintFlags, lint } from "../../src/commands/lint.js";
import { type Sandbox, sandbox } from "./support.js";

const DROP = "ALTER TABLE t DROP COLUMN a;\n";
const UNIQUE = "CREATE UNIQUE INDEX CONCURRENTLY i ON t (a);\n";
const JSON_COLUMN = "ALTER TABLE t ADD COLUMN j json;\n";

const boxes: Sandbox[] = [];
const box = (files: Record<string, string>, env = {}, stdin = ""): Sandbox => {
  const made = sandbox(env, stdin);
  for (const [file, text] of Object.entries(files)) made.put(file, text);
  boxes.push(made);
  return made;
};
afterEach(() => {
  for (const made of boxes.splice(0)) made.remove();
});

async function run(made: Sandbox, files: readonly string[] = [], flags: LintFlags = {}) {
  const code = await lint(files, { format: "json", ...flags }, made.io);
  const report = JSON.parse(made.stdout());
  return { code, report, rules: report.findings.map((finding: { rule: string }) => finding.rule) };
}

test("without findings the exit code is 0", async () => {
  const made = box({ "migrations/20260102030405_a.sql": "ALTER TABLE t ADD COLUMN a int;" });
  expect(await run(made)).toMatchObject({ code: 0, rules: [] });
});

test("without files the folder is judged", async () => {
  const made = box({ "migrations/20260102030405_a.sql": DROP, "migrations/20260102030406_b.sql": UNIQUE });
  const { code, rules, report } = await run(made);
  expect({ code, rules }).toEqual({ code: 1, rules: ["ban-drop-column", "adding-unique-index"] });
  expect(report.summary).toEqual({ files: 2, statements: 2, errors: 1, warnings: 0, infos: 1 });
});

test("a named file is judged alone, with its history", async () => {
  const made = box({
    "migrations/20260102030405_a.sql": "CREATE TABLE p (k int) PARTITION BY RANGE (k); DROP TABLE x;",
    "migrations/20260102030406_b.sql": "CREATE INDEX CONCURRENTLY i ON p (k);",
  });
  expect(await run(made, ["migrations/20260102030406_b.sql"])).toMatchObject({
    code: 1,
    rules: ["failing-statement"],
  });
});

test.each([
  ["info", undefined, UNIQUE, 0],
  ["warning", undefined, JSON_COLUMN, 1],
  ["warning", "warning", JSON_COLUMN, 0],
  ["error", "warning", DROP, 1],
  ["error", "error", DROP, 0],
] as const)("a finding of severity %s with --max-severity %s", async (_, maxSeverity, text, code) => {
  const made = box({ "a.sql": text });
  expect((await run(made, ["a.sql"], maxSeverity === undefined ? {} : { maxSeverity })).code).toBe(code);
});

test("a file that does not parse gives 2, whatever is allowed, and the others' findings are shown", async () => {
  const made = box({ "a.sql": "SELEC 1;", "b.sql": DROP });
  expect(await run(made, ["a.sql", "b.sql"], { maxSeverity: "error" })).toMatchObject({
    code: 2,
    rules: ["syntax-error", "ban-drop-column"],
  });
});

test("an unused ignore gives 2", async () => {
  const made = box({ "a.sql": "-- zmigrate:ignore ban-drop-column -- x\nSELECT 1;" });
  expect(await run(made, ["a.sql"])).toMatchObject({ code: 2, rules: ["unused-ignore"] });
});

test("standard input stands for a file, with that file's history", async () => {
  const made = box(
    {
      "migrations/20260102030405_a.sql": "CREATE TABLE p (k int) PARTITION BY RANGE (k);",
      "migrations/20260102030406_b.sql": "SELECT 1;",
    },
    {},
    "\uFEFFCREATE INDEX CONCURRENTLY i ON p (k);\r\n",
  );
  const { code, report } = await run(made, [], { stdinFilepath: "migrations/20260102030406_b.sql" });
  expect(code).toBe(1);
  expect(report.findings).toMatchObject([{ rule: "failing-statement", file: expect.stringMatching(/b\.sql$/) }]);
});

test("severities come from the configuration", async () => {
  const made = box({ "zmigrate.config.json": '{"lint":{"rules":{"ban-drop-column":"info"}}}', "a.sql": DROP });
  expect(await run(made, ["a.sql"])).toMatchObject({ code: 0, rules: ["ban-drop-column"] });
});

test("the engine decides how a file is read", async () => {
  const made = box({ "a.sql": "ALTER TABLE `t` ADD COLUMN a int;" });
  expect((await run(made, ["a.sql"])).code).toBe(2);
  const again = box({ "a.sql": "ALTER TABLE `t` ADD COLUMN a int;" });
  expect((await run(again, ["a.sql"], { engine: "mysql" })).code).toBe(0);
});

test("the server's version decides what a statement does", async () => {
  const FIRST = "ALTER TABLE t ADD COLUMN a int FIRST;";
  const flags = (serverVersion: string): LintFlags => ({ engine: "mysql", serverVersion });
  expect((await run(box({ "a.sql": FIRST }), ["a.sql"], flags("8.0.28"))).rules).toContain("table-rebuild");
  expect((await run(box({ "a.sql": FIRST }), ["a.sql"], flags("8.4"))).rules).not.toContain("table-rebuild");
});

test.each([
  ["postgres", "9.6", "14 to 18"],
  ["postgres", "13.9", "14 to 18"],
  ["mysql", "5.6", "5.7 to 9.7"],
  ["mariadb", "10.5", "10.6 to 11.8"],
])("%s %s is refused, with what is known: %s", async (engine, serverVersion, range) => {
  const made = box({ "a.sql": "SELECT 1;" });
  await expect(lint(["a.sql"], { engine, serverVersion }, made.io)).rejects.toMatchObject({
    code: "usage",
    exitCode: 2,
    message: expect.stringContaining(range),
  });
});

test("a server that is newer than what is known is judged as the newest of that, and a person is told", async () => {
  const made = box({ "a.sql": "ALTER TABLE t ADD CONSTRAINT c NOT NULL a NOT VALID;" });
  expect((await run(made, ["a.sql"], { engine: "postgres", serverVersion: "19" })).code).toBe(0);
  expect(made.stderr()).toBe("PostgreSQL 19 is newer than what zmigrate knows, 14 to 18: it is judged as 18.\n");
});

test.each([
  ["postgres", "18.4"],
  ["mysql", "5.7"],
  ["mysql", "8"],
  ["mysql", "9.7.1"],
  ["mariadb", "11.8.6-MariaDB"],
])("%s %s is known", async (engine, serverVersion) => {
  const made = box({ "a.sql": "SELECT 1;" });
  await run(made, ["a.sql"], { engine, serverVersion });
  expect(made.stderr()).toBe("");
});

test.each([
  [["a.sql"], { stdinFilepath: "b.sql" }, "takes no files"],
  [[], { stdinFilepath: "" }, "names no file"],
  [[], { stdinFilepath: "m" }, "is a folder"],
  [[], { stdinFilepath: "m/" }, "is a folder"],
  [[], { stdinFilepath: "new/" }, "is a folder"],
  [[], { format: "xml" }, "--format"],
  [[], { format: "constructor" }, "--format"],
  [[], { maxSeverity: "fatal" }, "--max-severity"],
  [[], { engine: "oracle" }, "--engine"],
  [["-"], {}, "- is no file"],
] as const)("lint %j %j is a usage error", async (files, flags, words) => {
  const made = box({ "a.sql": DROP, "m/a.sql": DROP });
  await expect(lint(files, flags, made.io)).rejects.toMatchObject({
    code: "usage",
    message: expect.stringContaining(words),
  });
});

test.each([
  [{}, "folder-not-found"],
  [{ "migrations/a.sql": "" }, "bad-file-name"],
  [{ "migrations/20260102030405_a.sql": "", "migrations/20260102030405_b.sql": "" }, "duplicate-id"],
])("a folder %j is refused: %s", async (files, code) => {
  await expect(lint([], {}, box(files).io)).rejects.toMatchObject({ code, exitCode: 2 });
});

test("a glob that the shell has left is expanded", async () => {
  const made = box({ "m/a.sql": DROP, "m/sub/b.sql": UNIQUE });
  expect((await run(made, ["m/**/*.sql"])).rules).toEqual(["ban-drop-column", "adding-unique-index"]);
  await expect(lint(["m/*.sq"], {}, made.io)).rejects.toMatchObject({ code: "file-not-found" });
});

test.each([["fix"], ["gitBase"]])("--stdin-filepath and --%s do not go together", async (flag) => {
  const flags = { stdinFilepath: "a.sql", [flag]: flag === "fix" ? true : "main" };
  await expect(lint([], flags, box({}, {}, DROP).io)).rejects.toMatchObject({ code: "usage" });
});

test("a file that runs only on the way back is named and not judged", async () => {
  const made = box({ "m/1_a.up.sql": UNIQUE, "m/1_a.down.sql": DROP });
  expect(await run(made, ["m/1_a.up.sql", "m/1_a.down.sql"])).toMatchObject({
    code: 0,
    rules: ["adding-unique-index"],
  });
  expect(made.stderr()).toContain("1_a.down.sql: not judged");
});

test("what the tool passes over is named, and a folder with SQL in which no migration is found is refused", async () => {
  const made = box({ "m/1_a/up.sql": DROP, "m/1_a/down.sql": UNIQUE, "m/data.sql": UNIQUE });
  expect((await run(made, ["m"])).rules).toEqual(["ban-drop-column"]);
  expect(made.stderr()).toContain("data.sql: not judged, Diesel passes over it\n");
  const none = box({ "m/queries/a.sql": DROP });
  await expect(lint(["m"], {}, none.io)).rejects.toMatchObject({ code: "no-migrations" });
});

test("a file that Drizzle's journal does not list is no part of its history, and one info says so", async () => {
  const entries = [
    { idx: 0, tag: "0000_a" },
    { idx: 1, tag: "0002_c" },
  ];
  const files = {
    "m/meta/_journal.json": JSON.stringify({ entries }),
    "m/0000_a.sql": "CREATE TABLE users (id bigint PRIMARY KEY);",
    "m/0001_b.sql": "ALTER TABLE users DROP COLUMN a;",
    "m/0001_old.sql": "DROP TABLE users;",
    "m/0002_c.sql": "ALTER TABLE users DROP CONSTRAINT users_pkey;",
  };
  for (const named of [["m"], ["m/0002_c.sql"]]) {
    const { report, rules } = await run(box(files), named);
    expect(rules).toEqual(["unread-history", "dropping-key"]);
    expect(report.findings[0]).toMatchObject({
      severity: "info",
      line: 1,
      message: `The journal of Drizzle does not list this file, so Drizzle does not run it: it is not judged here, and taken for no part of the history. So it is with 0001_old.sql.`,
    });
  }
  // Named by itself it is about to be listed.
  expect((await run(box(files), ["m/0001_b.sql"])).rules).toEqual([
    "unread-history",
    "ban-drop-column",
    "contradicting-history",
  ]);
});

test("the folders of Flyway's location are one history, whichever of its files is named", async () => {
  const files = {
    "migration/1.0.0/ddl/V1__a.sql": "CREATE TABLE users (id bigint PRIMARY KEY, v varchar(9));\n",
    "migration/1.1.0/ddl/V2__b.sql":
      "ALTER TABLE users ALTER COLUMN v TYPE varchar(99);\nALTER TABLE users DROP COLUMN v;\n",
  };
  for (const named of ["migration", "migration/1.1.0/ddl/V2__b.sql"])
    expect((await run(box(files), [named])).rules).toEqual(["ban-drop-column"]);
});

test.each([
  ["dbmate", { "m/1_a.sql": `-- migrate:up\n${UNIQUE}-- migrate:down\n${DROP}` }],
  ["goose", { "m/1_a.sql": `-- +goose Up\n${UNIQUE}-- +goose Down\n${DROP}` }],
  ["Prisma", { "m/migration_lock.toml": "", "m/1_a/migration.sql": UNIQUE, "m/1_a/down.sql": DROP }],
  ["Flyway", { "m/V1__a.sql": UNIQUE, "m/U1__a.sql": DROP }],
  ["Diesel", { "m/1_a/up.sql": UNIQUE, "m/1_a/down.sql": DROP }],
  [
    "TypeORM",
    {
      "m/1700000000000-A.ts": `export class A1700000000000 implements MigrationInterface {
        async up(queryRunner: QueryRunner) { await queryRunner.query("${UNIQUE.trim()}"); }
        async down(queryRunner: QueryRunner) { await queryRunner.query("${DROP.trim()}"); } }`,
    },
  ],
  ["node-pg-migrate", { "m/1_a.sql": `-- Up Migration\n${UNIQUE}-- Down Migration\n${DROP}` }],
  [
    "Knex",
    {
      "m/1_a.js": `exports.up = (knex) => knex.raw("${UNIQUE.trim()}");\nexports.down = (k) => k.raw("${DROP.trim()}");`,
    },
  ],
])("a folder of %s is linted as it runs on the way up", async (_, files: Record<string, string>) => {
  const made = box(files);
  const { rules, report } = await run(made, [], { migrations: "m" });
  expect(rules).not.toContain("ban-drop-column");
  expect(rules).toContain("adding-unique-index");
  expect(report.summary.files).toBe(1);
});

test("what a script builds by code is a finding at its place", async () => {
  const made = box({ "m/1_a.ts": "export const up = (knex) =>\n  knex.schema.dropTable('t');\n" });
  const { code, report } = await run(made, [], { migrations: "m" });
  expect(code).toBe(2);
  expect(report.findings).toMatchObject([{ rule: "syntax-error", line: 2, message: expect.stringContaining("Knex") }]);
});

test.each([
  ["\\i other.sql\nSELECT 1;\n", ["syntax-error@1"]],
  ["SELECT 1;\n\\set x 1\n\\copy t FROM 'x'\n", ["syntax-error@2", "syntax-error@3"]],
  [`COPY t FROM stdin;\n1\tDROP TABLE t;\n\\.\n${DROP}`, ["syntax-error@1", "ban-drop-column@4"]],
])("psql's own commands and data are loud: %j", async (text, places) => {
  const { code, report } = await run(box({ "a.sql": text }), ["a.sql"]);
  expect(code).toBe(2);
  const found = report.findings.map(({ rule, line }: { rule: string; line: number }) => `${rule}@${line}`);
  expect(found.filter((place: string) => !place.startsWith("not-supported"))).toEqual(places);
});

test.each([
  ["UTF-16", Buffer.from(`\uFEFF${DROP}`, "utf16le"), "UTF-16"],
  ["UTF-16 without a mark", Buffer.from(DROP, "utf16le"), "NUL"],
  ["an image", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0]), "not UTF-8"],
  ["Latin-1", Buffer.from("-- caf\u00e9\n", "latin1"), "not UTF-8"],
])("%s is a clear error", async (_, bytes, words) => {
  const made = box({ "b.sql": DROP });
  writeFileSync(join(made.cwd, "a.sql"), bytes);
  const { code, report } = await run(made, ["a.sql", "b.sql"]);
  const [broken, other] = report.findings as { rule: string; message: string }[];
  expect([code, broken?.rule, other?.rule]).toEqual([2, "syntax-error", "ban-drop-column"]);
  expect(broken?.message).toContain(words);
});

test("every format says that a folder is clean", async () => {
  for (const format of ["text", "json", "sarif", "github", "gitlab", "junit", "markdown"]) {
    const made = box({ "a.sql": "SELECT 1;" });
    expect(await lint(["a.sql"], { format }, made.io), format).toBe(0);
    expect(made.stdout(), format).toMatch(/\n$/);
  }
});

test("--trace is for PostgreSQL", async () => {
  const made = box({ "a.sql": "SELECT 1;" });
  await expect(lint(["a.sql"], { engine: "mysql", trace: true }, made.io)).rejects.toMatchObject({
    code: "usage",
    message: expect.stringContaining("mysql"),
  });
});

test("a folder without a migration is said to have none", async () => {
  const made = box({ "migrations/README.md": "" });
  expect((await run(made)).code).toBe(0);
  expect(made.stderr()).toContain("No migration was found");
});
