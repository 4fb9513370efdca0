import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runImport } from "../../src/commands/import.js";
import { lint } from "../../src/commands/lint.js";
import { isError } from "../../src/errors.js";
import { type Sandbox, sandbox } from "./support.js";

let box: Sandbox;
beforeEach(() => {
  box = sandbox();
});
afterEach(() => box.remove());

function put(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) box.put(path, text);
}

const written = (): Record<string, string> =>
  Object.fromEntries(
    readdirSync(join(box.cwd, "migrations"))
      .toSorted()
      .map((name) => [name, readFileSync(join(box.cwd, "migrations", name), "utf8")]),
  );

const A = "CREATE TABLE a (id int PRIMARY KEY);";
const B = "ALTER TABLE a ADD COLUMN b int;";

const JOURNAL = JSON.stringify({
  entries: [
    { idx: 0, when: 1704067200000, tag: "0000_one" },
    { idx: 1, when: 1704153600000, tag: "0001_two" },
  ],
});

const FOLDERS: Readonly<Record<string, { files: Record<string, string>; made: Record<string, string> }>> = {
  "golang-migrate": {
    files: { "000001_one.up.sql": A, "000001_one.down.sql": "DROP TABLE a;", "000002_two.up.sql": `${B}\n` },
    made: {
      "00000000000001_one.sql": `-- zmigrate:imported golang-migrate 1\n${A}\n`,
      "00000000000002_two.sql": `-- zmigrate:imported golang-migrate 2\n${B}\n`,
    },
  },
  prisma: {
    files: {
      "20240101000000_one/migration.sql": `-- CreateTable\n${A}\n`,
      "20240102000000_two/migration.sql": B,
      "migration_lock.toml": "",
    },
    made: {
      "20240101000000_one.sql": `-- zmigrate:imported prisma 20240101000000_one\n-- CreateTable\n${A}\n`,
      "20240102000000_two.sql": `-- zmigrate:imported prisma 20240102000000_two\n${B}\n`,
    },
  },
  drizzle: {
    files: {
      "meta/_journal.json": JOURNAL,
      "0000_one.sql": `${A.slice(0, -1)}\n--> statement-breakpoint\n${B}`,
      "0001_two.sql": "ALTER TABLE a ADD COLUMN c int;",
    },
    made: {
      "20240101000000_one.sql": `-- zmigrate:imported drizzle 1704067200000\n${A.slice(0, -1)}\n;${" ".repeat(23)}\n${B}\n`,
      "20240102000000_two.sql": "-- zmigrate:imported drizzle 1704153600000\nALTER TABLE a ADD COLUMN c int;\n",
    },
  },
  flyway: {
    files: {
      "V1__one.sql": A,
      "v2/V1_1__two.sql": B,
      "R__all.sql": "CREATE OR REPLACE VIEW w AS SELECT id FROM a;",
      "U1__one.sql": "",
    },
    made: {
      "00000000000001_one.sql": `-- zmigrate:imported flyway 1\n${A}\n`,
      "00000000000002_two.sql": `-- zmigrate:imported flyway 1.1\n${B}\n`,
      "00000000000003_all.sql":
        "-- zmigrate:imported flyway R__all.sql\nCREATE OR REPLACE VIEW w AS SELECT id FROM a;\n",
    },
  },
  goose: {
    files: { "00001_one.sql": `-- +goose Up\n${A}\n-- +goose Down\nDROP TABLE a;\n` },
    made: { "00000000000001_one.sql": `-- zmigrate:imported goose 1\n-- +goose Up\n${A}\n` },
  },
  "node-pg-migrate": {
    files: { "1704067200000_one.sql": `-- Up Migration\n${A}\n\n-- Down Migration\nDROP TABLE a;\n` },
    made: {
      "20240101000000_one.sql": `-- zmigrate:imported node-pg-migrate 1704067200000_one\n-- Up Migration\n${A}\n`,
    },
  },
  knex: {
    files: {
      "20240101000000_one.js": `exports.up = async (knex) => {\n  await knex.raw("${A}");\n};\nexports.down = async (knex) => {};\n`,
    },
    made: { "20240101000000_one.sql": `-- zmigrate:imported knex 20240101000000_one\n${" ".repeat(18)}${A};\n` },
  },
};

