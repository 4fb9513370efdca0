import { randomBytes } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createMysqlEngine } from "../../../../src/engines/mysql/index.js";
import { openShadowServer } from "../../../../src/engines/mysql/shadow/index.js";
import type { ShadowServer } from "../../../../src/engines/shadow.js";
import { parseMigration } from "../../../../src/history/load.js";
import type { Migration } from "../../../../src/model/migration.js";
import type { MigrationPlan } from "../../../../src/model/plan.js";
import { withKeyIndexes } from "../../../../src/plan/key-indexes.js";
import { planMigration } from "../../../../src/plan/plan.js";
import { openTrial, type Trial } from "../../../../src/shadow/trial.js";
import { describeServers, query } from "../../../servers/index.js";
import { OPTIONS } from "../support/database.js";

const HISTORY = `
CREATE TABLE customers (id int PRIMARY KEY, name varchar(40) NOT NULL);
CREATE TABLE orders (
  id bigint AUTO_INCREMENT PRIMARY KEY, customer int, code varchar(40) NOT NULL COMMENT 'c', amount decimal(10, 2) DEFAULT 1,
  state enum('a', 'b') NOT NULL DEFAULT 'a', note text, at datetime ON UPDATE CURRENT_TIMESTAMP,
  UNIQUE KEY by_code (code), KEY by_amount (amount), KEY by_customer (customer), CONSTRAINT own FOREIGN KEY (customer) REFERENCES customers (id),
  CONSTRAINT positive CHECK (amount > 0)) COMMENT 'all of them';
INSERT INTO customers VALUES (1, 'x');
INSERT INTO orders (customer, code) VALUES (1, 'A'), (1, 'B');
CREATE VIEW big AS SELECT id, code FROM orders WHERE amount > 5;
CREATE TRIGGER noted BEFORE INSERT ON customers FOR EACH ROW SET NEW.name = TRIM(NEW.name);
`;

/** Changes of each sort, on what the files before have left. */
const CHANGES: readonly (readonly [what: string, text: string])[] = [
  [
    "columns",
    `ALTER TABLE orders ADD COLUMN extra int NOT NULL DEFAULT 3;
     ALTER TABLE customers RENAME COLUMN name TO full_name;
     ALTER TABLE orders MODIFY note varchar(500);
     ALTER TABLE orders MODIFY state enum('b', 'a') NOT NULL DEFAULT 'a';`,
  ],
  [
    "indexes and constraints",
    `ALTER TABLE orders MODIFY customer int NOT NULL;
     ALTER TABLE orders ALTER extra SET DEFAULT 4;
     ALTER TABLE orders DROP INDEX by_amount, ADD INDEX by_amount (amount, note);
     ALTER TABLE orders RENAME INDEX by_code TO codes;`,
  ],
  [
    "objects, rows and new tables",
    `CREATE OR REPLACE VIEW big AS SELECT id, code, amount FROM orders;
     UPDATE customers SET full_name = UPPER(full_name);
     CREATE TABLE items (id int PRIMARY KEY, n int, m int AS (n + 1) VIRTUAL);
     INSERT INTO items (id, n) VALUES (1, 2);`,
  ],
  [
    "what goes",
    "DROP INDEX codes ON orders; ALTER TABLE orders DROP COLUMN extra; ALTER TABLE items RENAME TO rows_of;",
  ],
  ["a table", "DROP TABLE rows_of;"],
];

let count = 0;
function migrationOf(text: string, dialect: "mysql" | "mariadb"): Migration {
  count += 1;
  const id = `202601010000${String(count).padStart(2, "0")}`;
  const source = { id, slug: "x", file: `${id}_x.sql`, text, checksum: "" };
  return parseMigration(source, createMysqlEngine(dialect));
}

