import { describe, expect, it } from "vitest";
import { mysqlEffects } from "../../../../src/engines/mysql/effects/index.js";
import { type MysqlDialect, parseMysql } from "../../../../src/engines/mysql/parse/index.js";
import { versionOf } from "../../../../src/engines/mysql/version.js";
import type { Catalog } from "../../../../src/model/catalog.js";

const catalog: Catalog = { source: "files", complete: false, defaultSchema: null, tables: [] };

const effectOf = (sql: string, version: string, dialect: MysqlDialect = "mysql") => {
  const [operation] = parseMysql(sql, dialect).statements.flatMap((s) => s.operations);
  if (operation === undefined) throw new Error(`no operation in ${sql}`);
  return mysqlEffects(operation, { catalog, version: versionOf(version) }, dialect);
};

/** What older MySQL does, from its manual: no server of the tests can prove it. */
describe("MySQL by version", () => {
  it.each([
    ["ALTER TABLE t ADD n int", "8.0.11", "INPLACE", true],
    ["ALTER TABLE t ADD n int", "8.0.12", "INSTANT", false],
    ["ALTER TABLE t ADD n int FIRST", "8.0.28", "INPLACE", true],
    ["ALTER TABLE t ADD n int FIRST", "8.0.29", "INSTANT", false],
    ["ALTER TABLE t RENAME COLUMN a TO b", "8.0.27", "INPLACE", false],
    ["ALTER TABLE t RENAME COLUMN a TO b", "8.0.28", "INSTANT", false],
    ["ALTER TABLE t ADD n int CHECK (n > 0)", "8.0.15", "INSTANT", false],
    ["ALTER TABLE t ADD n int CHECK (n > 0)", "8.0.16", "COPY", true],
    ["ALTER TABLE t ADD n int REFERENCES p (id)", "8.4.0", "INSTANT", false],
    ["ALTER TABLE t ADD n int REFERENCES p (id)", "9.0.0", "COPY", true],
    ["ALTER TABLE t ADD n int", "9.7.4", "INSTANT", false],
  ])("%s on %s is %s", (sql, version, algorithm, rewrite) => {
    expect(effectOf(sql, version)).toMatchObject({ algorithm, rewrite, transaction: "never" });
  });

  it("drops a column by a rebuild before 8.0.29, and later where the table is not known", () => {
    const known: Catalog = { ...catalog, tables: [TABLE] };
    const [operation] = parseMysql("ALTER TABLE t DROP COLUMN a", "mysql").statements.flatMap((s) => s.operations);
    if (operation === undefined) throw new Error("no operation");
    const on = (version: string, given: Catalog) =>
      mysqlEffects(operation, { catalog: given, version: versionOf(version) }, "mysql").algorithm;
    expect(on("8.0.28", known)).toBe("INPLACE");
    expect(on("8.0.29", known)).toBe("INSTANT");
    expect(on("8.0.29", catalog)).toBe("INPLACE");
  });
});

const TABLE: Catalog["tables"][number] = {
  relation: { schema: null, name: "t" },
  columns: [],
  constraints: [],
  indexes: [],
  referencedBy: [],
  dependents: [
    { kind: "trigger", name: "g", columns: ["A"] },
    { kind: "view", name: "w", columns: ["a"] },
  ],
  partitioned: false,
  rows: null,
  bytes: null,
};

describe("what only some versions do", () => {
  const rests = (sql: string, oldest: string) => {
    const [operation] = parseMysql(sql, "mysql").statements.flatMap((s) => s.operations);
    if (operation === undefined) throw new Error("no operation");
    const range = { version: versionOf(oldest), newestVersion: versionOf("9.7.4") };
    return mysqlEffects(operation, { catalog, ...range }, "mysql").rests;
  };
  it("is said to rest on the server's version", () => {
    const first = "ALTER TABLE t ADD n int FIRST";
    expect(rests(first, "8.0.12")).toEqual(["the server is MySQL before 8.0.29: later ones touch no row"]);
    expect(rests(first, "8.0.29")).toBeUndefined();
    expect(rests("ALTER TABLE t ADD n int REFERENCES p (id)", "8.0.12")).toEqual([
      "the server is MySQL 9.0.0 or later: older ones touch no row",
    ]);
    expect(rests("ALTER TABLE t ADD n int AS (a + 1) STORED", "8.0.12")).toBeUndefined();
  });
});

