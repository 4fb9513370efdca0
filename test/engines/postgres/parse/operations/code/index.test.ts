import { beforeAll, describe, expect, it } from "vitest";
import { loadParser, parsePostgres } from "../../../../../../src/engines/postgres/parse/index.js";
import type { Code } from "../../../../../../src/model/detail/code.js";
import { details, name } from "../read.js";

beforeAll(loadParser);

function codeOf(sql: string): Code {
  const [detail] = details(sql);
  const code = detail !== undefined && "code" in detail ? detail.code : undefined;
  if (code === undefined) throw new Error(`no code in ${sql}`);
  return code;
}

/** Each operation with the text it stands for, and when it runs. */
const rows = (sql: string) =>
  codeOf(sql).operations.map(({ operation, repeated, conditional }) => [
    operation.kind === "other" ? operation.what : operation.kind,
    sql.slice(operation.span.start, operation.span.end),
    `${repeated ? "repeated" : ""}${conditional ? "conditional" : ""}`,
  ]);
const unknown = (sql: string) => codeOf(sql).unknown.map((u) => [u.why, sql.slice(u.span.start, u.span.end)]);

const BLOCK = `-- é DROP TABLE t
DO $x$
DECLARE n int := (SELECT max(a) FROM q); c CURSOR FOR SELECT * FROM cc; r record;
BEGIN -- ALTER TABLE t ADD COLUMN é int, DROP b;
  ALTER TABLE t ADD COLUMN é int, DROP b;
  IF n > 1 THEN EXECUTE 'DROP TABLE ' || r.x; EXECUTE 'ALTER TABLE t ' || 'DROP x'; END IF;
  FOR r IN SELECT 1 FROM z LOOP UPDATE t SET a = 1; END LOOP;
  EXECUTE format('x %I', r.a) USING f(1); CALL p(); COMMIT AND CHAIN; n := nextval('x');
  SELECT a INTO STRICT n FROM t WHERE b = 1; PERFORM g(2);
  FOR r IN EXECUTE 'DELETE FROM zz' LOOP NULL; END LOOP;
  BEGIN DELETE FROM u; EXCEPTION WHEN OTHERS THEN DELETE FROM v; END;
END $x$`;

describe("a block", () => {
  it("has what it does, in order, at its place in the file", () => {
    expect(rows(BLOCK)).toEqual([
      ["select", "(SELECT max(a) FROM q)", ""],
      ["select", "SELECT * FROM cc", ""],
      ["add-column", "ADD COLUMN é int", ""],
      ["drop-column", "DROP b", ""],
      ["drop-column", "'ALTER TABLE t ' || 'DROP x'", "conditional"],
      ["select", "SELECT 1 FROM z", ""],
      ["update", "UPDATE t SET a = 1", "repeated"],
      ["select", "f(1)", ""],
      ["call", "CALL p()", ""],
      ["commit", "COMMIT", ""],
      ["select", "nextval('x')", ""],
      ["select", "SELECT a INTO STRICT n FROM t WHERE b = 1", ""],
      ["select", "PERFORM g(2)", ""],
      ["delete", "'DELETE FROM zz'", ""],
      ["delete", "DELETE FROM u", "conditional"],
      ["delete", "DELETE FROM v", "conditional"],
    ]);
  });

  it("says where it does what is only known when it runs", () => {
    expect(unknown(BLOCK)).toEqual([
      ["dynamic", "'DROP TABLE ' || r.x"],
      ["dynamic", "format('x %I', r.a)"],
    ]);
  });

  it("keeps the statement that an operation stands in", () => {
    expect(codeOf(BLOCK).operations[2]?.statement).toBe("ALTER TABLE t ADD COLUMN é int, DROP b");
  });

  it("is opaque for what reads no code, and says its language", () => {
    expect(details("DO $$ BEGIN END $$")).toMatchObject([
      { kind: "opaque", how: "do", code: { language: "plpgsql", operations: [], unknown: [] } },
    ]);
  });

  it.each([
    ["DO $$ BEGIN DROP TABEL t; END $$", "unreadable"],
    ["DO $$ BEGIN IF a THEN DROP TABLE t; END $$", "unreadable"],
    [`DO $$ BEGIN PERFORM ${"(".repeat(2500)}1${")".repeat(2500)}; END $$`, "unreadable"],
    ["DO LANGUAGE plpython3u 'x'", "language"],
  ])("that is not read is unknown: %.60s", (sql, why) => {
    expect(codeOf(sql)).toMatchObject({ operations: [], unknown: [{ why }] });
    expect(codeOf("DO $$ BEGIN DELETE FROM t; END $$").operations).toHaveLength(1);
  });
});