test.each(Object.entries(FOLDERS))(
  "migrations of %s become files of ours, in order, under their versions",
  async (tool, { files, made }) => {
    put(Object.fromEntries(Object.entries(files).map(([path, text]) => [`old/${path}`, text])));
    expect(await runImport("old", { dryRun: true }, box.io)).toBe(0);
    expect(existsSync(join(box.cwd, "migrations"))).toBe(false);
    expect(await runImport("old", {}, box.io)).toBe(0);
    expect(written()).toEqual(made);
    expect(box.stderr()).toContain(`\`zmigrate baseline --from ${tool}\``);
  },
);

test("the JSON says which file became which", async () => {
  put({ "old/000001_one.up.sql": A });
  await runImport("old", { json: true, migrations: "new" }, box.io);
  expect(JSON.parse(box.stdout())).toEqual({
    version: 1,
    tool: "golang-migrate",
    files: [
      {
        from: join(box.cwd, "old/000001_one.up.sql"),
        version: "1",
        file: join(box.cwd, "new/00000000000001_one.sql"),
      },
    ],
  });
});

const TOML = '[flyway]\nplaceholderPrefix = "#["\nplaceholderSuffix = "]"\n';

/** Each leaves the migrations folder as it was. */
test.each<[string, Record<string, string>, Parameters<typeof runImport>[0], object, string, RegExp]>([
  [
    "code that is not SQL",
    { "old/20240101000000_one.js": "exports.up = (knex) => knex.schema.createTable('a', (t) => { t.increments(); });" },
    ...(["old", {}, "import-code", /20240101000000_one\.js:1:\d+: /] as const),
  ],
  [
    "code beside SQL",
    { "old/V1__a.sql": A, "old/sub/V2__b.java": "class B {}" },
    ...(["old", {}, "import-code", /old\/sub\/V2__b\.java: it is code/] as const),
  ],
  [
    "code beside files with marks",
    { "old/00001_a.sql": `-- +goose Up\n${A}\n`, "old/00002_b.go": "package x" },
    ...(["old", {}, "import-code", /00002_b\.go/] as const),
  ],
  [
    "a name that would be SQL",
    { "old/V1__a.sql": A, "old/R__a\nDROP TABLE b; --.sql": "SELECT 1;" },
    ...(["old", {}, "not-of-tool", /R__a/] as const),
  ],
  [
    "what Flyway would replace in a string",
    { "old/V1__a.sql": `${A} -- $\{b}\nINSERT INTO a VALUES (1, '$\{c}');` },
    ...(["old", {}, "import-placeholders", /V1__a\.sql:2:27: \$\{c\}/] as const),
  ],
  [
    "what Flyway would replace by marks of the project's own",
    { "old/V1__a.sql": `${A}\nINSERT INTO a VALUES (1, '#[c]', '$\{d}');`, "old/flyway.toml": TOML },
    ...(["old", {}, "import-placeholders", /:\n.*V1__a\.sql:2:27: #\[c\]$/] as const),
  ],
  [
    "what goose would replace, from ENVSUB ON on",
    {
      "old/00001_a.sql": `-- +goose Up\n${A}\nSELECT '$off';\n-- +goose envsub on\nSELECT '$who', '$\{WHOM:-x}', $$a$$;\n`,
    },
    ...(["old", {}, "import-placeholders", /:\n.*a\.sql:5:9: \$who\n.*a\.sql:5:17: \$\{WHOM:-x\}$/] as const),
  ],
  ["SQL that does not parse", { "old/V1__a.sql": "CREATE TABEL a;" }, "old", {}, "syntax-error", /V1__a\.sql:1:/],
  ["a folder of no tool", { "old/1_a.sql": A, "old/2_b.sql": B }, "old", {}, "unknown-tool", /no tool that is known/],
  [
    "a tool that keeps what it has run otherwise",
    { "old/20240101000000_a/up.sql": A },
    "old",
    {},
    "unknown-tool",
    /Diesel/,
  ],
  ["another tool's names", { "old/V1__a.sql": A }, "old", { from: "dbmate" }, "not-of-tool", /V1__a\.sql/],
  ["a tool that does not exist", { "old/V1__a.sql": A }, "old", { from: "rails" }, "usage", /"rails"/],
  ["its own folder", { "migrations/000001_a.up.sql": A }, "migrations", {}, "import-target", /both/],
  [
    "a folder that has migrations",
    { "old/000001_a.up.sql": A, "migrations/20240101000000_x.sql": B },
    ...(["old", {}, "import-target", /has migrations already/] as const),
  ],
  ["a folder that is not there", {}, "old", {}, "folder-not-found", /old/],
])("refuses %s, and writes nothing", async (_, files, folder, flags, code, message) => {
  put(files);
  const before = existsSync(join(box.cwd, "migrations")) ? written() : null;
  const error = await runImport(folder, flags, box.io).catch((e: unknown) => e);
  expect(isError(error, code as "usage"), String(error)).toBe(true);
  expect(String(error)).toMatch(message);
  expect(existsSync(join(box.cwd, "migrations")) ? written() : null).toEqual(before);
});

test("says as which engine's it has read SQL that does not parse, and how another one is named", async () => {
  put({ "old/000001_a.up.sql": "CREATE TABLE a (id int auto_increment PRIMARY KEY);" });
  const help = expect.stringMatching(/read as that of postgres: .* name that with --engine/);
  await expect(runImport("old", {}, box.io)).rejects.toMatchObject({ code: "syntax-error", help });
  expect(await runImport("old", { engine: "mysql" }, box.io)).toBe(0);
});

test.each<[string, Record<string, string>]>([
  ["of a file", { "old/V1__a.sql.conf": "placeholderReplacement=false" }],
  ["of the folder", { "old/flyway.conf": "flyway.placeholderReplacement=false" }],
  ["of Spring Boot", { "application.yml": "spring:\n  flyway:\n    placeholder-replacement: false\n" }],
  ["of other marks", { "old/flyway.conf": "flyway.placeholderPrefix=#{" }],
])("takes what looks like a placeholder as it stands where the settings %s say so", async (_, settings) => {
  const insert = `INSERT INTO a VALUES ('$\{c}');`;
  put({ ".git/HEAD": "", "old/V1__a.sql": insert, ...settings });
  expect(await runImport("old", {}, box.io)).toBe(0);
  expect(written()["00000000000001_a.sql"]).toContain(insert);
});

test("takes what looks like a placeholder of goose's as it stands behind ENVSUB OFF", async () => {
  const insert = "INSERT INTO a VALUES ('$c');";
  put({ "old/00001_a.sql": `-- +goose Up\n-- +goose ENVSUB ON\n${A}\n-- +goose ENVSUB OFF\n${insert}\n` });
  expect(await runImport("old", {}, box.io)).toBe(0);
  expect(Object.values(written())[0]).toContain(insert);
});

test("does not look into installed packages", async () => {
  put({ "old/V1__a.sql": A, "old/node_modules/p/1_b.js": "", "old/.cache/V2__c.java": "" });
  expect(await runImport("old", {}, box.io)).toBe(0);
});

test.each([
  ["postgres", "CREATE TABLE b (id int)"],
  ["mysql", "CREATE PROCEDURE p()\nBEGIN\n  SELECT 1;\nEND"],
])("takes goose's blocks without a semicolon (%s)", async (engine, block) => {
  const begin = "-- +goose StatementBegin";
  const up = `-- +goose Up\n${begin}\n${block}\n-- +goose StatementEnd\n${A}\n-- +goose Down\nDROP TABLE a;\n`;
  put({ "old/00001_a.sql": up });
  expect(await runImport("old", { engine }, box.io)).toBe(0);
  expect(box.stderr()).toContain("goose");
  const [text] = Object.values(written());
  put({ "again/20260101000000_a.sql": text ?? "" });
  expect(await lint(["again"], { engine, maxSeverity: "error" }, box.io)).toBe(0);
});
