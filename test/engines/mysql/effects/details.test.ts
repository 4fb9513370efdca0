import { describe, expect, it } from "vitest";
import { mysqlEffects } from "../../../../src/engines/mysql/effects/index.js";
import { type MysqlDialect, parseMysql } from "../../../../src/engines/mysql/parse/index.js";
import { versionOf } from "../../../../src/engines/mysql/version.js";
import { applyOperation, emptyCatalog } from "../../../../src/history/replay.js";
import type { Effect } from "../../../../src/model/effect.js";
import type { Operation } from "../../../../src/model/operation.js";

const TABLES = `
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (
  id int NOT NULL AUTO_INCREMENT PRIMARY KEY,
  v varchar(50) CHARACTER SET latin1 NOT NULL DEFAULT 'x' COMMENT 'it''s',
  at datetime NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  n int NULL, m decimal(10, 2), e enum('a', 'b'), tags set('a', 'b'), pid int,
  UNIQUE KEY uv (v), KEY kp (pid), CONSTRAINT f FOREIGN KEY (pid) REFERENCES p (id));`;

function operationsOf(sql: string, dialect: MysqlDialect): readonly Operation[] {
  return parseMysql(sql, dialect).statements.flatMap((s) => s.operations);
}

interface Given {
  readonly dialect?: MysqlDialect;
  readonly version?: string;
  readonly newest?: string;
  readonly settings?: Readonly<Record<string, string>>;
  readonly unknown?: boolean;
}

function effectOf(sql: string, given: Given = {}): Effect {
  const { dialect = "mysql", version = dialect === "mysql" ? "9.7.4" : "10.11.0", settings = {} } = given;
  const empty = emptyCatalog("files", null);
  const catalog = given.unknown === true ? empty : operationsOf(TABLES, dialect).reduce(applyOperation, empty);
  const siblings = operationsOf(sql, dialect);
  const [operation] = siblings;
  if (operation === undefined) throw new Error(`no operation in ${sql}`);
  const newest = given.newest === undefined ? {} : { newestVersion: versionOf(given.newest) };
  const context = { catalog, version: versionOf(version), siblings, settings, ...newest };
  return mysqlEffects(operation, context, dialect);
}

describe("MODIFY and CHANGE", () => {
  it("name what the new definition does not repeat", () => {
    expect(effectOf("ALTER TABLE t MODIFY v varchar(60)").loses).toEqual([
      "NOT NULL",
      "DEFAULT 'x'",
      "COMMENT 'it''s'",
      "CHARACTER SET latin1",
    ]);
    expect(effectOf("ALTER TABLE t MODIFY at datetime NOT NULL").loses).toEqual([
      "DEFAULT CURRENT_TIMESTAMP",
      "ON UPDATE CURRENT_TIMESTAMP",
    ]);
    expect(effectOf("ALTER TABLE t MODIFY id int").loses).toEqual(["AUTO_INCREMENT"]);
  });

  it("lose nothing when all is said again", () => {
    const sql = "ALTER TABLE t MODIFY v varchar(50) CHARACTER SET latin1 NOT NULL DEFAULT 'x' COMMENT 'it''s'";
    const effect = effectOf(sql);
    expect(effect.loses).toBeUndefined();
    expect(effect).toMatchObject({ algorithm: "INSTANT", breaks: [], fails: null, destroys: false });
  });

  it.each([
    ["ALTER TABLE t MODIFY n int NOT NULL", "writes", /1048/, /1138/],
    ["ALTER TABLE t MODIFY n smallint", "writes", /1264/, /1264/],
    ["ALTER TABLE t MODIFY n int unsigned", "writes", /1264/, /1264/],
    ["ALTER TABLE t MODIFY e enum('b')", "writes", /'a' fail \(1265\)/, /1265/],
    ["ALTER TABLE t MODIFY pid bigint", null, /./, /foreign key f/],
    ["ALTER TABLE t MODIFY n int UNIQUE", null, /./, /1062/],
    ["ALTER TABLE t MODIFY n int AS (id) VIRTUAL", null, /./, /3106/],
  ] as const)("%s breaks %s", (sql, what, why, fails) => {
    const effect = effectOf(sql);
    if (what === null) expect(effect.breaks).toEqual([]);
    else expect(effect.breaks[0]).toMatchObject({ what, who: "N-1", why: expect.stringMatching(why) });
    expect(effect.fails).toMatch(fails);
  });

  it.each(["MODIFY n bigint", "MODIFY m decimal(12, 2)", "MODIFY e enum('a', 'b', 'c')"])(
    "%s breaks nothing",
    (change) => {
      expect(effectOf(`ALTER TABLE t ${change}`)).toMatchObject({ breaks: [], fails: null, destroys: false });
    },
  );

  it("destroy values where the session is not strict, and round in any mode", () => {
    expect(effectOf("ALTER TABLE t MODIFY n smallint", { settings: { sql_mode: "" } }).destroys).toBe(true);
    expect(effectOf("ALTER TABLE t MODIFY n smallint").destroys).toBe(false);
    expect(effectOf("ALTER TABLE t MODIFY m decimal(10, 1)").destroys).toBe(true);
  });

  it("ask what they forbid", () => {
    expect(effectOf("ALTER TABLE t MODIFY n int NOT NULL CHECK (n > 0)").enforces).toEqual([
      "n is not NULL",
      "CHECK (n > 0)",
    ]);
  });

  it("of an unknown column is a copy, which is said", () => {
    const effect = effectOf("ALTER TABLE t CHANGE n z bigint", { unknown: true });
    expect(effect).toMatchObject({ algorithm: "COPY", rewrite: true });
    expect(effect.assumes.join()).toMatch(/n is not known/);
    expect(effect.breaks[0]?.why).toMatch(/1054/);
  });
});

