import { beforeAll, describe, expect, it } from "vitest";
import { columnsIn, expressionProblem, functionsIn } from "../../../../src/engines/postgres/parse/columns.js";
import { loadParser } from "../../../../src/engines/postgres/parse/index.js";

beforeAll(loadParser);

describe("columnsIn", () => {
  it.each([
    [`a + B * "C"`, ["a", "b", "C"]],
    [`lower(lower) || 'a' || E'b'`, ["lower"]],
    [`t.a IS NULL AND s.t."b c" > 0 AND a < 1`, ["a", "b c"]],
    [`"sel""ect" = "select"`, [`sel"ect`, "select"]],
    ["CASE WHEN é THEN CURRENT_TIMESTAMP ELSE '漢'::date END -- tail", ["é"]],
    ["t.*", ["*"]],
    ["(c).field", ["c"]],
    ["1 + 2", []],
  ])("of %s", (expression, columns) => {
    expect(columnsIn(expression)).toEqual(columns);
  });

  it("holds on to a chain of two thousand operators", () => {
    expect(columnsIn(Array.from({ length: 2000 }, (_, i) => `c${i}`).join(" AND "))).toHaveLength(2000);
  });

  it("refuses what is not one expression", () => {
    expect(() => columnsIn("a, b")).toThrow(expect.objectContaining({ code: "internal" }));
  });
});

describe("expressionProblem", () => {
  it.each(["a", "lower(a) || 'x' -- why", "(SELECT 1)", "a > 0 AND b"])("accepts %s", (expression) => {
    expect(expressionProblem(expression)).toBeNull();
  });

  it.each(["", "a)", "a), (b", "a b c", "a, b", "1); DROP TABLE t; SELECT (1", "a) FROM t WHERE (b", "/*", "'x"])(
    "rejects %j",
    (expression) => {
      expect(expressionProblem(expression)).toEqual(expect.any(String));
    },
  );
});

describe("functionsIn", () => {
  it("names each function once, in order, with its schema", () => {
    expect(functionsIn(`lower("S".f(a, now())) || pg_catalog.upper(lower(b))`)).toEqual([
      { schema: null, name: "lower" },
      { schema: "S", name: "f" },
      { schema: null, name: "now" },
      { schema: "pg_catalog", name: "upper" },
    ]);
  });

  it("leaves out what only looks like a call, or like a name", () => {
    expect(functionsIn("COALESCE(random, CURRENT_TIMESTAMP, 'random()', greatest(1, 2))")).toEqual([]);
  });
});
