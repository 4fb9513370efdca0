import { describe, expect, it } from "vitest";
import { expressionProblem, namedIn, readFrom } from "../../../../src/engines/mysql/triggers/expression.js";
import type { Column } from "../../../../src/model/catalog.js";

const column = (name: string) => ({ name }) as Column;
const table = { relation: { schema: null, name: "t" }, columns: ["a", "B c", "year"].map(column) };

describe("an expression over one row", () => {
  it.each([
    ["a", "(NEW.`a`)"],
    ["lower(t.A) + `b c`", "(lower(NEW.`a`) + NEW.`B c`)"],
    ["CONCAT('a', \"a\", a(1))", "(CONCAT('a', \"a\", a(1)))"],
    ["`T`.`a` /* a */ + INTERVAL 1 YEAR", "(NEW.`a` /* a */ + INTERVAL 1 YEAR)"],
    ["o.a", "(o.a)"],
  ])("%s is read from the new one", (text, read) => {
    expect(readFrom("NEW", text, table, "mysql")).toBe(read);
  });

  it("names its columns once", () => {
    expect(namedIn("a + t.a + `B c` + x", table.relation, "mysql")).toEqual(["a", "B c", "x"]);
  });

  it.each(["lower(", "a; DROP TABLE t", "(SELECT 1)", "COUNT(a)", "'a", "a b"])("is not %s", (text) => {
    expect(expressionProblem(text, "mysql")).not.toBeNull();
  });

  it.each(["a", "CASE WHEN a > 1 THEN 'x;' ELSE NULL END", "SUBSTRING_INDEX(a, ' ', 1)", "CAST(a AS UNSIGNED)"])(
    "is %s",
    (text) => {
      expect(expressionProblem(text, "mysql")).toBeNull();
    },
  );
});
