import { afterEach, beforeEach, expect, it } from "vitest";
import { engineFor } from "../../../src/config/engine.js";
import type { Cursor, Database, Session } from "../../../src/engines/engine.js";
import { RIGHTS } from "../../../src/engines/mysql/signals/discover.js";
import { parseMigration } from "../../../src/history/load.js";
import type { BackfillWork, Step } from "../../../src/model/step.js";
import { planMigration } from "../../../src/plan/plan.js";
import { describeServers, query, type TestDatabase } from "../../servers/index.js";

const TIMEOUTS = { lockMs: 2_000, statementMs: 0 };

describeServers(["postgres", "mysql", "mariadb"], (server) => {
  const postgres = server.name === "postgres";
  let db: TestDatabase;
  let database: Database;
  let session: Session;
  beforeEach(async () => {
    db = await server.createDatabase("batches");
    const engine = await engineFor(server.name);
    await engine.load();
    database = await engine.connect(db.url, { connectTimeoutMs: 5_000, applicationName: "test" });
    session = await database.open();
    await database.prepareBackfill(session);
  });
  afterEach(async () => {
    await session.close();
    await database.close();
    await db.drop();
  });

  const sql = async (...statements: readonly string[]) => {
    for (const each of statements) await query(db.url, each);
  };
  const rows = async (text: string) => (await query(db.url, text)).map((row) => Object.values(row).map(Number));

  async function stepsOf(text: string): Promise<readonly Step[]> {
    const { engine } = database;
    const migration = parseMigration({ id: "20260101000000", slug: "x", file: "x.sql", text, checksum: "" }, engine);
    const catalog = await database.introspect(session);
    const { plan, refusals } = planMigration(migration, { engine, catalog, version: database.server.version });
    if (plan === null) throw new Error(JSON.stringify(refusals));
    return plan.steps;
  }

  it("says of a view whose rows are written or read that it is one", async () => {
    await sql("CREATE TABLE u (id int PRIMARY KEY)", "CREATE TABLE w (id int PRIMARY KEY)");
    await sql("CREATE VIEW v AS SELECT id FROM u");
    for (const text of ["INSERT INTO w SELECT id FROM v", "UPDATE v SET id = 5 WHERE id = 4"])
      await expect(stepsOf(text)).rejects.toThrow(/v is a view, and this is done with the rows of a table/);
    await expect(stepsOf("INSERT INTO w SELECT id FROM x")).rejects.toThrow(/The table x does not exist/);
  });

  async function workOf(text: string): Promise<BackfillWork> {
    const [step] = await stepsOf(text);
    if (step?.backfill == null) throw new Error(`at once: ${step?.sql.join("; ")}`);
    return step.backfill;
  }

  /** Walks a change in batches of three rows; how many rows were met and changed. */
  async function walk(text: string) {
    const work = await workOf(text);
    const key = await database.keyOf(session, work);
    const upTo = await database.lastKey(session, work.relation, key);
    let [after, scanned, changed]: [Cursor, number, number] = [null, 0, 0];
    for (let n = 0; upTo !== null && n < 100; n += 1) {
      await database.begin(session, TIMEOUTS);
      const found = await database.backfillBatch(session, { work, key, after, upTo, rows: 3 });
      await database.commit(session);
      if (found.last === null) return { scanned, changed };
      [after, scanned, changed] = [found.last, scanned + found.scanned, changed + found.changed];
    }
    throw new Error("it does not end");
  }

  const COUNTER = postgres
    ? [
        `CREATE FUNCTION fired() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
           INSERT INTO log VALUES (COALESCE(current_setting('zmigrate.backfill', true), '') = ''); RETURN NULL; END $$`,
        "CREATE TRIGGER fired AFTER UPDATE OR DELETE ON t FOR EACH ROW EXECUTE FUNCTION fired()",
      ]
    : ["CREATE TRIGGER fired AFTER UPDATE ON t FOR EACH ROW INSERT INTO log VALUES (@zmigrate_backfill IS NULL)"];

  it("walks a composite key with several columns, and fires triggers as an application does", async () => {
    await sql(
      "CREATE TABLE log (unmarked boolean)",
      "CREATE TABLE t (a int, b varchar(5), n int, PRIMARY KEY (a, b))",
      "INSERT INTO t VALUES (1, 'a', 0), (1, 'b', 0), (1, 'c', 0), (2, 'a', 0), (2, 'b', 5), (3, 'a', 0), (4, '', 0)",
      ...COUNTER,
    );
    expect(await walk("UPDATE t AS x SET n = x.n + 1 WHERE x.n = 0 OR x.n = 1")).toEqual({ scanned: 7, changed: 6 });
    expect(await rows("SELECT sum(n) AS s FROM t")).toEqual([[11]]);
    const fired = await query(db.url, "SELECT unmarked, count(*) AS n FROM log GROUP BY unmarked");
    expect(fired.map((r) => [Boolean(r.unmarked), Number(r.n)])).toEqual([[true, 6]]);
  });

  it("keeps OR of the author within the range, and names of other tables apart from the key's", async () => {
    await sql(
      "CREATE TABLE u (id int PRIMARY KEY, a int)",
      "CREATE TABLE t (id int PRIMARY KEY, a int, n int NOT NULL DEFAULT 0)",
      "INSERT INTO u VALUES (1, 1), (2, 2), (3, 9)",
      "INSERT INTO t (id, a) VALUES (1, 1), (2, 2), (3, 1), (4, 2), (5, 3), (6, 1), (7, 2)",
    );
    const joined = postgres
      ? "UPDATE t SET n = n + 1 FROM u WHERE u.id = t.a AND (u.a = 1 OR t.id = 5)"
      : "UPDATE t JOIN u ON u.id = t.a SET t.n = t.n + 1 WHERE u.a = 1 OR t.id = 5";
    expect(await walk(joined)).toEqual({ scanned: 7, changed: 4 });
    expect(await rows("SELECT id FROM t WHERE n = 1 ORDER BY id")).toEqual([[1], [3], [5], [6]]);
    const gone = postgres
      ? "DELETE FROM t USING u WHERE u.id = t.a AND u.a = 2"
      : "DELETE t FROM t JOIN u ON u.id = t.a WHERE u.a = 2";
    expect(await walk(gone)).toEqual({ scanned: 7, changed: 3 });
    expect(await walk("DELETE FROM t WHERE id = 1 OR id = 6")).toEqual({ scanned: 4, changed: 2 });
    expect(await rows("SELECT id FROM t ORDER BY id")).toEqual([[3], [5]]);
  });

  it("leaves out rows that are there, where the author says so, and no other ones", async () => {
    await sql(
      "CREATE TABLE u (id int PRIMARY KEY, a int NOT NULL)",
      "CREATE TABLE t (id int PRIMARY KEY, a int)",
      "INSERT INTO u VALUES (2, 200)",
      "INSERT INTO t VALUES (1, 1), (2, 2), (3, 3), (4, 4), (5, 5)",
    );
    const copy = postgres
      ? "INSERT INTO u SELECT id, a FROM t ON CONFLICT DO NOTHING"
      : "INSERT IGNORE INTO u (id, a) SELECT id, a FROM t";
    expect(await walk(copy)).toMatchObject({ scanned: 5 });
    expect(await walk(copy)).toMatchObject({ scanned: 5 });
    expect(await rows("SELECT a FROM u ORDER BY id")).toEqual([[1], [200], [3], [4], [5]]);
    await sql("INSERT INTO t VALUES (6, NULL)");
    await expect(walk(copy)).rejects.toThrow(/null/i);
  });

  it("overwrites rows that are there, where the author says so", async () => {
    await sql(
      "CREATE TABLE u (id int PRIMARY KEY, a int)",
      "CREATE TABLE t (id int PRIMARY KEY, a int)",
      "INSERT INTO u VALUES (2, 200)",
      "INSERT INTO t VALUES (1, 1), (2, 2), (3, 3), (4, 4)",
    );
    const upsert = postgres
      ? "INSERT INTO u SELECT id, a FROM t WHERE a < 4 ON CONFLICT (id) DO UPDATE SET a = excluded.a"
      : "INSERT INTO u (id, a) SELECT id, a FROM t WHERE a < 4 ON DUPLICATE KEY UPDATE a = VALUES(a)";
    await walk(upsert);
    expect(await rows("SELECT id, a FROM u ORDER BY id")).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
  });

  it("takes no value that does not fit, and leaves the batch undone", async () => {
    await sql("CREATE TABLE t (id int PRIMARY KEY, a varchar(3))", "INSERT INTO t VALUES (1, 'abc'), (2, 'ab')");
    await expect(walk("UPDATE t SET a = CONCAT(a, 'x')")).rejects.toThrow(/too long/i);
    await database.rollback(session);
    expect((await query(db.url, "SELECT a FROM t ORDER BY id")).map((r) => r.a)).toEqual(["abc", "ab"]);
  });

  it("asks before anything is changed for what the statement needs, and for no owner", async () => {
    await sql("CREATE TABLE t (id int PRIMARY KEY, n int)", "CREATE TABLE u (id int PRIMARY KEY, n int)");
    const name = `zm_rows_${process.pid}`;
    const role = postgres ? name : `'${name}'@'%'`;
    const table = (t: string) => (postgres ? t : `\`${db.name}\`.${t}`);
    await sql(`CREATE ${postgres ? "ROLE" : "USER"} ${role} ${postgres ? "LOGIN PASSWORD" : "IDENTIFIED BY"} 'pw'`);
    const url = new URL(db.url);
    [url.username, url.password] = [name, "pw"];
    await sql(`GRANT SELECT ON ${table("t")} TO ${role}`, `GRANT SELECT ON ${table("u")} TO ${role}`);
    const sight = server.name === "mysql" ? RIGHTS.mysql : RIGHTS.mariadb;
    await sql(postgres ? `GRANT pg_monitor TO ${role}` : `GRANT ${sight} ON *.* TO ${role}`);
    const other = await database.engine.connect(url.href, { connectTimeoutMs: 5_000, applicationName: "test" });
    const own = await other.open();
    const changes = ["UPDATE t SET n = 1", "DELETE FROM t WHERE n = 1", "INSERT INTO u SELECT id, n FROM t"];
    for (const change of changes) {
      const steps = await stepsOf(change);
      const verb = change.split(" ")[0] ?? "";
      await expect(other.preflightSteps(own, steps)).rejects.toMatchObject({ data: { privilege: `use ${verb}` } });
      await sql(`GRANT ${verb} ON ${table(verb === "INSERT" ? "u" : "t")} TO ${role}`);
      await other.preflightSteps(own, steps);
    }
    await own.close();
    await other.close();
    await sql(...(postgres ? [`DROP OWNED BY ${role}`] : []), `DROP ${postgres ? "ROLE" : "USER"} ${role}`);
  });

  it("goes over all partitions of a table by their common key", async () => {
    await sql(
      ...(postgres
        ? [
            "CREATE TABLE t (id int, k int, n int DEFAULT 0, PRIMARY KEY (id, k)) PARTITION BY LIST (k)",
            "CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1)",
            "CREATE TABLE t2 PARTITION OF t FOR VALUES IN (2)",
          ]
        : ["CREATE TABLE t (id int, k int, n int DEFAULT 0, PRIMARY KEY (id, k)) PARTITION BY KEY (k) PARTITIONS 3"]),
      "INSERT INTO t (id, k) VALUES (1, 1), (2, 2), (3, 1), (4, 2), (5, 1)",
    );
    expect(await walk("UPDATE t SET n = n + 1")).toEqual({ scanned: 5, changed: 5 });
    expect(await walk("DELETE FROM t WHERE id > 3")).toEqual({ scanned: 5, changed: 2 });
    expect(await rows("SELECT count(*) AS c, sum(n) AS s FROM t")).toEqual([[3, 3]]);
  });

  it("finds in the database what reads a table, or is written along with its rows", async () => {
    const body = postgres
      ? {
          reader: "CREATE FUNCTION f(x int) RETURNS int STABLE LANGUAGE sql AS 'SELECT n FROM t WHERE id = x - 1'",
          other: "CREATE FUNCTION g(x int) RETURNS int STABLE LANGUAGE sql AS 'SELECT n FROM u WHERE id = x - 1'",
          untold: "CREATE FUNCTION h(x int) RETURNS int LANGUAGE sql AS 'SELECT x'",
          stamp: ["CREATE FUNCTION s() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.at := 7; RETURN NEW; END'"],
          stamped: "CREATE TRIGGER s BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION s()",
          counted: [
            "CREATE FUNCTION c() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN UPDATE u SET n = n + 1; RETURN NULL; END'",
            "CREATE TRIGGER c AFTER UPDATE ON t FOR EACH ROW EXECUTE FUNCTION c()",
          ],
        }
      : {
          reader: "CREATE FUNCTION f(x int) RETURNS int READS SQL DATA RETURN (SELECT n FROM t WHERE id = x - 1)",
          untold: "CREATE FUNCTION h(x int) RETURNS int NO SQL COMMENT 'DETERMINISTIC' RETURN x",
          other:
            "CREATE FUNCTION g(x int) RETURNS int DETERMINISTIC READS SQL DATA RETURN (SELECT n FROM u WHERE id = x - 1)",
          stamp: [],
          stamped: "CREATE TRIGGER s BEFORE UPDATE ON t FOR EACH ROW SET NEW.at = 7",
          counted: ["CREATE TRIGGER c AFTER UPDATE ON t FOR EACH ROW UPDATE u SET n = n + 1"],
        };
    await sql(
      "CREATE TABLE t (id int PRIMARY KEY, n int, at int)",
      "CREATE TABLE u (id int PRIMARY KEY, n int)",
      "CREATE TABLE l (id int PRIMARY KEY, a int, b int, CONSTRAINT k FOREIGN KEY (a) REFERENCES t (id) ON DELETE CASCADE)",
      "CREATE VIEW v AS SELECT n, count(*) AS c FROM t GROUP BY n",
      "CREATE VIEW w AS SELECT max(c) AS c FROM v",
      ...(postgres ? [] : ["SET GLOBAL log_bin_trust_function_creators = 1"]),
      body.reader,
      body.other,
      body.untold,
      ...body.stamp,
      body.stamped,
    );
    const atOnce = (text: string) => expect(workOf(text)).rejects.toThrow("at once");
    await atOnce("UPDATE t SET n = (SELECT max(c) FROM w)");
    await atOnce("UPDATE t SET n = f(id)");
    await atOnce("DELETE FROM t WHERE NOT EXISTS (SELECT 1 FROM l WHERE l.b = t.id)");
    await workOf("DELETE FROM t WHERE NOT EXISTS (SELECT 1 FROM l WHERE l.a = t.id)");
    await workOf("UPDATE t SET n = g(id) WHERE at > 3");
    await workOf("UPDATE t SET n = (SELECT g(max(id)) FROM u)");
    await atOnce("UPDATE t SET n = (SELECT h(max(id)) FROM u)");
    await sql(...body.counted);
    await workOf("UPDATE t SET n = 1");
    await atOnce("UPDATE t SET n = g(id)");
  });

  if (postgres)
    it("knows trees of tables, triggers that are off, and functions that cannot be told", async () => {
      await sql(
        "CREATE TABLE t (id int PRIMARY KEY, n int) PARTITION BY RANGE (id)",
        "CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (1) TO (9)",
        "CREATE TABLE t_2 PARTITION OF t FOR VALUES FROM (9) TO (99)",
        "CREATE TABLE h (id int PRIMARY KEY, n int)",
        "CREATE TABLE c (PRIMARY KEY (id)) INHERITS (h)",
        "CREATE FUNCTION d() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN EXECUTE TG_ARGV[0]; RETURN NULL; END'",
        "CREATE TRIGGER d AFTER UPDATE ON c FOR EACH ROW EXECUTE FUNCTION d('SELECT 1')",
        "CREATE FUNCTION i(x int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS 'BEGIN EXECUTE NULL; RETURN x; END'",
        "CREATE RULE r AS ON DELETE TO t_2 DO ALSO NOTIFY gone",
        "CREATE TABLE tree (id int PRIMARY KEY, p int REFERENCES tree, n int)",
      );
      const atOnce = (text: string) => expect(workOf(text)).rejects.toThrow("at once");
      await atOnce("UPDATE t SET n = (SELECT max(n) FROM t_1)");
      await atOnce("UPDATE t_1 SET n = (SELECT max(n) FROM t)");
      await workOf("UPDATE t_1 SET n = (SELECT max(n) FROM t_2)");
      await atOnce("UPDATE c SET n = (SELECT max(n) FROM h)");
      await atOnce("UPDATE c SET n = (SELECT max(n) FROM t)");
      await sql("ALTER TABLE c DISABLE TRIGGER d");
      await workOf("UPDATE c SET n = (SELECT max(n) FROM t)");
      await workOf("UPDATE c SET n = i(id)");
      await atOnce("DELETE FROM t_2 WHERE n = 1");
      await atOnce("DELETE FROM tree WHERE n = 1");
      await workOf("DELETE FROM tree WHERE n = 1 AND p IS NULL");
    });

  if (postgres)
    it("takes the head of an inheritance tree with ONLY, or a child", async () => {
      await sql(
        "CREATE TABLE t (id int PRIMARY KEY, n int DEFAULT 0)",
        "CREATE TABLE c (PRIMARY KEY (id)) INHERITS (t)",
        "INSERT INTO t VALUES (1)",
        "INSERT INTO c VALUES (1)",
      );
      await expect(walk("UPDATE c SET n = 7")).resolves.toEqual({ scanned: 1, changed: 1 });
      await expect(walk("UPDATE ONLY t SET n = 8")).resolves.toEqual({ scanned: 1, changed: 1 });
      expect(await rows("SELECT n FROM t ORDER BY n")).toEqual([[7], [8]]);
      await expect(workOf("UPDATE t SET n = 9")).rejects.toThrow("at once: UPDATE t");
    });
});
