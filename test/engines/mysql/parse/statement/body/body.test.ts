import { describe, expect, it } from "vitest";
import { parseMysql } from "../../../../../../src/engines/mysql/parse/index.js";
import type { Code } from "../../../../../../src/model/detail/code.js";
import { detailOf, only } from "../../one.js";
import { operationText } from "../../operation-text.js";

function codeOf(body: string): Code {
  const detail = detailOf(`CREATE PROCEDURE p (a INT) ${body}`, "mariadb");
  if (detail.kind !== "create-object" || detail.code === undefined) throw new Error("no code");
  return detail.code;
}

const does = (body: string) => codeOf(body).operations.map(({ operation }) => operationText(operation));

describe("a body", () => {
  it("says what it does, wherever in it", () => {
    const body = `BEGIN
      DECLARE x, y INT DEFAULT 1;
      DECLARE c CURSOR FOR SELECT id FROM t;
      DECLARE EXIT HANDLER FOR NOT FOUND, SQLSTATE '23000' BEGIN DELETE FROM log; END;
      OPEN c; FETCH c INTO x; CLOSE c;
      IF x > 1 THEN UPDATE t SET a = 1; ELSEIF x THEN ALTER TABLE t ADD b INT; ELSE SET x = 1; END IF;
      l: WHILE x < 5 DO INSERT INTO u VALUES (x); LEAVE l; END WHILE l;
      CASE x WHEN 1 THEN DROP TABLE v; ELSE BEGIN END; END CASE;
      REPEAT SET x = x + 1; UNTIL x > 3 END REPEAT;
      FOR i IN 1..3 DO CALL q(i); END FOR;
    END`;
    expect(does(body)).toEqual([
      ...["delete log", "update t", "add-column t.b", "set (harmless)", "insert u", "drop-table v"],
      ...["set (harmless)", "call"],
    ]);
  });

  it("says what depends on a condition, and what is repeated", () => {
    const code = codeOf("BEGIN DELETE FROM a; IF 1 THEN DELETE FROM b; END IF; LOOP DELETE FROM c; END LOOP; END");
    expect(code.operations.map(({ repeated, conditional }) => [repeated, conditional])).toEqual([
      [false, false],
      [false, true],
      [true, false],
    ]);
    expect(code.operations.map(({ statement }) => statement)).toEqual([
      "DELETE FROM a",
      "DELETE FROM b",
      "DELETE FROM c",
    ]);
    expect(code).toMatchObject({ language: "sql", unknown: [] });
  });

  it("tells all words that may be names, those of its flow too", () => {
    const { words } = codeOf("IF EXISTS (SELECT 1 FROM u) THEN RETURN `G`(1, 'x'); END IF");
    expect(words).toEqual(["IF", "EXISTS", "SELECT", "FROM", "u", "THEN", "RETURN", "G", "END"]);
  });

  it("says where text is run as SQL", () => {
    const code = codeOf("BEGIN PREPARE s FROM @x; EXECUTE s; END");
    expect(code.unknown.map(({ why }) => why)).toEqual(["dynamic"]);
  });

  it("may be one statement, and stands where it is written", () => {
    const sql = "CREATE TRIGGER g AFTER UPDATE ON t FOR EACH ROW INSERT INTO u VALUES (NEW.a)";
    const { body, code } = detailOf(sql) as { body: { start: number; end: number }; code: Code };
    expect(sql.slice(body.start, body.end)).toBe("INSERT INTO u VALUES (NEW.a)");
    expect(code.span).toEqual(body);
  });

  it("is read of events, and of MariaDB's compound statements", () => {
    expect(detailOf("CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM t")).toMatchObject({
      object: "event",
      code: { operations: [{ operation: { what: "delete" } }] },
    });
    expect(detailOf("BEGIN NOT ATOMIC DROP TABLE t; END", "mariadb")).toMatchObject({
      kind: "opaque",
      how: "compound",
      code: { operations: [{ operation: { what: "drop-table" } }] },
    });
  });

  it("in another language is kept as it is", () => {
    const sql = "CREATE FUNCTION f (a INT) RETURNS INT LANGUAGE JAVASCRIPT AS $$ return a; /* ; */ $$";
    expect(detailOf(sql)).toMatchObject({ object: "function" });
    expect(only("other", sql).detail).not.toHaveProperty("code");
  });

  it.each([
    "BEGIN SELEC 1; END",
    "BEGIN SELECT 1 END",
    "IF 1 THEN END IF",
    "BEGIN SELECT 1; END other",
    "BEGIN UPDATE t SET; END",
    "WHILE 1 SELECT 1; END WHILE",
    "1 SELECT",
  ])("that is no body is not understood: %s", (body) => {
    const { statements } = parseMysql(`DELIMITER //\nCREATE PROCEDURE p () ${body}//`, "mysql");
    for (const { operations } of statements) expect(operations[0]).not.toHaveProperty("detail");
  });
});

it("does not begin with a label that is none", () => {
  for (const sql of ["@a : SELECT 1", "1 : SELECT 1", "'a' : LOOP"]) {
    expect(parseMysql(sql, "mariadb").problems.length).toBeGreaterThan(0);
  }
});
