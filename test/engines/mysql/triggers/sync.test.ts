import { describe, expect, it } from "vitest";
import type { Session } from "../../../../src/engines/engine.js";
import { shortHash } from "../../../../src/engines/mysql/names.js";
import { markBackfill } from "../../../../src/engines/mysql/triggers/mark.js";
import { followTriggers, syncTriggers } from "../../../../src/engines/mysql/triggers/sync.js";
import { omissionOf } from "../../../../src/engines/mysql/triggers/values.js";
import type { Column } from "../../../../src/model/catalog.js";
import { describeDialects } from "../support/database.js";

const column: Column = {
  name: "a",
  type: "varchar(20)",
  notNull: false,
  default: null,
  defaultVolatile: null,
  collation: null,
  characterSet: null,
  generated: null,
  identity: null,
  autoIncrement: false,
  comment: null,
  onUpdate: null,
  comparable: false,
  settings: [],
  grants: [],
};

describe("how an INSERT shows that it left a column out", () => {
  it.each([
    [null, "null"],
    ["NULL", "null"],
    ["'x'", "constant"],
    ["0", "constant"],
    ["-1.5e3", "constant"],
    ["b'101'", "constant"],
    ["CURRENT_TIMESTAMP", "repeatable"],
    ["current_timestamp(3)", "repeatable"],
    ["(3 + 4)", "repeatable"],
    ["(uuid())", "unknown"],
    ["concat('a',uuid())", "unknown"],
  ])("by a default of %s", (text, kind) => {
    expect(omissionOf({ ...column, default: text }).kind).toBe(kind);
  });

  it("not by one that the catalogs do not tell rightly: that of a TIMESTAMP, or of bytes", () => {
    expect(omissionOf({ ...column, type: "timestamp(3)", default: "'2020-01-01 00:00:00'" }).kind).toBe("unknown");
    expect(omissionOf({ ...column, type: "varbinary(3)", default: "0x61" }).kind).toBe("unknown");
    expect(omissionOf({ ...column, type: "timestamp", default: "CURRENT_TIMESTAMP" }).kind).toBe("repeatable");
  });

  it("not by an expression that an ENUM may spell otherwise, or that a long text cannot be given again", () => {
    for (const type of ["enum('A')", "text", "longblob"])
      expect(omissionOf({ ...column, type, default: "(lower('A'))" }).kind).toBe("unknown");
    expect(omissionOf({ ...column, type: "json", default: "(_utf8mb4'[]')" }).kind).toBe("unknown");
    expect(omissionOf({ ...column, type: "json", default: "(json_array())" }).kind).toBe("repeatable");
  });
});