describe("an ALGORITHM that some versions refuse", () => {
  const failsIn = (change: string, oldest: string, newest: string) => {
    const [operation] = parseMysql(`ALTER TABLE t ${change}`, "mysql").statements.flatMap((s) => s.operations);
    if (operation === undefined) throw new Error("no operation");
    const range = { version: versionOf(oldest), newestVersion: versionOf(newest) };
    return mysqlEffects(operation, { catalog, ...range }, "mysql").fails;
  };

  it.each([
    ["ADD n int FIRST, ALGORITHM=INSTANT", "8.0.12", " by MySQL before 8.0.29"],
    ["ADD n int AFTER a, ALGORITHM=INSTANT", "8.0.28", " by MySQL before 8.0.29"],
    ["ADD n int AFTER a, ALGORITHM=INSTANT", "8.0.29", null],
    ["ADD n int, ALGORITHM=INSTANT", "5.7.44", " by MySQL before 8.0.12"],
    ["RENAME COLUMN a TO b, ALGORITHM=INSTANT", "8.0.12", " by MySQL before 8.0.28"],
    ["ADD n int CHECK (n > 0), ALGORITHM=INSTANT", "8.0.12", " by MySQL from 8.0.16 on"],
    ["ADD n int CHECK (n > 0), ALGORITHM=INSTANT", "5.7.44", " by MySQL before 8.0.12 and from 8.0.16 on"],
    ["ADD INDEX i (a), ALGORITHM=INSTANT", "8.0.12", ""],
  ])("%s, from %s to 9.7", (change, oldest, by) => {
    const refusal = by === null ? null : `ALGORITHM=INSTANT is refused${by} (1845, 1846)`;
    const fails = failsIn(change, oldest, "9.7.4");
    if (refusal === null) expect(fails).toBeNull();
    else expect(fails).toContain(refusal);
  });
});

describe("what is not known", () => {
  it("is said of an added column's table", () => {
    expect(effectOf("ALTER TABLE t ADD n int", "9.7.4").assumes.join()).toMatch(/FULLTEXT/);
  });

  it("is said of the first FULLTEXT index, of views and of other code", () => {
    expect(effectOf("CREATE FULLTEXT INDEX k ON t (b)", "9.7.4").assumes.join()).toMatch(/first FULLTEXT/);
    expect(effectOf("ALTER TABLE t RENAME COLUMN a TO b", "9.7.4").assumes.join()).toMatch(/triggers/);
  });

  it("is the worst for what is not modelled, and nothing for what is harmless", () => {
    expect(effectOf("ALTER TABLE t ENGINE_OF_ITS_OWN = 1", "10.11.0", "mariadb")).toMatchObject({
      algorithm: "COPY",
      rewrite: true,
      destroys: true,
      locks: [{ held: "brief" }, { mode: "MDL SHARED NO WRITE", blocks: "writes", held: "rewrite" }],
    });
    expect(effectOf("SELECT 1", "9.7.4")).toMatchObject({ locks: [], rewrite: false, assumes: [] });
  });
});

describe("what breaks", () => {
  it("is old code by the name, and new code by triggers and views that keep it", () => {
    const given: Catalog = { ...catalog, source: "database", tables: [TABLE] };
    for (const sql of ["ALTER TABLE t RENAME COLUMN a TO b", "ALTER TABLE t DROP COLUMN a"]) {
      const [operation] = parseMysql(sql, "mysql").statements.flatMap((s) => s.operations);
      if (operation === undefined) throw new Error("no operation");
      const stated = mysqlEffects(operation, { catalog: given, version: versionOf("9.7.4") }, "mysql");
      expect(stated.breaks.map((b) => [b.who, b.what])).toEqual([
        ["N-1", "both"],
        ["N", "writes"],
        ["N", "both"],
      ]);
      expect(stated.assumes).toEqual([]);
    }
  });

  it.each([
    ["ALTER TABLE t ADD n int NOT NULL", "mysql", /1364/],
    ["ALTER TABLE t ADD n int DEFAULT 1 UNIQUE", "mysql", /1062/],
    ["ALTER TABLE t ADD n int DEFAULT 0 CHECK (n > 0)", "mariadb", /4025/],
  ] as const)("%s breaks writes on %s", (sql, dialect, why) => {
    const [broken] = effectOf(sql, dialect === "mysql" ? "9.7.4" : "10.11.0", dialect).breaks;
    expect(broken).toMatchObject({ what: "writes", who: "N-1", why: expect.stringMatching(why) });
  });
});

describe("CREATE TABLE", () => {
  it("locks what it points at, once each, and not itself", () => {
    const sql =
      "CREATE TABLE n (id int PRIMARY KEY, a int, b int, c int, FOREIGN KEY (a) REFERENCES p (id), FOREIGN KEY (b) REFERENCES p (id), FOREIGN KEY (c) REFERENCES n (id))";
    expect(effectOf(sql, "9.7.4").locks).toMatchObject([{ relation: { name: "p" }, blocks: "reads", held: "brief" }]);
  });

  it("copies rows when it takes them from a query", () => {
    expect(effectOf("CREATE TABLE n AS SELECT b FROM t", "9.7.4")).toMatchObject({ scan: true, replicaCost: "replay" });
    expect(effectOf("CREATE TABLE n AS SELECT 1 AS a", "9.7.4")).toMatchObject({ scan: false, replicaCost: "none" });
  });
});
