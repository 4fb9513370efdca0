import { describe, expect, it } from "vitest";
import { columnOf, problemOf } from "./one.js";

describe("a column's type", () => {
  it.each([
    ["VARCHAR(255)", "VARCHAR(255)"],
    ["INT(11) UNSIGNED ZEROFILL NOT NULL", "INT(11) UNSIGNED ZEROFILL"],
    ["enum('a', 'b)') NOT NULL", "enum('a', 'b)')"],
    ["DOUBLE PRECISION(10, 2) DEFAULT 0", "DOUBLE PRECISION(10, 2)"],
    ["NATIONAL CHARACTER VARYING(4)", "NATIONAL CHARACTER VARYING(4)"],
    ["POINT NOT NULL SRID 4326", "POINT"],
    ["VECTOR(3)", "VECTOR(3)"],
    ["VARCHAR(9) BINARY CHARACTER SET latin1", "VARCHAR(9) BINARY"],
    ["DECIMAL(10, /* digits */ 2)", "DECIMAL(10, 2)"],
  ])("%s is as written", (definition, type) => {
    expect(columnOf(`c ${definition}`).type).toBe(type);
  });

  it("stands apart from its character set and collation", () => {
    const text = "c VARCHAR(9) CHARACTER SET latin1 COLLATE latin1_bin NOT NULL";
    expect(columnOf(text)).toMatchObject({
      type: "VARCHAR(9)",
      characterSet: "latin1",
      collation: "latin1_bin",
      notNull: true,
      text,
    });
    expect(columnOf("c TEXT CHARSET 'latin1' NOT NULL COLLATE latin1_bin")).toMatchObject({
      type: "TEXT",
      characterSet: "latin1",
      collation: "latin1_bin",
    });
  });

  it("must be one that the server has", () => {
    expect(columnOf("c UUID", "mariadb").type).toBe("UUID");
    expect(problemOf("ALTER TABLE t ADD c UUID")).toEqual({
      message: "Expected a data type, but found UUID.",
      at: "UUID",
    });
    expect(problemOf("ALTER TABLE t ADD c")).toEqual({
      message: "Expected a data type, but the statement ends.",
      at: "",
    });
  });
});

describe("a column's default", () => {
  it.each([
    "NULL",
    "0",
    "-1.5",
    "'a'",
    "'a' 'b'",
    "b'1'",
    "0x4142",
    "_utf8mb4'x'",
    "DATE '2020-01-01'",
    "TRUE",
    "(uuid())",
    "(a + (b * 2))",
    "CURRENT_TIMESTAMP",
    "CURRENT_TIMESTAMP(6)",
    "NOW()",
    "LOCALTIME",
  ])("%s is as written", (text) => {
    expect(columnOf(`c INT DEFAULT ${text} NOT NULL`)).toMatchObject({ default: text, notNull: true });
  });

  it.each(["uuid()", "NEXT VALUE FOR s", "CASE WHEN 1 THEN 2 END", "a", "t.a", "@@version"])(
    "%s is MariaDB's alone",
    (text) => {
      expect(columnOf(`c INT DEFAULT ${text} NOT NULL`, "mariadb").default).toBe(text);
      expect(problemOf(`ALTER TABLE t ADD c INT DEFAULT ${text}`).message).toContain("Expected the value of DEFAULT");
    },
  );

  it("is null when there is none", () => {
    expect(columnOf("c INT").default).toBeNull();
  });
});