describe("what goes", () => {
  it.each([
    ["DROP TABLE t", "both"],
    ["DROP DATABASE d", "both"],
    ["ALTER TABLE t DISCARD TABLESPACE", "both"],
    ["ALTER TABLE t DROP PARTITION q", "both"],
  ])("%s destroys, and breaks %s", (sql, what) => {
    expect(effectOf(sql)).toMatchObject({ destroys: true, transaction: "never", breaks: [{ what, who: "N-1" }] });
  });

  it("is refused where another table points at it", () => {
    expect(effectOf("DROP TABLE p").fails).toMatch(/3730.*foreign key f/);
    expect(effectOf("TRUNCATE p").fails).toMatch(/1701/);
    expect(effectOf("ALTER TABLE t DROP INDEX kp").fails).toMatch(/1553.*foreign key f/);
  });

  it("locks what it points at", () => {
    const names = (sql: string) => effectOf(sql).locks.map((l) => `${l.relation.name} ${l.blocks} ${l.held}`);
    expect(names("DROP TABLE t")).toEqual(["t reads brief", "p reads brief"]);
    expect(names("ALTER TABLE t DROP FOREIGN KEY f")).toEqual(["t reads brief", "p reads brief"]);
    expect(names("RENAME TABLE t TO z")).toEqual(["t reads brief", "z reads brief"]);
    expect(names("ALTER TABLE t ADD FOREIGN KEY (n) REFERENCES p (id)")).toContain("p reads brief");
  });

  it("of a temporary table is nobody's business", () => {
    expect(effectOf("DROP TEMPORARY TABLE t")).toMatchObject({ locks: [], destroys: false, transaction: "any" });
  });
});

describe("rows", () => {
  const blocks = (sql: string) => effectOf(sql).locks.map((l) => `${l.relation.name} ${l.blocks}`);

  it("that no WHERE chooses are all locked, and those that are read for a write, too", () => {
    expect(blocks("UPDATE t SET n = 1")).toEqual(["t writes"]);
    expect(blocks("UPDATE t SET n = 1 WHERE id = 1")).toEqual(["t ddl"]);
    expect(blocks("INSERT INTO t (n) SELECT id FROM p")).toEqual(["t ddl", "p writes"]);
    expect(effectOf("DELETE FROM t WHERE id = 1")).toMatchObject({ destroys: true, replicaCost: "replay" });
    expect(effectOf("SELECT 1")).toMatchObject({ locks: [], transaction: "any" });
  });

  it("are not seen behind CALL of a procedure that no file makes", () => {
    expect(effectOf("CALL q()").unknownCalls).toHaveLength(1);
  });
});

