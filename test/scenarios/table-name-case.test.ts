import { expect, it } from "vitest";
import { describePrivateServer, query } from "../servers/index.js";
import { project } from "./support/cli.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";

const CREATE = "migrations/20260101000000_create.sql";
const RENAME = "migrations/20260102000000_rename.sql";
const SECOND = "migrations/20260103000000_second.sql";

for (const engine of ["mysql", "mariadb"] as const)
  describePrivateServer(engine, (launch) => {
    const { after } = suite();

    it("knows a table in whatever case where lower_case_table_names is 1", async () => {
      const server = await launch({ settings: ["--lower-case-table-names=1"] });
      after(server.stop);
      const db = await server.createDatabase("casing");
      const p = project(db.url);
      after(async () => p.remove());
      await works(p.run("init", "--engine", engine));

      p.write(CREATE, "CREATE TABLE Users (id int PRIMARY KEY, e varchar(20));\nALTER TABLE USERS ADD COLUMN f int;\n");
      await works(p.run("apply", "--release", "r1"));
      await query(db.url, "INSERT INTO users (id, e) VALUES (1, 'a'), (2, NULL)");

      p.write(RENAME, "ALTER TABLE Users RENAME COLUMN e TO e2;\n");
      const lint = await p.run("lint", "--database-url", db.url, "--format", "json");
      expect(`${lint.stdout}${lint.stderr}`).not.toMatch(/does not exist|not known/);
      await works(p.run("apply", "--release", "r2"));
      expect(await query(db.url, "SELECT id, e, e2 FROM users ORDER BY id")).toEqual([
        { id: 1, e: "a", e2: "a" },
        { id: 2, e: null, e2: null },
      ]);

      p.write(SECOND, "ALTER TABLE uSERS ADD COLUMN E2 int;\n");
      const refused = await p.run("apply", "--release", "r2");
      expect([refused.code, `${refused.stdout}${refused.stderr}`]).toEqual([1, expect.stringMatching(/E2|e2/)]);
      p.write(SECOND, "CREATE INDEX early ON USERS (e2);\n");
      const early = await p.run("apply", "--release", "r2");
      expect([early.code, `${early.stdout}${early.stderr}`]).toEqual([4, expect.stringContaining("would go with it")]);
      p.write(SECOND, "CREATE TABLE uSeRs (id int);\n");
      const there = await p.run("apply", "--release", "r2");
      expect([there.code, `${there.stdout}${there.stderr}`]).toEqual([1, expect.stringContaining("exists already")]);

      p.write(SECOND, "SELECT 1;\n");
      // The release is rolled out when a run of it ends with 0 again.
      await works(p.run("apply", "--release", "r2"));
      await works(p.run("apply", "--require-contract", "--release", "r3", "--park", "0"));
      await works(p.run("apply", "--require-contract", "--release", "r4", "--park", "0"));
      const columns = await query(db.url, "SHOW COLUMNS FROM users");
      expect(columns.map((c) => c.Field)).toEqual(["id", "e2", "f"]);
    }, 180_000);

    it("renames, takes back, and renames for good where lower_case_table_names is 1, under code of both kinds", async () => {
      const server = await launch({ settings: ["--lower-case-table-names=1"] });
      after(server.stop);
      const db = await server.createDatabase("whole");
      const p = project(db.url);
      after(async () => p.remove());
      await works(p.run("init", "--engine", engine));
      const table = `Long${"T".repeat(60)}`;
      await query(db.url, `CREATE TABLE ${table} (id int PRIMARY KEY, Mail varchar(20) NOT NULL, KEY By_Mail (Mail))`);
      await query(db.url, `CREATE TABLE Other (id int PRIMARY KEY, mail varchar(20), KEY By_Mail (mail))`);
      for (const name of [table, "Other"]) await query(db.url, `INSERT INTO ${name} VALUES (1, 'a'), (2, 'b')`);
      p.write(
        RENAME,
        `ALTER TABLE ${table.toUpperCase()} RENAME COLUMN mail TO Address;\nALTER TABLE oTHER RENAME COLUMN Mail TO address;\n`,
      );
      p.write(
        CREATE,
        "CREATE TABLE Fresh (id int PRIMARY KEY, a int, b int, CHECK (a < b));\nALTER TABLE FRESH RENAME COLUMN A TO c;\n",
      );

      /** What old and new code write, under whatever case; both sides then hold it. */
      const written = async (round: string) => {
        for (const name of [table, "OTHER"]) {
          await query(db.url, `UPDATE ${name.toLowerCase()} SET mail = 'old ${round}' WHERE id = 1`);
          await query(db.url, `UPDATE ${name.toUpperCase()} SET address = 'new ${round}' WHERE id = 2`);
          const rows = await query(db.url, `SELECT mail, address FROM ${name} ORDER BY id`);
          expect(rows).toEqual([
            { mail: `old ${round}`, address: `old ${round}` },
            { mail: `new ${round}`, address: `new ${round}` },
          ]);
        }
      };
      const columns = async (name: string) => (await query(db.url, `SHOW COLUMNS FROM ${name}`)).map((c) => c.Field);

      await works(p.run("apply", "--release", "r1"));
      await written("expand");
      await works(p.run("rollback", "20260102000000"));
      expect(await columns(table)).toEqual(["id", "Mail"]);
      expect(await query(db.url, "SELECT mail FROM other ORDER BY id")).toEqual([
        { mail: "old expand" },
        { mail: "new expand" },
      ]);

      await works(p.run("apply", "--release", "r2"));
      await written("again");
      await works(p.run("apply", "--require-contract", "--release", "r3"));
      await query(db.url, `UPDATE ${table} SET address = 'swapped' WHERE id = 1`);
      await works(p.run("rollback", "20260102000000"));
      expect(await query(db.url, `SELECT mail FROM ${table} WHERE id = 1`)).toEqual([{ mail: "swapped" }]);

      await works(p.run("apply", "--release", "r4"));
      await works(p.run("apply", "--require-contract", "--release", "r5", "--park", "0"));
      await works(p.run("apply", "--require-contract", "--release", "r6", "--park", "0"));
      expect(await columns(table)).toEqual(["id", "Address"]);
      expect(await columns("other")).toEqual(["id", "address"]);
      expect(await query(db.url, "SHOW TRIGGERS")).toEqual([]);
    }, 180_000);
  });