describeDialects("sync", (bench) => {
  const pair = (table: string, old: Partial<Column> = {}, rewritten = false) =>
    syncTriggers({
      relation: { schema: null, name: table },
      hash: shortHash(table),
      old: { ...column, ...old },
      new: "b",
      rewritten,
      lenient: null,
      asked: null,
      implicit: null,
      judged: false,
    });
  const rows = (table: string) => bench.session().query(`SELECT a, b FROM ${table} ORDER BY id`);
  const same = (...values: readonly string[]) => values.map((v) => ({ a: v, b: v }));

  it("sees a change that the collation does not: case, accents, trailing spaces", async () => {
    await bench.sql(
      "CREATE TABLE folded (id int PRIMARY KEY, a varchar(20), b varchar(20)) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_general_ci",
    );
    await bench.sql("INSERT INTO folded VALUES (1, 'foo', 'foo'), (2, 'foo', 'foo'), (3, 'foo', 'foo')");
    for (const { create } of pair("folded")) await bench.sql(create);
    await bench.sql(
      "UPDATE folded SET a = 'Foo' WHERE id = 1",
      "UPDATE folded SET b = 'fóo' WHERE id = 2",
      "UPDATE folded SET b = 'foo ' WHERE id = 3",
    );
    expect(await bench.session().query("SELECT id FROM folded WHERE NOT (BINARY a <=> BINARY b)")).toEqual([]);
  });

  it("sees a change of spelling in JSON", async () => {
    await bench.sql(
      "CREATE TABLE documents (id int PRIMARY KEY, a json, b json)",
      `INSERT INTO documents VALUES (1, '{"x":1}', '{"x":1}')`,
    );
    for (const { create } of pair("documents", { type: "json" })) await bench.sql(create);
    await bench.sql(`UPDATE documents SET b = '{"x":1.0}'`);
    const [row] = await bench
      .session()
      .query<{ a: string; b: string }>("SELECT CAST(a AS CHAR) AS a, CAST(b AS CHAR) AS b FROM documents");
    expect(row?.a).toBe(row?.b);
  });

  it("copies the old side in a backfill, also when a trigger of the application changes it on the way", async () => {
    await bench.sql("CREATE TABLE filled (id int PRIMARY KEY, a varchar(20), b varchar(20))");
    await bench.sql("INSERT INTO filled VALUES (1, 'One', NULL), (2, 'two', NULL)");
    await bench.sql("CREATE TRIGGER lowers BEFORE UPDATE ON filled FOR EACH ROW SET NEW.a = lower(NEW.a)");
    for (const { create } of pair("filled")) await bench.sql(create);
    const session = await bench.another();
    const database = bench.database();
    await database.prepareBackfill(session);
    const relation = { schema: null, name: "filled" };
    const work = { relation, set: "b = a", where: "NOT (b <=> a)", key: null, rows: null, targetMs: null };
    const key = await database.keyOf(session, work);
    await database.backfillBatch(session, { work, key, after: null, upTo: ["9"], rows: 10 });
    expect(await rows("filled")).toEqual(same("one", "two"));
  });

  it("is marked by the very table that is being backfilled, by no other of a like name", async () => {
    const other = await bench.server.createDatabase("sync_other");
    const marked = async (session: Session, table: string, mark: string) => {
      await session.query(mark);
      await session.query(`UPDATE ${table} SET a = 'mine', b = 'other' WHERE id = 1`);
      const [row] = await session.query(`SELECT a, b FROM ${table}`);
      await session.query(`UPDATE ${table} SET a = 'x', b = 'x'`);
      return row;
    };
    try {
      await bench.sql("CREATE TABLE marked (id int PRIMARY KEY, a varchar(20), b varchar(20))");
      await bench.sql("INSERT INTO marked VALUES (1, 'x', 'x')");
      for (const { create } of pair("marked")) await bench.sql(create);
      const session = await bench.another();
      const mark = (name: string) => markBackfill({ schema: null, name });
      expect(await marked(session, "marked", mark("marked"))).toEqual({ a: "mine", b: "mine" });
      for (const name of ["Marked", "märked", "marke", "marked "])
        expect(await marked(session, "marked", mark(name)), name).toEqual({ a: "mine", b: "other" });
      const [here] = await session.query<{ db: string }>("SELECT DATABASE() AS db");
      await session.query(`USE \`${other.name}\``);
      const table = `\`${here?.db}\`.marked`;
      expect(await marked(session, table, mark("marked"))).toEqual({ a: "mine", b: "other" });
      const exact = markBackfill({ schema: here?.db ?? "", name: "marked" });
      expect(await marked(session, table, exact)).toEqual({ a: "mine", b: "mine" });
    } finally {
      await other.drop();
    }
  });

  it("fills a row that was not backfilled when it is touched, and leaves what was written differently", async () => {
    await bench.sql("CREATE TABLE touched (id int PRIMARY KEY, n int, a varchar(20), b varchar(20))");
    await bench.sql("INSERT INTO touched VALUES (1, 0, 'x', NULL), (2, 0, 'y', NULL), (3, 0, 'p', 'q')");
    for (const { create } of pair("touched")) await bench.sql(create);
    await bench.sql("UPDATE touched SET n = 1 WHERE id IN (1, 3)", "UPDATE touched SET id = id - 1000 WHERE id = 2");
    expect(await rows("touched")).toEqual([
      { a: "y", b: "y" },
      { a: "x", b: "x" },
      { a: "p", b: "q" },
    ]);
  });

  it("keeps both sides equal when a trigger of the application writes the old one", async () => {
    await bench.sql("CREATE TABLE rewritten (id int PRIMARY KEY, a varchar(20) DEFAULT 'None', b varchar(20))");
    await bench.sql("INSERT INTO rewritten VALUES (1, 'Old', NULL), (2, 'Old', 'Old'), (3, 'Old', 'Old')");
    for (const event of ["INSERT", "UPDATE"])
      await bench.sql(
        `CREATE TRIGGER rewrites_${event} BEFORE ${event} ON rewritten FOR EACH ROW SET NEW.a = lower(NEW.a)`,
      );
    await bench.sql("ALTER TABLE rewritten ALTER COLUMN b SET DEFAULT 'None'");
    for (const { create } of pair("rewritten", { default: "'None'" }, true)) await bench.sql(create);
    await bench.sql(
      "UPDATE rewritten SET b = 'New' WHERE id IN (1, 2)",
      "UPDATE rewritten SET a = 'Mine' WHERE id = 3",
      "INSERT INTO rewritten (id, b) VALUES (4, 'New')",
      "INSERT INTO rewritten (id, a) VALUES (5, 'Mine')",
      "INSERT INTO rewritten (id) VALUES (6)",
    );
    expect(await rows("rewritten")).toEqual(same("New", "New", "mine", "New", "mine", "none"));
  });

  it("stays right when the two columns exchange their names", async () => {
    await bench.sql(
      "CREATE TABLE exchanged (id int PRIMARY KEY AUTO_INCREMENT, a varchar(20) DEFAULT 'd', b varchar(20) DEFAULT 'd')",
    );
    for (const { create } of pair("exchanged", { default: "'d'" })) await bench.sql(create);
    await bench.sql("ALTER TABLE exchanged RENAME COLUMN a TO b, RENAME COLUMN b TO a, ALGORITHM=INSTANT");
    await bench.sql(
      "INSERT INTO exchanged (a) VALUES ('old')",
      "INSERT INTO exchanged (b) VALUES ('new')",
      "INSERT INTO exchanged () VALUES ()",
    );
    await bench.sql("UPDATE exchanged SET a = 'Old' WHERE id = 1", "UPDATE exchanged SET b = 'New' WHERE id = 2");
    expect(await bench.session().query("SELECT a, b FROM exchanged ORDER BY id")).toEqual([
      { a: "Old", b: "Old" },
      { a: "New", b: "New" },
      { a: "d", b: "d" },
    ]);
  });

  it("runs after the triggers that are there", async () => {
    await bench.sql("CREATE TABLE chained (id int PRIMARY KEY, a varchar(20), b varchar(20))");
    await bench.sql("CREATE TRIGGER zzzz BEFORE INSERT ON chained FOR EACH ROW SET NEW.a = upper(NEW.a)");
    for (const { create } of pair("chained")) await bench.sql(create);
    await bench.sql("INSERT INTO chained (id, a) VALUES (1, 'x')");
    expect(await bench.session().query("SELECT a, b FROM chained")).toEqual([{ a: "X", b: "X" }]);
  });

  it("makes the parked column follow, and goes away again, twice without a complaint", async () => {
    await bench.sql("CREATE TABLE followed (id int PRIMARY KEY, parked int, b int)");
    const triggers = followTriggers({
      relation: { schema: null, name: "followed" },
      hash: "0a1b2c3d",
      parked: "parked",
      new: "b",
      lenient: null,
    });
    for (const { create } of triggers) await bench.sql(create);
    await bench.sql("INSERT INTO followed (id, b) VALUES (1, 5)", "UPDATE followed SET b = 6");
    expect(await bench.session().query("SELECT parked FROM followed")).toEqual([{ parked: 6 }]);
    for (const { drop } of triggers) await bench.sql(drop, drop);
  });
});
