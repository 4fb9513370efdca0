import { beforeAll, describe, expect, it } from "vitest";
import { loadParser } from "../../../../../../src/engines/postgres/parse/index.js";
import { details, name, operations, others } from "../read.js";

beforeAll(loadParser);

describe("a view", () => {
  const SQL = `CREATE OR REPLACE VIEW s.v (x) WITH (security_barrier) AS
    WITH q AS (SELECT a FROM t), r AS (SELECT * FROM q) SELECT q.b, u."C" FROM q, s.u, r, t AS z`;

  it("names the tables and columns of its query, and not what WITH defines", () => {
    expect(details(SQL)).toMatchObject([
      { kind: "create-object", object: "view", name: name("s.v"), orReplace: true, reads: [name("t"), name("s.u")] },
    ]);
    expect(details(SQL)).toMatchObject([{ columns: expect.arrayContaining(["a", "*", "b", "C"]) }]);
  });

  it("has its query as its body", () => {
    const [detail] = details(SQL);
    const body = detail?.kind === "create-object" ? detail.body : null;
    expect(SQL.slice(body?.start, body?.end)).toMatch(/^WITH q AS .* AS z$/s);
  });

  it("that is materialized says whether it is filled", () => {
    expect(details("CREATE MATERIALIZED VIEW IF NOT EXISTS m AS SELECT 1 WITH NO DATA")).toMatchObject([
      { object: "materialized-view", ifNotExists: true, withData: false },
    ]);
    expect(details("CREATE MATERIALIZED VIEW m AS SELECT 1")[0]).not.toHaveProperty("withData");
  });

  it("with a recursive WITH does not read itself", () => {
    expect(
      details(
        "CREATE VIEW v AS WITH RECURSIVE a AS (SELECT 1 FROM b UNION SELECT 1 FROM a), b AS (SELECT 1 FROM t) SELECT * FROM a",
      ),
    ).toMatchObject([{ reads: [name("t")] }]);
  });
});

describe("a schema", () => {
  const SQL = `CREATE SCHEMA IF NOT EXISTS s`;
  const ELEMENTS = `CREATE SCHEMA s CREATE TABLE t (a int) CREATE VIEW v AS SELECT a FROM t CREATE INDEX i ON o.t (a) GRANT SELECT ON t TO r`;

  it("is made", () => {
    expect(others(SQL)).toMatchObject([
      { what: "create-schema", relation: null, detail: { object: "schema", name: name("s"), ifNotExists: true } },
    ]);
    expect(details("CREATE SCHEMA AUTHORIZATION r")).toMatchObject([{ name: name("r") }]);
  });

  it("is followed by what it holds, each in its place and with its own text", () => {
    const read = operations(ELEMENTS);
    expect(read.map((o) => [o.kind === "other" ? o.what : o.kind, o.relation])).toEqual([
      ["create-schema", null],
      ["create-table", name("s.t")],
      ["create-view", name("s.v")],
      ["create-index", name("o.t")],
      ["grant", null],
    ]);
    expect(read.slice(1).map((o) => ELEMENTS.slice(o.span.start, o.span.end))).toEqual([
      "CREATE TABLE t (a int)",
      "CREATE VIEW v AS SELECT a FROM t",
      "CREATE INDEX i ON o.t (a)",
      "GRANT SELECT ON t TO r",
    ]);
    expect(read[2]).toMatchObject({ detail: { name: name("s.v") } });
  });
});

describe("other objects", () => {
  it.each([
    ["CREATE EXTENSION IF NOT EXISTS hstore CASCADE", { object: "extension", name: name("hstore"), ifNotExists: true }],
    [
      "CREATE PUBLICATION p FOR TABLE t, s.u (a) WHERE (a > 1)",
      { object: "publication", reads: [name("t"), name("s.u")] },
    ],
    ["CREATE SEQUENCE s.q OWNED BY t.a", { object: "sequence", name: name("s.q") }],
    ["CREATE OPERATOR CLASS c FOR TYPE int USING btree AS OPERATOR 1 <", { object: "other", name: null }],
  ])("%s", (sql, detail) => {
    expect(details(sql)).toMatchObject([{ kind: "create-object", ...detail }]);
  });

  it("statistics belong to their table", () => {
    expect(others("CREATE STATISTICS s ON a, b FROM o.t")).toMatchObject([
      { relation: name("o.t"), detail: { object: "statistics", name: name("s") } },
    ]);
  });
});
