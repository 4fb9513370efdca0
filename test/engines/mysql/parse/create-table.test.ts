import { describe, expect, it } from "vitest";
import { problemOf, tableOf } from "./one.js";

const constraints = (rest: string) => tableOf(rest).constraints;

describe("CREATE TABLE", () => {
  it("names its columns and constraints", () => {
    const table = tableOf("(id INT, a INT, PRIMARY KEY (id), UNIQUE u (a, id DESC), KEY `k 1` (a(3)) COMMENT 'x')");
    expect(table).toMatchObject({ relation: { schema: null, name: "t" }, form: "plain", partitioned: false });
    expect(table.columns.map(({ name }) => name)).toEqual(["id", "a"]);
    expect(table.constraints).toEqual([
      { kind: "primary-key", name: null, columns: ["id"], references: null, text: "PRIMARY KEY (id)" },
      { kind: "unique", name: "u", columns: ["a", "id"], references: null, text: "UNIQUE u (a, id DESC)" },
      { kind: "index", name: "k 1", columns: ["a"], references: null, text: "KEY `k 1` (a(3)) COMMENT 'x'" },
    ]);
  });

  it("keeps a foreign key's target", () => {
    expect(constraints("(a INT, CONSTRAINT fk FOREIGN KEY (a) REFERENCES s.p (id) ON DELETE NO ACTION)")).toEqual([
      {
        kind: "foreign-key",
        name: "fk",
        columns: ["a"],
        references: {
          constraint: "fk",
          relation: { schema: "s", name: "p" },
          columns: ["id"],
          actions: "ON DELETE NO ACTION",
        },
        text: "CONSTRAINT fk FOREIGN KEY (a) REFERENCES s.p (id) ON DELETE NO ACTION",
      },
    ]);
  });

  it("finds the columns that checks and index expressions name, as they are defined", () => {
    const list = "(a INT, B INT, d DATE, CHECK (A > b AND f(a) <> 'd'), KEY ((lower(b)), a), KEY ((cast(a as date))))";
    expect(constraints(list).map(({ columns }) => columns)).toEqual([["a", "B"], ["a", "B"], ["a"]]);
  });

  it("takes a unique key's name from the key, or else from the constraint", () => {
    const list = "(a INT, CONSTRAINT c UNIQUE KEY k (a), CONSTRAINT c UNIQUE (a), CONSTRAINT UNIQUE (a))";
    expect(constraints(list).map(({ name }) => name)).toEqual(["k", "c", null]);
  });

  it.each([
    ["LIKE u", "like"],
    ["(LIKE s.u)", "like"],
    ["AS SELECT 1 AS a", "as"],
    ["(a INT) ENGINE=InnoDB IGNORE SELECT 1 AS a", "as"],
    ["((SELECT 1))", "as"],
  ])("%s has the form %s", (rest, form) => {
    expect(tableOf(rest).form).toBe(form);
  });

  it("sees partitions, also in an executable comment", () => {
    expect(tableOf("(a INT) PARTITION BY HASH (a) PARTITIONS 2").partitioned).toBe(true);
    expect(tableOf("(a INT) ENGINE=InnoDB\n/*!50100 PARTITION BY HASH (a) */").partitioned).toBe(true);
    expect(tableOf("(a INT) ENGINE=InnoDB COMMENT='PARTITION BY HASH (a)'").partitioned).toBe(false);
  });

  it("knows TEMPORARY and IF NOT EXISTS", () => {
    expect(tableOf("(a INT)")).toMatchObject({ temporary: false, ifNotExists: false });
  });

  it.each([
    ["", "Expected ( with the columns of the table, but the statement ends."],
    ["()", "Expected the name of a column, but found )."],
    ["(a INT,)", "Expected the name of a column, but found )."],
    ["(a INT b INT)", "Expected , or ), but found b."],
    ["(a INT", "The parenthesis is not closed."],
    ["(a INT))", "Nothing is open that this parenthesis closes."],
    ["(a INT) FOO=BAR", "Expected an option of the table, or a query, but found FOO."],
    ["(a INT) ENGINE", "Expected a value, but the statement ends."],
    ["(a INT, PRIMARY KEY ((a + 1)))", "A primary key cannot hold an expression."],
    ["(a INT, CONSTRAINT c KEY (a))", "Expected PRIMARY KEY, UNIQUE, FOREIGN KEY or CHECK, but found KEY."],
    [
      "(a INT, FOREIGN KEY (a) REFERENCES p (b) ON DELETE)",
      "Expected RESTRICT, CASCADE, SET NULL, SET DEFAULT or NO ACTION, but found ).",
    ],
  ])("refuses %s", (rest, message) => {
    expect(problemOf(`CREATE TABLE t ${rest}`).message).toBe(message);
  });

  it("refuses a reserved word as a name, except behind a dot or in backticks", () => {
    expect(problemOf("CREATE TABLE select (a INT)").message).toBe("Expected the name of a table, but found select.");
    expect(tableOf("(`select` INT)").columns[0]?.name).toBe("select");
  });
});