describe("the session", () => {
  it("decides what a foreign key costs", () => {
    const sql = "ALTER TABLE t ADD FOREIGN KEY (pid) REFERENCES p (id)";
    expect(effectOf(sql)).toMatchObject({ algorithm: "COPY", fails: expect.stringMatching(/1452/) });
    const unchecked = effectOf(sql, { settings: { foreign_key_checks: "OFF" } });
    expect(unchecked).toMatchObject({ algorithm: "INPLACE", rewrite: false, fails: null });
    expect(unchecked.assumes.join()).toMatch(/foreign_key_checks=0/);
  });

  it("locks tables by name", () => {
    expect(effectOf("LOCK TABLES t WRITE, p READ").locks.map((l) => l.blocks)).toEqual(["reads", "writes"]);
    expect(effectOf("FLUSH TABLES WITH READ LOCK").breaks[0]?.why).toMatch(/write/);
    expect(effectOf("SET sql_mode = ''")).toMatchObject({ locks: [], breaks: [] });
  });
});

describe("CHECK", () => {
  it("is ignored by MySQL 5.7, copies since 8.0.16, and is taken for it in between", () => {
    const on = (version: string) => effectOf("ALTER TABLE t ADD CHECK (n > 0)", { version });
    expect(on("5.7.44")).toMatchObject({ algorithm: "INPLACE", fails: expect.stringContaining("ignores it") });
    expect(on("8.0.12")).toMatchObject({ algorithm: "COPY", assumes: [expect.stringMatching(/8\.0\.16/)] });
    expect(on("8.0.16")).toMatchObject({ algorithm: "COPY", assumes: [], enforces: ["CHECK (n > 0)"] });
  });
});

describe("ANALYZE TABLE", () => {
  it("made everybody wait before MySQL 8.0.24", () => {
    expect(effectOf("ANALYZE TABLE t", { version: "8.0.23" }).locks).toMatchObject([
      { blocks: "reads", held: "brief" },
    ]);
    expect(effectOf("ANALYZE TABLE t", { version: "8.0.24" }).locks).toEqual([]);
  });
});

describe("a range of versions", () => {
  it("is the worst of it", () => {
    const range = (oldest: string, newest: string, sql: string) => effectOf(sql, { version: oldest, newest });
    expect(range("8.0.12", "9.7.0", "ALTER TABLE t ADD c int FIRST")).toMatchObject({
      algorithm: "INPLACE",
      rewrite: true,
    });
    expect(range("8.0.32", "9.7.0", "ALTER TABLE t ADD c int FIRST")).toMatchObject({ algorithm: "INSTANT" });
    expect(range("8.4.0", "9.7.0", "ALTER TABLE t ADD c int REFERENCES p (id)")).toMatchObject({ algorithm: "COPY" });
    expect(range("8.0.12", "8.4.0", "ALTER TABLE t ADD c int REFERENCES p (id)")).toMatchObject({
      algorithm: "INSTANT",
    });
  });

  it("warns of the versions that corrupt tables with INSTANT columns, when one is meant", () => {
    expect(effectOf("ALTER TABLE t ADD c int FIRST", { version: "8.0.30" }).fails).toMatch(/8\.0\.32/);
    expect(effectOf("ALTER TABLE t DROP COLUMN m", { version: "8.0.31" }).fails).toMatch(/8\.0\.32/);
    for (const version of ["8.0.28", "8.0.32", "9.7.4"]) {
      expect(effectOf("ALTER TABLE t ADD c int", { version }).fails).toBe(null);
    }
    expect(effectOf("ALTER TABLE t ADD c int, ALGORITHM=INPLACE", { version: "8.0.30" }).fails).toBe(null);
  });
});

describe("a VECTOR index", () => {
  it("is taken for a copy of the table", () => {
    const effect = effectOf("ALTER TABLE t ADD VECTOR INDEX n (v)", { dialect: "mariadb", version: "11.8.2" });
    expect(effect).toMatchObject({ algorithm: "COPY", rewrite: true });
  });
});
