import { renameSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { describeServers, query } from "../servers/index.js";
import { bareScene } from "./support/bare.js";
import { works } from "./support/scene.js";
import { schemaOf } from "./support/schema.js";
import { suite } from "./support/suite.js";

const ONE = "CREATE TABLE customers (id int PRIMARY KEY, name varchar(40) NOT NULL)";
const TWO = ["ALTER TABLE customers ADD COLUMN mail varchar(80)", "CREATE INDEX by_mail ON customers (mail)"];
const THREE = "ALTER TABLE customers ADD COLUMN note varchar(80)";

/** As Flyway makes its table, on all three servers. */
const HISTORY = `CREATE TABLE flyway_schema_history (installed_rank int NOT NULL PRIMARY KEY, version varchar(50),
  description varchar(200) NOT NULL, type varchar(20) NOT NULL, script varchar(1000) NOT NULL, checksum int,
  installed_by varchar(100) NOT NULL, installed_on timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP, execution_time int NOT NULL,
  success BOOLEAN NOT NULL)`;

const ran = (rank: number, version: string, success = true): string =>
  `INSERT INTO flyway_schema_history VALUES (${rank}, '${version}', 'x', 'SQL', 'V${version}__x.sql', 1, 'app', CURRENT_TIMESTAMP, 5, ${success})`;

const VIEW = "CREATE OR REPLACE VIEW names AS SELECT name FROM customers";
const AGAIN =
  "INSERT INTO flyway_schema_history VALUES (3, NULL, 'names', 'SQL', 'R__names.sql', 1, 'app', CURRENT_TIMESTAMP, 5, true)";

describeServers(["postgres", "mysql", "mariadb"], (server) => {
  const fixtures = suite();
  const shadow = server.name === "postgres" ? [] : ["--shadow-url", server.url];

  /** A database that Flyway has migrated, and its folder. */
  async function flyway(rows: readonly string[]) {
    const { project: p, url } = await bareScene(server, fixtures, [ONE, ...TWO, HISTORY, ...rows], {});
    p.write("db/V1__customers.sql", `${ONE};\n`);
    p.write("db/sub/V1_2__mail.sql", `${TWO.join(";\n")};\n`);
    return { p, url, baseline: (...args: string[]) => p.run("baseline", "--from", "flyway", ...shadow, ...args) };
  }

  it("takes over from Flyway: what has run never runs again, what has not does, also in a new database", async () => {
    const { p, url, baseline } = await flyway([ran(1, "1"), ran(2, "1.2")]);
    p.write("db/V2__note.sql", `${THREE};\n`);
    const { stdout, stderr } = await works(p.run("import", "db"));
    expect(
      stdout
        .trim()
        .split("\n")
        .map((file) => file.replace(/^.*\//, "")),
    ).toEqual(["00000000000001_customers.sql", "00000000000002_mail.sql", "00000000000003_note.sql"]);
    expect(stderr).toContain("zmigrate baseline --from flyway");
    const recorded = await works(baseline());
    expect(recorded.stdout).toContain("Recorded as done, and not run: 00000000000001, 00000000000002.");
    expect(recorded.stdout).toContain("The database has the schema that the files make.");
    expect((await works(p.run("history"))).stdout).toContain("baseline");
    await works(p.run("apply", "--release", "r1"));
    expect(await query(url, "SELECT mail, note FROM customers")).toEqual([]);
    const fresh = await server.createDatabase("fresh");
    fixtures.after(fresh.drop);
    await works(p.run("apply", "--database-url", fresh.url, "--release", "r1"));
    expect(await schemaOf(fresh.url, "customers")).toEqual(await schemaOf(url, "customers"));
    expect((await works(baseline())).stdout).toContain("Nothing to record");
    await query(url, "DELETE FROM flyway_schema_history");
    // An empty table is no reason to run all of them again.
    const forgets = await baseline();
    expect(forgets).toMatchObject({ code: 1, stderr: expect.stringContaining("the journal has more of them as done") });
    expect((await works(p.run("apply", "--release", "r2"))).stdout).toContain("Nothing to do");
    const forgotten = await works(baseline("--accept-differences", "--reason", "all were taken back"));
    expect(forgotten.stdout).toContain("Forgotten, so that apply runs them: 00000000000001, 00000000000002.");
  }, 60_000);

  it("says which names let a file wait behind one of Flyway's repeatable ones, and takes both over so", async () => {
    const { p, url, baseline } = await flyway([VIEW, ran(1, "1"), ran(2, "1.2"), AGAIN]);
    p.write("db/V2__note.sql", `${THREE};\n`);
    p.write("db/R__names.sql", `${VIEW};\n`);
    await works(p.run("import", "db"));
    const { code, stderr } = await baseline();
    expect(code, stderr).toBe(1);
    const [, from = "", to = ""] = /mv (\S+) (\S+)/.exec(stderr) ?? [];
    expect([from, to]).toEqual(["00000000000003_note.sql", "00000000000005_note.sql"]);
    renameSync(join(p.folder, "migrations", from), join(p.folder, "migrations", to));
    expect((await works(baseline())).stdout).toContain(
      "Recorded as done, and not run: 00000000000001, 00000000000002, 00000000000004.",
    );
    await works(p.run("apply", "--release", "r1"));
    expect(await query(url, "SELECT note FROM customers")).toEqual([]);
  }, 60_000);

  it("records nothing where the tool's table does not fit the files", async () => {
    const { p, url, baseline } = await flyway([ran(1, "1"), ran(2, "1.2", false)]);
    await works(p.run("import", "db"));
    const refused = async (exit: number, words: string) => {
      const { code, stderr } = await baseline();
      expect(stderr).toContain(words);
      expect(code).toBe(exit);
      const { migrations } = JSON.parse((await works(p.run("status", "--json"))).stdout);
      expect(migrations.map((m: { status: string }) => m.status)).toEqual(["pending", "pending"]);
    };
    await refused(1, "Flyway has begun 1.2 and not finished it");
    await query(url, "DELETE FROM flyway_schema_history WHERE installed_rank = 2");
    await query(url, ran(2, "7"));
    await refused(1, "Flyway has run what is no file of the migrations folder (flyway_schema_history):\n  7");
    await query(url, "DELETE FROM flyway_schema_history");
    await query(url, ran(2, "1.2"));
    await refused(1, "00000000000002_mail.sql, but not what stands before it");
    await query(url, "DELETE FROM flyway_schema_history");
    expect((await works(baseline())).stdout).toContain("By its table the tool has run none of these files here.");
    await query(url, ran(1, "1"));
    await refused(1, "is there only in the database");
    await query(url, "DROP TABLE flyway_schema_history");
    await refused(2, "has no table flyway_schema_history, in which Flyway keeps what it has run");
    for (const args of [
      ["baseline"],
      ["baseline", "--from", "flyway", "--to", "00000000000001"],
      ["baseline", "--from", "rails"],
    ])
      expect((await p.run(...args)).code).toBe(2);
    const other = await p.run("baseline", "--from", "dbmate", ...shadow);
    expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining("Use --from flyway") });
  }, 60_000);

  it("reads dbmate's files as they are", async () => {
    const version = "CREATE TABLE schema_migrations (version varchar(128) PRIMARY KEY)";
    const row = "INSERT INTO schema_migrations VALUES ('20260101000000')";
    const { project: p } = await bareScene(server, fixtures, [ONE, version, row], {
      customers: `-- migrate:up\n${ONE};\n-- migrate:down\nDROP TABLE customers;\n`,
      note: `-- migrate:up\n${THREE};\n-- migrate:down\nSELECT 1;\n`,
    });
    const { stdout } = await works(p.run("baseline", "--from", "dbmate", ...shadow));
    expect(stdout).toContain("Recorded as done, and not run: 20260101000000.");
    await works(p.run("apply", "--release", "r1"));
  }, 60_000);
});
