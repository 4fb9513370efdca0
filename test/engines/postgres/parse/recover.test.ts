import { beforeAll, describe, expect, it } from "vitest";
import { loadParser, parsePostgres } from "../../../../src/engines/postgres/parse/index.js";

beforeAll(loadParser);

const read = (sql: string) => {
  const parsed = parsePostgres(sql);
  return {
    statements: parsed.statements.map((s) => sql.slice(s.span.start, s.span.end)),
    problems: parsed.problems.map((p) => sql.slice(p.span.start, p.span.end)),
  };
};

describe("a file with a statement that does not parse", () => {
  it("still gives the other statements, in their places", () => {
    const sql = "SELECT 'é';\nselct 1;\nALTER TABLE ü ADD ö int;\nDROP TABLE x y;\nSELECT '😀', 2";
    expect(read(sql)).toEqual({
      statements: ["SELECT 'é'", "ALTER TABLE ü ADD ö int", "SELECT '😀', 2"],
      problems: ["selct", "y"],
    });
  });

  it("gives operations with the texts of their own statement", () => {
    const { statements } = parsePostgres("selct;\nALTER TABLE é ADD COLUMN ü text DEFAULT 'ö' NOT NULL;");
    expect(statements[0]?.operations[0]).toMatchObject({
      kind: "add-column",
      column: { name: "ü", type: "text", default: "'ö'", notNull: true },
    });
  });

  it("keeps the bodies of SQL functions and rules whole", () => {
    const f = "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC; SELECT CASE WHEN true THEN 1 END; SELECT 2; END";
    const rule = "CREATE RULE r AS ON INSERT TO t DO (DELETE FROM a; DELETE FROM b)";
    expect(read(`${f};\n${rule};\nselct;`)).toEqual({ statements: [f, rule], problems: ["selct"] });
  });

  it("names the problem of a missing bracket where PostgreSQL sees it", () => {
    expect(read("CREATE TABLE t (a int;\nSELECT 1;").problems).toEqual([";"]);
  });
});

describe("psql", () => {
  it("is named when its commands stand on lines of their own", () => {
    const sql = "\\set x 1\nSELECT 1;\n  \\i other.sql\nSELECT 2;";
    expect(read(sql)).toEqual({ statements: ["SELECT 1", "SELECT 2"], problems: ["\\set x 1", "\\i other.sql"] });
    expect(parsePostgres(sql).problems[1]?.message).toMatch(/^\\i is a command of psql/);
  });

  it("is named when a command ends a statement", () => {
    expect(parsePostgres("SELECT 1 \\gexec\n").problems[0]?.message).toMatch(/^\\gexec is a command of psql/);
  });

  it("has rows behind COPY, which are no statements", () => {
    const sql = "SELECT 1;\nCOPY t FROM stdin;\n1;\tDROP TABLE x;\n\\.\nSELECT 2;";
    expect(read(sql)).toEqual({
      statements: ["SELECT 1", "COPY t FROM stdin", "SELECT 2"],
      problems: ["COPY t FROM stdin"],
    });
  });

  it("has rows behind COPY that are not even tokens", () => {
    const [problem] = parsePostgres("COPY t FROM stdin;\n1\tit's\n\\.\n").problems;
    expect(problem?.message).toContain("COPY ... FROM stdin");
  });
});
