import { beforeAll, describe, expect, it } from "vitest";
import {
  renameColumnInConstraint,
  renameColumnInExpression,
  renameColumnInIndex,
} from "../../../../src/engines/postgres/parse/columns.js";
import { loadParser } from "../../../../src/engines/postgres/parse/index.js";

beforeAll(loadParser);

const NASTY = `we"ird`;

describe("renameColumnInExpression", () => {
  it.each([
    ["(lower(lower) <> 'lower'::text)", "lower", `(lower("new") <> 'lower'::text)`],
    [`("User" = "user"::text)`, "User", `("new" = "user"::text)`],
    [`("we""ird" > 0)  /* "we""ird" */`, NASTY, `("new" > 0)  /* "we""ird" */`],
    [`((a)::a IS NULL) OR (b = ANY (ARRAY['a'::text]))`, "a", `(("new")::a IS NULL) OR (b = ANY (ARRAY['a'::text]))`],
    ["('é漢😀'::text <> é)", "é", `('é漢😀'::text <> "new")`],
    ["(t.a > u.a)", "a", "(t.a > u.a)"],
    [`("select" AND "order")`, "order", `("select" AND "new")`],
    ["((a).a > 0)", "a", `(("new").a > 0)`],
    ["f(a => a)", "a", `f(a => "new")`],
  ])("%s", (expression, from, expected) => {
    expect(renameColumnInExpression(expression, from, "new")).toBe(expected);
  });

  it("renames qualified names of the table that it is told", () => {
    expect(renameColumnInExpression("t.a > u.a AND s.t.a < a", "a", `n"w`, "t")).toBe(
      `t."n""w" > u.a AND s.t."n""w" < "n""w"`,
    );
  });

  it("refuses a bare name beside a subquery, which may be another table's column", () => {
    expect(() => renameColumnInExpression("EXISTS (SELECT a FROM u)", "a", "b", "t")).toThrow(/subquery/);
    expect(renameColumnInExpression("EXISTS (SELECT u.x FROM u WHERE u.x = t.a)", "a", "b", "t")).toBe(
      `EXISTS (SELECT u.x FROM u WHERE u.x = t."b")`,
    );
  });
});

describe("renameColumnInIndex", () => {
  it.each([
    ["CREATE INDEX a ON public.a USING btree (a)", `CREATE INDEX a ON public.a USING btree ("new")`],
    [
      `CREATE UNIQUE INDEX i ON ONLY "S"."T" USING btree (b, a COLLATE "C" text_pattern_ops DESC NULLS LAST) INCLUDE (c, a)`,
      `CREATE UNIQUE INDEX i ON ONLY "S"."T" USING btree (b, "new" COLLATE "C" text_pattern_ops DESC NULLS LAST) INCLUDE (c, "new")`,
    ],
    [
      "CREATE INDEX i ON t USING gist (lower((a)::text), a((b)::text), ((a || 'a'::text))) WHERE ((a IS NOT NULL) AND (b <> 'a'::text))",
      `CREATE INDEX i ON t USING gist (lower(("new")::text), a((b)::text), (("new" || 'a'::text))) WHERE (("new" IS NOT NULL) AND (b <> 'a'::text))`,
    ],
    [
      "CREATE INDEX i ON t USING btree (b) INCLUDE (a) NULLS NOT DISTINCT WITH (fillfactor='70') TABLESPACE a WHERE a",
      `CREATE INDEX i ON t USING btree (b) INCLUDE ("new") NULLS NOT DISTINCT WITH (fillfactor='70') TABLESPACE a WHERE "new"`,
    ],
  ])("%s", (definition, expected) => {
    expect(renameColumnInIndex(definition, "a", "new")).toBe(expected);
  });

  it("takes a column named include for what it is", () => {
    const definition = `CREATE INDEX i ON t USING btree (include) INCLUDE (a)`;
    expect(renameColumnInIndex(definition, "a", "b")).toBe(`CREATE INDEX i ON t USING btree (include) INCLUDE ("b")`);
    expect(renameColumnInIndex(definition, "include", "b")).toBe(`CREATE INDEX i ON t USING btree ("b") INCLUDE (a)`);
  });

  it("refuses what is not an index", () => {
    expect(() => renameColumnInIndex("DROP INDEX i", "a", "b")).toThrow(/CREATE INDEX/);
  });
});

describe("renameColumnInConstraint", () => {
  it.each([
    ["CHECK (((a > 0) AND (b <> 'a'::text))) NO INHERIT", `CHECK ((("new" > 0) AND (b <> 'a'::text))) NO INHERIT`],
    ["PRIMARY KEY (b, a) INCLUDE (c, a)", `PRIMARY KEY (b, "new") INCLUDE (c, "new")`],
    ["UNIQUE NULLS NOT DISTINCT (a, b)", `UNIQUE NULLS NOT DISTINCT ("new", b)`],
    ["UNIQUE (b, a WITHOUT OVERLAPS)", `UNIQUE (b, "new" WITHOUT OVERLAPS)`],
    ["NOT NULL a NOT VALID", `NOT NULL "new" NOT VALID`],
    [
      "EXCLUDE USING gist (a WITH =, daterange(a, b) WITH &&) WHERE ((a > 0))",
      `EXCLUDE USING gist ("new" WITH =, daterange("new", b) WITH &&) WHERE (("new" > 0))`,
    ],
    [
      "FOREIGN KEY (a, b) REFERENCES a(a, c) ON DELETE SET NULL (a) DEFERRABLE",
      `FOREIGN KEY ("new", b) REFERENCES a(a, c) ON DELETE SET NULL ("new") DEFERRABLE`,
    ],
    ["FOREIGN KEY (b, PERIOD a) REFERENCES p(b, PERIOD a)", `FOREIGN KEY (b, PERIOD "new") REFERENCES p(b, PERIOD a)`],
  ])("%s", (definition, expected) => {
    expect(renameColumnInConstraint(definition, "a", "new")).toBe(expected);
  });

  it("renames what a foreign key points at when asked", () => {
    const definition = "FOREIGN KEY (a) REFERENCES s.p(a, a2) ON UPDATE CASCADE";
    expect(renameColumnInConstraint(definition, "a", "b", "referenced")).toBe(
      `FOREIGN KEY (a) REFERENCES s.p("b", a2) ON UPDATE CASCADE`,
    );
    expect(renameColumnInConstraint(definition, "a", "b", "both")).toBe(
      `FOREIGN KEY ("b") REFERENCES s.p("b", a2) ON UPDATE CASCADE`,
    );
  });

  it("renames columns that are called like keywords", () => {
    expect(renameColumnInConstraint("FOREIGN KEY (period) REFERENCES p(id)", "period", "b")).toBe(
      `FOREIGN KEY ("b") REFERENCES p(id)`,
    );
    expect(renameColumnInConstraint("PRIMARY KEY (include, set)", "include", "b")).toBe(`PRIMARY KEY ("b", set)`);
  });
});