describe("a long or deep block", () => {
  it.each(["IF a THEN ", "BEGIN ", "LOOP ", "CASE WHEN a THEN "])("of %s is read or said to be too deep", (open) => {
    const end = `END ${/^(IF|LOOP|CASE)/.exec(open)?.[0] ?? ""};`;
    for (const depth of [900, 3000, 6000]) {
      const code = codeOf(`DO $$ BEGIN ${open.repeat(depth)} DELETE FROM t; ${end.repeat(depth)} END $$`);
      expect(code.operations.length + code.unknown.length).toBe(1);
    }
    expect(codeOf("DO $$ BEGIN DELETE FROM t; END $$").operations).toHaveLength(1);
  });

  it("finds the declarations of an inner block, and what stands in front of it", () => {
    const sql =
      "DO $$ DECLARE a int := f(1); BEGIN DELETE FROM t; DECLARE b int := f(2); BEGIN DELETE FROM u; END; DELETE FROM t; END $$";
    const starts = codeOf(sql).operations.map(({ operation }) => operation.span.start);
    expect(rows(sql).map(([, text]) => text)).toEqual([
      "f(1)",
      "f(2)",
      "DELETE FROM t",
      "DELETE FROM u",
      "DELETE FROM t",
    ]);
    expect(new Set(starts).size).toBe(5);
  });
});

describe("a body in quotes", () => {
  it.each([
    [
      "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS 'BEGIN DELETE FROM t WHERE a = ''x''; END'",
      "DELETE FROM t WHERE a = ''x''",
    ],
    ["CREATE FUNCTION f() RETURNS int AS $$DELETE FROM t; SELECT 1$$ LANGUAGE SQL", "DELETE FROM t"],
    ["CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT '''';DELETE FROM t'", "SELECT ''''"],
    [
      "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS E'BEGIN\\n DELETE FROM t; END'",
      "E'BEGIN\\n DELETE FROM t; END'",
    ],
  ])("%s", (sql, text) => {
    expect(rows(sql)[0]?.[1]).toBe(text);
  });

  it("has the details with the text as SQL means it", () => {
    expect(
      codeOf("CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'DELETE FROM t WHERE a = ''x'''").operations,
    ).toMatchObject([{ operation: { relation: name("t"), detail: { where: "a = 'x'" } } }]);
  });
});

describe("a routine", () => {
  it("is created, with its code", () => {
    expect(details("CREATE OR REPLACE PROCEDURE s.p() LANGUAGE plpgsql AS $$ BEGIN COMMIT; END $$")).toMatchObject([
      {
        kind: "create-object",
        object: "procedure",
        name: name("s.p"),
        orReplace: true,
        code: { operations: [{ operation: { what: "commit", detail: { kind: "transaction", action: "commit" } } }] },
      },
    ]);
  });

  it.each([
    [
      "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC UPDATE t SET a = CASE WHEN b THEN 1 END; DELETE FROM u; RETURN f(1); END",
      ["UPDATE t SET a = CASE WHEN b THEN 1 END", "DELETE FROM u", "RETURN f(1)"],
    ],
    ["CREATE FUNCTION f() RETURNS int LANGUAGE sql RETURN (SELECT b FROM t)", ["RETURN (SELECT b FROM t)"]],
    ["CREATE PROCEDURE p() BEGIN ATOMIC; END", []],
  ])("%s", (sql, texts) => {
    expect(rows(sql).map(([, text]) => text)).toEqual(texts);
  });

  it("of a trigger and of rows is read", () => {
    expect(
      rows(
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO t SELECT NEW.*; RETURN NEW; END $$",
      ),
    ).toHaveLength(1);
    expect(
      rows(
        "CREATE FUNCTION f() RETURNS SETOF t LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY DELETE FROM t RETURNING *; END $$",
      ).map(([what]) => what),
    ).toEqual(["delete"]);
    expect(
      unknown("CREATE FUNCTION f() RETURNS SETOF t LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY EXECUTE x; END $$"),
    ).toEqual([["dynamic", "x"]]);
  });

  it("holds another one", () => {
    const [entry] = codeOf(
      "DO $a$ BEGIN CREATE FUNCTION g() RETURNS int LANGUAGE sql AS $b$ SELECT 1 FROM t $b$; END $a$",
    ).operations;
    expect(entry?.operation).toMatchObject({
      detail: { code: { operations: [{ operation: { detail: { reads: [name("t")] } } }] } },
    });
  });

  it("has places in a file that does not parse as a whole", () => {
    const sql = "ALTER TABEL é; DO $$ BEGIN DELETE FROM t; END $$;";
    const [operation] = parsePostgres(sql).statements.flatMap((s) => s.operations);
    const detail = operation?.kind === "other" && operation.detail?.kind === "opaque" ? operation.detail : null;
    const span = detail?.code?.operations[0]?.operation.span;
    expect(sql.slice(span?.start, span?.end)).toBe("DELETE FROM t");
  });
});

it("a prepared statement names what it will do", () => {
  expect(details("PREPARE p (int) AS UPDATE t SET a = $1")).toMatchObject([
    {
      kind: "prepare-statement",
      name: "p",
      code: { operations: [{ operation: { what: "update", relation: name("t") } }] },
    },
  ]);
});
