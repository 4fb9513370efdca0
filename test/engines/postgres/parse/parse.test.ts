import { beforeAll, describe, expect, it } from "vitest";
import { loadParser, parsePostgres } from "../../../../src/engines/postgres/parse/index.js";

beforeAll(loadParser);

const texts = (sql: string) => parsePostgres(sql).statements.map((s) => s.sql);

describe("statements", () => {
  it("reach from their first token to their last, without comments around them and without the semicolon", () => {
    const sql = "-- é 漢 😀\n\n/* x */ SELECT 1 /* in */ , 2 -- tail\n;\n  SELECT '漢' ;-- end";
    expect(texts(sql)).toEqual(["SELECT 1 /* in */ , 2", "SELECT '漢'"]);
  });

  it("have spans that slice the file", () => {
    const sql = "SELECT '😀';\nALTER TABLE é ADD COLUMN ü int, DROP COLUMN ö;";
    const [, alter] = parsePostgres(sql).statements;
    expect(sql.slice(alter?.span.start, alter?.span.end)).toBe("ALTER TABLE é ADD COLUMN ü int, DROP COLUMN ö");
    expect(alter?.operations.map((o) => sql.slice(o.span.start, o.span.end))).toEqual([
      "ADD COLUMN ü int",
      "DROP COLUMN ö",
    ]);
  });

  it.each(["", "   \n", "-- only a comment", ";;;", "/* a /* nested */ one */"])("are none in %j", (sql) => {
    expect(parsePostgres(sql)).toMatchObject({ statements: [], problems: [] });
  });

  it("keep semicolons of strings, dollar quotes and SQL bodies", () => {
    const body = "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC; SELECT 1; END";
    expect(texts(`SELECT ';'; DO $x$ BEGIN; END $x$; ${body};`)).toEqual(["SELECT ';'", "DO $x$ BEGIN; END $x$", body]);
  });

  it("are frozen, as are their operations", () => {
    const [statement] = parsePostgres("CREATE TABLE t (a int)").statements;
    expect(Object.isFrozen(statement)).toBe(true);
    expect(Object.isFrozen(statement?.operations[0])).toBe(true);
  });
});

describe("comments", () => {
  it("are found with their markers, and never inside strings", () => {
    const sql = "-- zmigrate:phase expand\r\nSELECT '-- no', $$ /* no */ $$; /* ü\n*/";
    const { comments } = parsePostgres(sql);
    expect(comments.map((c) => c.text)).toEqual(["-- zmigrate:phase expand", "/* ü\n*/"]);
    expect(comments.map((c) => sql.slice(c.span.start, c.span.end))).toEqual(comments.map((c) => c.text));
  });

  it("are found next to control characters", () => {
    const { comments, problems } = parsePostgres("-- a\u0001b\fc\nSELECT '\u0002';");
    expect(problems).toEqual([]);
    expect(comments[0]?.text).toBe("-- a\u0001b\fc");
  });
});

describe("problems", () => {
  const problems = (sql: string) =>
    parsePostgres(sql).problems.map((p) => [p.message, sql.slice(p.span.start, p.span.end)]);

  it("are none in SQL of PostgreSQL 18", () => {
    expect(problems("ALTER TABLE t ADD CONSTRAINT n NOT NULL a NOT VALID, ADD v int GENERATED ALWAYS AS (a)")).toEqual(
      [],
    );
  });

  it("stand at their token, also behind characters of several bytes", () => {
    expect(problems("-- é漢😀\nselct 2;")).toEqual([['syntax error at or near "selct"', "selct"]]);
  });

  it("stand at the end when something is missing there", () => {
    const sql = "CREATE TABLE t (a int\n";
    const [problem] = parsePostgres(sql).problems;
    expect(problem?.message).toBe("syntax error at end of input");
    expect(problem?.span).toEqual({ start: sql.length - 1, end: sql.length - 1 });
  });

  it.each([
    ["SELECT 'abc", "unterminated quoted string"],
    ["SELECT $$abc", "unterminated dollar-quoted string"],
    ["/* abc", "unterminated /* comment"],
    ["SELECT 1;\0 DROP TABLE t", "NUL"],
    ["\uFEFFSELECT 1", "syntax error"],
  ])("are reported for %j", (sql, message) => {
    const parsed = parsePostgres(sql);
    expect(parsed.problems).toHaveLength(1);
    expect(parsed.problems[0]?.message).toContain(message);
  });

  it("are reported for COPY FROM stdin, although the statement itself parses", () => {
    expect(problems("COPY t FROM STDIN;")).toEqual([
      [expect.stringContaining("COPY ... FROM stdin"), "COPY t FROM STDIN"],
    ]);
    expect(problems("COPY t FROM '/file'; COPY t TO STDOUT;")).toEqual([]);
  });
});

describe("time", () => {
  it("is linear: ten thousand statements parse, and ten thousand with an error among them", () => {
    const many = "ALTER TABLE t ADD COLUMN c int DEFAULT 0; -- é\n".repeat(10_000);
    const started = performance.now();
    expect(parsePostgres(many).statements).toHaveLength(10_000);
    expect(parsePostgres(`${many}selct 1;`).statements).toHaveLength(10_000);
    expect(performance.now() - started).toBeLessThan(60_000);
  });
});
