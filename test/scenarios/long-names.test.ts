import { expect, it } from "vitest";
import { describeServer, describeServers, query } from "../servers/index.js";
import { project } from "./support/cli.js";
import { sameAsPlain } from "./support/compare.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";

// MySQL and MariaDB share all of it: other scenarios take the other one.
describeServers(["postgres", "mysql"], (server) => {
  const postgres = server.name === "postgres";
  const quote = (name: string) => (postgres ? `"${name}"` : `\`${name}\``);

  it("tells columns apart that share all but the last characters of the longest name there is", async () => {
    // PostgreSQL counts bytes, 63 of them; the others count 64 characters.
    const stems = postgres
      ? ["s".repeat(62), `${"ü".repeat(30)}xx`, `${"€".repeat(20)}xx`]
      : ["s".repeat(63), "ü".repeat(63), `${"€".repeat(62)}x`];
    const tables = stems.map((stem, n) => ({ table: `twins_${n}`, name: (end: string) => quote(`${stem}${end}`) }));
    await sameAsPlain(server, {
      setup: tables.flatMap(({ table, name }, n) => [
        `CREATE TABLE ${table} (id int NOT NULL PRIMARY KEY, ${name("a")} varchar(100), ${name("b")} varchar(100))`,
        `INSERT INTO ${table} VALUES (1, 'one', 'two'), (2, NULL, '')`,
        `CREATE INDEX ${quote(`${"i".repeat(60)}${n}a`)} ON ${table} (${name("a")})`,
        `CREATE INDEX ${quote(`${"i".repeat(60)}${n}b`)} ON ${table} (${name("b")})`,
      ]),
      migration: tables.flatMap(({ table, name }) => [
        `ALTER TABLE ${table} RENAME COLUMN ${name("a")} TO ${name("c")}`,
        `ALTER TABLE ${table} RENAME COLUMN ${name("b")} TO ${name("d")}`,
      ]),
      tables: tables.map((t) => t.table),
    });
  }, 180_000);
});

describeServer("postgres", (server) => {
  const { after } = suite();

  it("takes names of more than 63 bytes as PostgreSQL cuts them, within no character", async () => {
    const [table, from, to] = ["t".repeat(80), `x${"ü".repeat(40)}`, `y${"€".repeat(30)}`];
    await sameAsPlain(server, {
      setup: [
        `CREATE TABLE "${table}" (id int PRIMARY KEY, "${from}" text NOT NULL CHECK ("${from}" <> ''))`,
        `CREATE INDEX "i${"n".repeat(90)}" ON "${table}" ("${from}")`,
        `INSERT INTO "${table}" VALUES (1, 'a'), (2, 'b')`,
      ],
      migration: [`ALTER TABLE "${table}" RENAME COLUMN "${from}" TO "${to}"`],
      tables: [`"${table}"`],
    });
  }, 120_000);

  it("says in lint and plan what becomes of such a name, and refuses two that become one", async () => {
    const db = await server.createDatabase("cut");
    after(db.drop);
    const p = project(db.url);
    after(async () => p.remove());
    await works(p.run("init", "--engine", "postgres"));
    const [stem, file] = ["c".repeat(63), "migrations/20260101000000_cut.sql"];
    await query(db.url, `CREATE TABLE t (id int PRIMARY KEY, a int, "${stem}" int)`);

    p.write(file, `ALTER TABLE t RENAME COLUMN a TO "${"n".repeat(63)}ew";\n`);
    const lint = await p.run("lint", file, "--format", "json");
    expect(lint.stdout).toContain(`called \\"${"n".repeat(63)}\\"`);
    expect(lint.stdout).not.toContain("n".repeat(64));
    const planned = await works(p.run("plan", "--format", "sql"));
    expect(planned.stdout).toContain(`"${"n".repeat(63)}"`);
    expect(planned.stdout).not.toContain("n".repeat(64));

    for (const sql of [
      `ALTER TABLE t RENAME COLUMN a TO "${stem}_other";\n`,
      `ALTER TABLE t RENAME COLUMN "${stem}_1" TO "${stem}_2";\n`,
      `ALTER TABLE t ADD COLUMN "${stem}_new" int;\n`,
    ]) {
      p.write(file, `\n${sql}`);
      for (const verb of ["plan", "apply"]) {
        const refused = await p.run(verb, "--release", "r1");
        expect(refused.code, `${sql}${refused.stdout}${refused.stderr}`).toBe(1);
        const said = `${refused.stdout}${refused.stderr}`.replaceAll(/\s+/g, " ");
        expect(said).toContain("20260101000000_cut.sql:2:");
        expect(said).toContain(`a column ${stem} already`);
      }
    }
  });
});