describeServers(["mysql", "mariadb"], (server) => {
  const dialect = server.name === "mariadb" ? "mariadb" : "mysql";
  const engine = createMysqlEngine(dialect);
  const schemas = async () =>
    (await query(server.url, "SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA")).map((r) => String(r.name));
  const scratches = async () => (await schemas()).filter((n) => n.startsWith("zmigrate_shadow_"));
  let on: ShadowServer;
  beforeAll(async () => {
    await engine.load();
    on = await openShadowServer(server.url, dialect, OPTIONS);
  });
  afterAll(() => on?.close());

  describe("a history", () => {
    let trial: Trial | null = null;
    afterEach(async () => {
      await trial?.close();
      trial = null;
    });

    const begin = async (text: string) => {
      const opened = await openTrial(() => on.open());
      trial = opened;
      await opened.skip(migrationOf(text, dialect));
      return opened;
    };

    async function tried(
      trial: Trial,
      text: string,
      change: (plan: MigrationPlan) => MigrationPlan = (plan) => plan,
      before: readonly MigrationPlan[] = [],
    ) {
      const migration = migrationOf(text, dialect);
      const done = before.map((plan) => ({ plan, status: "contracted" }));
      const catalog = withKeyIndexes(await trial.catalog(), done);
      const { plan, refusals } = planMigration(migration, { engine, catalog, version: on.version });
      if (plan === null) throw new Error(refusals.map((r) => r.reason).join());
      return trial.prove(change(plan), migration);
    }

    it("is replayed, and plans of all sorts end where the plain statements end", async () => {
      const own = await begin(HISTORY);
      for (const [what, text] of CHANGES) {
        const { plan, refused } = await tried(own, text);
        expect(refused, what).toBeNull();
        for (const step of plan.steps.filter((s) => s.sql.length > 0)) expect(step.evidence, step.id).toBe("server");
        expect(plan.notes.join()).not.toContain("leaves:");
        expect(JSON.stringify(plan)).not.toContain("zmigrate_shadow_");
      }
    });

    it("does not mind an index that the server makes for a foreign key, and drops for another one", async () => {
      const own = await begin(
        `CREATE TABLE p (id int PRIMARY KEY);
         CREATE TABLE c (id int PRIMARY KEY, a int, b int, CONSTRAINT own FOREIGN KEY (a) REFERENCES p (id));`,
      );
      expect((await tried(own, "CREATE INDEX wide ON c (a, b);")).refused).toBeNull();
    });

    it("sees an index that is built for a foreign key and stays beside another one", async () => {
      const own = await begin(
        `CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (id int PRIMARY KEY, a int, b int, d int);`,
      );
      const both = (column: string) =>
        `ALTER TABLE c ADD CONSTRAINT k${column} FOREIGN KEY (${column}) REFERENCES p (id), ADD UNIQUE KEY u${column} (${column}, d);`;
      const kept = (plan: MigrationPlan) => ({ ...plan, steps: plan.steps.filter((s) => !s.id.includes("key-index")) });
      expect((await tried(own, both("a"))).refused).toBeNull();
      expect((await tried(own, both("b"), kept)).refused).toContain("index kb of c is there only after the phases");
    });

    it("lets an index go that an earlier migration has built for a foreign key, where another one serves it", async () => {
      const own = await begin(
        "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (id int PRIMARY KEY, a int, b int);",
      );
      const { plan, refused } = await tried(own, "ALTER TABLE c ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES p (id);");
      expect([refused, plan.keyIndexes?.map((i) => i.name)]).toEqual([null, ["k"]]);
      const wide = await tried(own, "CREATE INDEX wide ON c (a, b);", undefined, [plan]);
      expect([wide.refused, wide.plan.steps.map((s) => s.id)]).toEqual([
        null,
        ["1-create-index", "1-drop-key-index-1"],
      ]);
      const { tables } = await own.catalog();
      expect(tables.flatMap((t) => t.indexes.map((i) => i.name)).sort()).toEqual(["PRIMARY", "PRIMARY", "wide"]);
    });

    it("does not mind the name of an index that the server makes for a key without one", async () => {
      const own = await begin(
        `CREATE TABLE p (id int PRIMARY KEY);
         CREATE TABLE ch (id int PRIMARY KEY, tid int, FOREIGN KEY (tid) REFERENCES p (id));`,
      );
      expect((await tried(own, "ALTER TABLE ch DROP FOREIGN KEY ch_ibfk_1;")).refused).toBeNull();
    });

    it.skipIf(dialect === "mariadb")("drops a column by a rebuild where there is no INSTANT way", async () => {
      const own = await begin("CREATE TABLE t (id int PRIMARY KEY, a int, v int AS (a + 1) VIRTUAL, x int);");
      const change = "ALTER TABLE t DROP COLUMN v, ADD COLUMN w int AS (x + 1) VIRTUAL;";
      expect((await tried(own, change)).refused).toBeNull();
    });

    it("refuses a plan of which a step or an undo fails, whose probe does not see it, or which ends elsewhere", async () => {
      const own = await begin("CREATE TABLE customers (id int PRIMARY KEY);");
      const text = "ALTER TABLE customers ADD COLUMN c int;";
      const broken = (part: object) => (plan: MigrationPlan) => ({
        ...plan,
        steps: plan.steps.map((s) => ({ ...s, ...part })),
      });
      const why = async (part: object) => (await tried(own, text.replace(" c ", ` c${count} `), broken(part))).refused;
      expect(await why({ sql: ["ALTER TABLE nowhere ADD c int"] })).toMatch(
        /1-add-column fails there: Table 'nowhere'/,
      );
      expect(await why({ undo: ["DROP TABLE nowhere"] })).toContain("A rollback of step 1-add-column fails there");
      const absent = { sql: "SELECT 'absent' AS state", repair: [] };
      expect(await why({ probe: absent })).toContain('its probe says "absent" behind it');
      expect(await why({ sql: ["DO 0"], probe: null, undo: [] })).toContain("is there only in plain SQL");
    });

    it("sees that a table is written anew", async () => {
      const shadow = await on.open();
      expect((await shadow.run(["CREATE TABLE t (a int)", "CREATE TABLE u (a int)"])).rewrites).toEqual([]);
      const { rewrites } = await shadow.run(["ALTER TABLE t FORCE", "ALTER TABLE u ADD INDEX (a)"]);
      expect(rewrites).toEqual([{ schema: null, name: "t" }]);
      await shadow.close();
    });
  });

  it("leaves nothing behind, and takes away what a killed run has left, but no more than that", async () => {
    const left = `zmigrate_shadow_${randomBytes(8).toString("hex")}`;
    const others = [`${left}_mine`, `${left}0`];
    for (const name of [left, ...others]) await query(server.url, `CREATE DATABASE ${name}`);
    const first = await openShadowServer(server.url, dialect, OPTIONS);
    const shadow = await first.open();
    // Other tests may have theirs on this server at the same time.
    const own = (await shadow.state?.("SELECT DATABASE() AS state")) ?? "";
    expect(await scratches()).not.toContain(left);
    const second = await openShadowServer(server.url, dialect, OPTIONS);
    expect(await scratches()).toContain(own);
    await second.close();
    await first.close();
    expect(await scratches()).not.toContain(own);
    expect(await scratches()).toEqual(expect.arrayContaining(others));
    for (const name of others) await query(server.url, `DROP DATABASE ${name}`);
  });

  it("runs nothing that reaches beyond its schema, and leaves accounts alone", async () => {
    const db = await server.createDatabase("victim");
    await query(db.url, "CREATE TABLE t (a int)");
    const name = new URL(db.url).pathname.slice(1);
    const shadow = await on.open();
    await shadow.run(["CREATE TABLE t (a int)"]);
    const refused: readonly (readonly [sql: string, says: string])[] = [
      [`INSERT INTO ${name}.t VALUES (1)`, `names the schema ${name}`],
      [`INSERT INTO \`${name.toUpperCase()}\` . t VALUES (1)`, "names the schema"],
      [`CREATE TRIGGER g AFTER INSERT ON t FOR EACH ROW INSERT INTO ${name}.t VALUES (1)`, "names the schema"],
      [`DROP TABLE ${name}.t`, "names the schema"],
      ["DELETE FROM mysql.user", "names the schema mysql"],
      [`USE ${name}`, "reaches beyond"],
      [`DROP DATABASE ${name}`, "more than a schema"],
      ["CREATE DATABASE another", "more than a schema"],
      ["SET GLOBAL max_connections = 5", "whole server"],
      ["CALL something()", "reaches beyond"],
      ["PREPARE s FROM 'DROP TABLE t'", "reaches beyond"],
      ["FLUSH TABLES", "reaches beyond"],
      ["SELECT 1 INTO OUTFILE '/tmp/x'", "writes a file"],
      ["LOAD DATA INFILE '/tmp/x' INTO TABLE t", "reads a file"],
      ["ALTER TABLE t ADD", "cannot be read"],
    ];
    for (const [sql, says] of refused) expect((await shadow.run([sql])).failed, sql).toContain(says);
    for (const sql of ["CREATE USER nobody_of_ours", "GRANT SELECT ON t TO nobody_of_ours", "DROP USER nobody_of_ours"])
      expect((await shadow.run([sql])).failed, sql).toBeNull();
    expect(await query(server.url, "SELECT User FROM mysql.user WHERE User = 'nobody_of_ours'")).toEqual([]);
    expect(await query(db.url, "SELECT * FROM t")).toEqual([]);
    await shadow.close();
    await db.drop();
  });

  it("says who it needs rights from, and what it cannot reach", async () => {
    const left = `zmigrate_shadow_${randomBytes(8).toString("hex")}`;
    const user = `denied_${left.slice(-8)}`;
    await query(server.url, `CREATE USER ${user}@'%' IDENTIFIED BY 'secret-word'`);
    await query(server.url, `CREATE DATABASE ${left}`);
    await query(server.url, `GRANT SELECT ON ${left}.* TO ${user}@'%'`);
    const url = new URL(server.url);
    [url.username, url.password] = [user, "secret-word"];
    const denied = await openShadowServer(url.href, dialect, OPTIONS);
    const error = await denied.open().catch((e: unknown) => e);
    await denied.close();
    await query(server.url, `DROP DATABASE IF EXISTS ${left}`);
    await query(server.url, `DROP USER ${user}@'%'`);
    expect(error).toMatchObject({ code: "not-available" });
    expect(String(error)).not.toContain("secret-word");
    const other = dialect === "mysql" ? "mariadb" : "mysql";
    await expect(openShadowServer(server.url, other, OPTIONS)).rejects.toMatchObject({ code: "wrong-server" });
    url.port = "1";
    await expect(openShadowServer(url.href, dialect, OPTIONS)).rejects.toMatchObject({ code: "cannot-connect" });
  });
});