describe("a column's attributes", () => {
  it("come in any order", () => {
    expect(columnOf("c INT COMMENT 'it''s' AUTO_INCREMENT UNIQUE NOT NULL INVISIBLE")).toMatchObject({
      comment: "it's",
      autoIncrement: true,
      unique: true,
      notNull: true,
    });
  });

  it("know ON UPDATE", () => {
    expect(columnOf("c TIMESTAMP(6) NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6)")).toMatchObject({
      default: "CURRENT_TIMESTAMP(6)",
      onUpdate: "CURRENT_TIMESTAMP(6)",
      notNull: false,
    });
  });

  it.each(["PRIMARY KEY", "KEY"])("take %s for the primary key", (text) => {
    expect(columnOf(`c INT ${text}`)).toMatchObject({ primaryKey: true, notNull: true, unique: false });
  });

  it("take SERIAL for what it stands for", () => {
    const serial = { notNull: true, autoIncrement: true, unique: true, primaryKey: false };
    expect(columnOf("c SERIAL")).toMatchObject({ type: "SERIAL", ...serial });
    expect(columnOf("c INT SERIAL DEFAULT VALUE")).toMatchObject({ type: "INT", ...serial });
  });

  it.each([
    ["AS (a + 1)", "virtual"],
    ["GENERATED ALWAYS AS (a + 1) VIRTUAL", "virtual"],
    ["GENERATED ALWAYS AS (a + 1) STORED", "stored"],
  ] as const)("know %s", (text, kind) => {
    expect(columnOf(`c INT ${text} NOT NULL`)).toMatchObject({
      generated: { kind, expression: "a + 1" },
      notNull: true,
    });
  });

  it("know MariaDB's PERSISTENT and its row's start", () => {
    expect(columnOf("c INT AS (a) PERSISTENT", "mariadb").generated).toEqual({ kind: "stored", expression: "a" });
    expect(columnOf("c TIMESTAMP(6) GENERATED ALWAYS AS ROW START", "mariadb").generated?.expression).toBe("ROW START");
  });

  it("keep each check's name and condition", () => {
    expect(columnOf("c INT CHECK (c > 0) CONSTRAINT small CHECK ((c) < 9) NOT ENFORCED").checks).toEqual([
      { name: null, expression: "c > 0" },
      { name: "small", expression: "(c) < 9", enforced: false },
    ]);
  });

  it("keep what REFERENCES points at", () => {
    expect(columnOf("c INT REFERENCES s.p (id) MATCH FULL ON DELETE CASCADE ON UPDATE SET NULL").references).toEqual({
      constraint: null,
      relation: { schema: "s", name: "p" },
      columns: ["id"],
      actions: "MATCH FULL ON DELETE CASCADE ON UPDATE SET NULL",
    });
  });

  it("are code in executable comments, and the text is without comments", () => {
    expect(columnOf("c INT /*!80023 INVISIBLE */ /* why */ NOT NULL -- so\n DEFAULT 1")).toMatchObject({
      notNull: true,
      default: "1",
      text: "c INT INVISIBLE NOT NULL DEFAULT 1",
    });
  });

  it.each([
    ["c INT DEFAULT", "Expected the value of DEFAULT, but the statement ends."],
    ["c INT NOT", "Expected , or the end of the statement, but found NOT."],
    ["c INT FOO 3", "Expected , or the end of the statement, but found FOO."],
    ["c INT COMMENT x", "Expected a string, but found x."],
    ["c INT ON UPDATE 3", "Expected CURRENT_TIMESTAMP, but found 3."],
    ["c INT CONSTRAINT x", "Expected CHECK, but the statement ends."],
    ["c INT CHECK ()", "Expected a condition, but found )."],
    ["c INT GENERATED ALWAYS (a)", "Expected AS, but found (."],
    ["select INT", "Expected the name of a column, but found select."],
  ])("are refused in %s", (definition, message) => {
    expect(problemOf(`ALTER TABLE t ADD COLUMN ${definition}`).message).toBe(message);
  });

  it("may be MySQL's in MySQL only", () => {
    expect(columnOf("c INT COLUMN_FORMAT FIXED STORAGE DISK VISIBLE").name).toBe("c");
    expect(() => columnOf("c INT COLUMN_FORMAT FIXED", "mariadb")).toThrow();
    expect(columnOf("c TEXT COMPRESSED=zlib FOO=3", "mariadb").attributes).toEqual([
      { name: "COMPRESSED", value: "zlib" },
      { name: "FOO", value: "3" },
    ]);
    expect(columnOf("c POINT REF_SYSTEM_ID=3", "mariadb").type).toBe("POINT REF_SYSTEM_ID=3");
    expect(() => columnOf("c TEXT COMPRESSED")).toThrow();
  });
});
