import { describe, expect, it } from "vitest";
import { only, problemOf } from "./one.js";

describe("CREATE INDEX", () => {
  it("keeps keys as written, and what may stand behind the table's name", () => {
    const sql = "CREATE UNIQUE INDEX i USING BTREE ON s.t (a, b(5) DESC) COMMENT 'c' ALGORITHM=INPLACE LOCK=NONE";
    expect(only("create-index", sql)).toEqual({
      kind: "create-index",
      span: { start: 0, end: sql.length },
      relation: { schema: "s", name: "t" },
      name: "i",
      unique: true,
      concurrently: false,
      ifNotExists: false,
      keys: [
        { column: "a", text: "a" },
        { column: "b", text: "b(5) DESC" },
      ],
      method: "btree",
      where: null,
      definition: "(a, b(5) DESC) USING BTREE COMMENT 'c'",
      only: false,
      execution: {
        algorithm: "INPLACE",
        lock: "NONE",
        waitSeconds: null,
        online: false,
        ignore: false,
        validation: null,
      },
    });
  });

  it("knows expressions, which MariaDB has not", () => {
    const sql = "CREATE INDEX i ON t ((lower(b)) DESC, a)";
    expect(only("create-index", sql).keys).toEqual([
      { column: null, text: "(lower(b)) DESC" },
      { column: "a", text: "a" },
    ]);
    expect(problemOf(sql, "mariadb").message).toBe("Expected the name of a column, but found (.");
  });

  it.each([
    ["CREATE FULLTEXT INDEX i ON t (c) WITH PARSER ngram", "fulltext"],
    ["CREATE SPATIAL INDEX i ON t (g)", "spatial"],
    ["CREATE INDEX i ON t (a) USING HASH", "hash"],
    ["CREATE INDEX i ON t (a)", null],
  ])("%s is of the method %s", (sql, method) => {
    expect(only("create-index", sql).method).toBe(method);
  });

  it("knows IF NOT EXISTS on MariaDB, and says that MySQL has none", () => {
    const sql = "CREATE INDEX IF NOT EXISTS i ON t (a) WAIT 5 COMMENT 'x'";
    expect(only("create-index", sql, "mariadb")).toMatchObject({ ifNotExists: true, definition: "(a) COMMENT 'x'" });
    expect(problemOf(sql).message).toContain("no IF NOT EXISTS here, which only MariaDB knows");
  });

  it.each([
    "CREATE INDEX ON t (a)",
    "CREATE INDEX i ON t",
    "CREATE INDEX i ON t (a) WHERE a > 0",
    "CREATE INDEX i ON t ()",
  ])("refuses %s", (sql) => {
    expect(() => only("create-index", sql)).toThrow("Expected");
  });
});

describe("ALTER TABLE ADD INDEX", () => {
  it("may leave out the name, and may name a method before the keys", () => {
    expect(only("create-index", "ALTER TABLE t ADD KEY USING HASH (a)")).toMatchObject({
      name: null,
      method: "hash",
      definition: "(a) USING HASH",
    });
  });

  it("takes TYPE for a name unless a method follows", () => {
    expect(only("create-index", "ALTER TABLE t ADD KEY type (a)").name).toBe("type");
    expect(only("create-index", "ALTER TABLE t ADD KEY TYPE BTREE (a)")).toMatchObject({ name: null, method: "btree" });
  });

  it("is about its own action, not about the whole statement", () => {
    const sql = "ALTER TABLE t  ADD INDEX (a) , LOCK=NONE";
    const { span } = only("create-index", sql);
    expect(sql.slice(span.start, span.end)).toBe("ADD INDEX (a)");
  });
});
