import { expect, it } from "vitest";
import { describeServer, describeServers, query } from "../servers/index.js";
import { project } from "./support/cli.js";
import { sameAsPlain } from "./support/compare.js";
import { works } from "./support/scene.js";
import { schemaOf } from "./support/schema.js";
import { suite } from "./support/suite.js";

const isPostgres = (name: string) => name === "postgres";

/** Names that break whoever forgets to quote, cuts them, or compares them in another case. */
function hostile(server: string): readonly { table: string; from: string; to: string }[] {
  const quoteMark = isPostgres(server) ? '"' : "`";
  const longest = isPostgres(server) ? 63 : 64;
  return [
    { table: "Weird Table", from: "Old Column", to: "NEW column" },
    { table: `tab${quoteMark}le`, from: `a${quoteMark}b'c`, to: `${quoteMark}${quoteMark}` },
    { table: "order", from: "select", to: "group" },
    { table: "prix$", from: "größe_€$1", to: "цена $$" },
    { table: "T".repeat(longest), from: "c".repeat(longest), to: "d".repeat(longest) },
    { table: "twins", from: `${"x".repeat(60)}abc`, to: `${"x".repeat(60)}abd` },
    { table: "escapes", from: "back\\slash", to: "per%cent ?" },
    { table: "users; --", from: "/* a */", to: "-- b" },
  ];
}

describeServers(["postgres", "mysql", "mariadb"], (server) => {
  const quote = (name: string) =>
    isPostgres(server.name) ? `"${name.replaceAll('"', '""')}"` : `\`${name.replaceAll("`", "``")}\``;

  it("renames whatever the names are", async () => {
    const cases = hostile(server.name).map(({ table, from, to }) => ({
      table: quote(table),
      from: quote(from),
      to: quote(to),
    }));
    const long = "i".repeat(60);
    await sameAsPlain(server, {
      setup: [
        ...cases.flatMap(({ table, from }) => [
          `CREATE TABLE ${table} (id int NOT NULL PRIMARY KEY, ${from} varchar(100) NOT NULL DEFAULT 'it''s "x"')`,
          `INSERT INTO ${table} VALUES (1, 'a'), (2, 'b''c')`,
          `INSERT INTO ${table} (id) VALUES (3)`,
        ]),
        `CREATE INDEX ${quote(`${long}_1`)} ON twins (${quote(`${"x".repeat(60)}abc`)})`,
        `CREATE INDEX ${quote(`${long}_2`)} ON twins (${quote(`${"x".repeat(60)}abc`)}, id)`,
      ],
      migration: cases.map(({ table, from, to }) => `ALTER TABLE ${table} RENAME COLUMN ${from} TO ${to}`),
      tables: cases.map((c) => c.table),
    });
  });

  const { after } = suite();

  it("takes back after the swap what has the names that a replacement gives another meaning", async () => {
    const [a, b] = [quote("a$$b$&c$'d$1"), quote("e$$f")];
    const db = await server.createDatabase("patterns");
    after(db.drop);
    await query(db.url, `CREATE TABLE t (id int PRIMARY KEY, ${a} varchar(9), ${b} varchar(9))`);
    await query(db.url, "INSERT INTO t VALUES (1, '1', '2'), (2, NULL, NULL)");
    const before = await schemaOf(db.url, "t");
    const p = project(db.url);
    after(async () => p.remove());
    await works(p.run("init", "--engine", server.name));
    const retype = isPostgres(server.name) ? `ALTER COLUMN ${b} TYPE int USING ${b}::int` : `MODIFY ${b} int`;
    p.write("migrations/20260101000000_c.sql", `ALTER TABLE t RENAME COLUMN ${a} TO n;\nALTER TABLE t ${retype};\n`);
    await works(p.run("apply", "--release", "r1"));
    await works(p.run("apply", "--require-contract", "--release", "r2"));
    await works(p.run("rollback", "20260101000000"));
    expect(await schemaOf(db.url, "t")).toEqual(before);
    const rows = (await query(db.url, "SELECT * FROM t ORDER BY id")).map((row) => Object.values(row));
    expect(rows).toEqual([
      [1, "1", "2"],
      [2, null, null],
    ]);
  });

  it("walks tables by keys of every kind", async () => {
    const uuid = isPostgres(server.name) ? "uuid" : "char(36) CHARACTER SET ascii";
    const text = isPostgres(server.name) ? "text" : "varchar(100)";
    const keys: readonly { table: string; columns: string; key: string; values: readonly string[] }[] = [
      {
        table: "by_uuid",
        columns: `id ${uuid} NOT NULL`,
        key: "id",
        values: ["'c0ffee00-0000-4000-8000-000000000001'", "'00000000-0000-4000-8000-000000000002'"],
      },
      {
        table: "by_text",
        columns: `id ${text} NOT NULL`,
        key: "id",
        values: ["''", "'B'", "'a'", "'zä'", "'it''s'", "'a b'"],
      },
      {
        table: "by_bigint",
        columns: "id bigint NOT NULL",
        key: "id",
        values: ["-9223372036854775808", "9007199254740993", "9007199254740992", "9223372036854775807"],
      },
      {
        table: "by_decimal",
        columns: "id decimal(30, 10) NOT NULL",
        key: "id",
        values: ["12345678901234567890.0000000001", "12345678901234567890.0000000002"],
      },
      {
        table: "by_time",
        columns: "id timestamp(6) NOT NULL",
        key: "id",
        values: ["'2026-01-01 00:00:00.000001'", "'2026-01-01 00:00:00.000002'"],
      },
      {
        table: "by_two",
        columns: `a int NOT NULL, b varchar(20) NOT NULL`,
        key: "a, b",
        values: ["1, 'a'", "1, 'b'", "2, 'a'", "2, 'b'"],
      },
    ];
    await sameAsPlain(server, {
      setup: keys.flatMap(({ table, columns, key, values }) => [
        `CREATE TABLE ${table} (${columns}, v int, PRIMARY KEY (${key}))`,
        ...values.map((value, n) => `INSERT INTO ${table} VALUES (${value}, ${n === 0 ? "NULL" : n})`),
      ]),
      migration: keys.map(({ table }) => `-- zmigrate:batch rows=1\nALTER TABLE ${table} RENAME COLUMN v TO w`),
      tables: keys.map((k) => k.table),
    });
  });
});

describeServer("postgres", (server) => {
  it("renames in schemas outside the search path, and beside a table of the same name", async () => {
    await sameAsPlain(server, {
      setup: [
        'CREATE SCHEMA "My ""Schema"""',
        "CREATE TABLE users (id int PRIMARY KEY, mail text)",
        "CREATE TABLE \"My \"\"Schema\"\"\".users (id int PRIMARY KEY, mail text NOT NULL DEFAULT E'back\\\\slash' CHECK (mail <> 'it''s'))",
        "INSERT INTO users VALUES (1, 'public')",
        'INSERT INTO "My ""Schema""".users VALUES (1, \'other\')',
        'CREATE UNIQUE INDEX "Users ""By"" Mail" ON "My ""Schema""".users (mail)',
        `COMMENT ON COLUMN "My ""Schema""".users.mail IS 'it''s a \\ "comment" $zmigrate$'`,
      ],
      migration: ['ALTER TABLE "My ""Schema""".users RENAME COLUMN mail TO "e-mail"'],
      tables: ["users", '"My ""Schema""".users'],
    });
  });
});
