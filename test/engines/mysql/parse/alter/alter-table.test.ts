import { describe, expect, it } from "vitest";
import type { MysqlDialect } from "../../../../../src/engines/mysql/parse/index.js";
import { only, operationsOf, problemOf } from "../one.js";
import { operationText } from "../operation-text.js";

const texts = (sql: string, dialect: MysqlDialect = "mysql") => operationsOf(sql, dialect).map(operationText);

describe("ALTER TABLE", () => {
  it("makes an operation of each action, with its own place", () => {
    const sql = "ALTER TABLE s.t ADD COLUMN a INT FIRST, DROP b, RENAME COLUMN c TO d, ALGORITHM=INPLACE, LOCK=NONE;";
    const operations = operationsOf(sql);
    expect(operations.map(operationText)).toEqual([
      "add-column s.t.a first",
      "drop-column s.t.b",
      "rename-column s.t.c to d",
    ]);
    expect(operations.map(({ span }) => sql.slice(span.start, span.end))).toEqual([
      "ADD COLUMN a INT FIRST",
      "DROP b",
      "RENAME COLUMN c TO d",
    ]);
  });

  it("reads a list of new columns", () => {
    expect(texts("ALTER TABLE t ADD (a INT, b INT, KEY (a), CHECK (a > 0))")).toEqual([
      ...["add-column t.a", "add-column t.b", "create-index - - on t (a)", "add-check t"],
    ]);
  });

  it("places a column behind another", () => {
    expect(only("add-column", "ALTER TABLE t ADD a INT AFTER `b c`").position).toEqual({ after: "b c" });
  });

  it("never guesses whether CHANGE only renames", () => {
    expect(texts("ALTER TABLE t CHANGE a b INT")).toEqual(["change-column t"]);
  });

  it("keeps IF EXISTS and CASCADE of DROP", () => {
    expect(only("drop-column", "ALTER TABLE t DROP COLUMN a CASCADE")).toMatchObject({
      cascade: true,
      ifExists: false,
    });
    expect(only("drop-column", "ALTER TABLE t DROP IF EXISTS a", "mariadb")).toMatchObject({ ifExists: true });
  });

  it("keeps IF NOT EXISTS of ADD, which MySQL has not", () => {
    const sql = "ALTER TABLE t ADD COLUMN IF NOT EXISTS a INT";
    expect(only("add-column", sql, "mariadb").ifNotExists).toBe(true);
    expect(problemOf(sql)).toEqual({
      message: "Expected no IF NOT EXISTS here, which only MariaDB knows, but found IF.",
      at: "IF",
    });
  });

  it("does not lose a table without an action: its lock is waited for", () => {
    expect(texts("ALTER TABLE t")).toEqual(["alter-table t"]);
    expect(texts("ALTER TABLE t ALGORITHM=INSTANT")).toEqual(["alter-table t"]);
  });

  it("reads options with and without commas, and a partitioning behind them", () => {
    expect(texts("ALTER TABLE t ENGINE=InnoDB COMMENT 'x', AUTO_INCREMENT 5 PARTITION BY KEY (id)")).toEqual([
      ...["engine t", "table-comment t", "auto-increment t", "partition-by t"],
    ]);
  });

  it("gives no action away as harmless", () => {
    const sql = "ALTER TABLE t ENABLE KEYS, COMMENT='x', ALTER a DROP DEFAULT, FORCE";
    expect(operationsOf(sql).some((operation) => operation.kind === "other" && operation.harmless)).toBe(false);
  });

  it.each([
    ["ALTER TABLE t FROBNICATE", "Expected an action of ALTER TABLE, but found FROBNICATE.", "FROBNICATE"],
    ["ALTER TABLE t ADD a INT,", "Expected an action of ALTER TABLE, but the statement ends.", ""],
    ["ALTER TABLE t DROP a b", "Expected , or the end of the statement, but found b.", "b"],
    ["ALTER TABLE t RENAME COLUMN a b", "Expected TO, but found b.", "b"],
    ["ALTER TABLE t ADD a INT AFTER", "Expected the name of a column, but the statement ends.", ""],
    ["ALTER TABLE t, u ADD a INT", "Expected an action of ALTER TABLE, but found ,.", ","],
    ["ALTER TABLE ADD a INT", "Expected the name of a table, but found ADD.", "ADD"],
    ["ALTER TABLE t DROP", "Expected what to drop, but the statement ends.", ""],
    [
      "ALTER TABLE t ADD CONSTRAINT x",
      "Expected PRIMARY KEY, UNIQUE, FOREIGN KEY or CHECK, but the statement ends.",
      "",
    ],
    [
      "ALTER TABLE t ALTER a SET",
      "Expected SET DEFAULT, DROP DEFAULT or the column's visibility, but the statement ends.",
      "",
    ],
    ["ALTER TABLE t EXCHANGE PARTITION p WITH u", "Expected TABLE, but found u.", "u"],
  ])("refuses %s", (sql, message, at) => {
    expect(problemOf(sql)).toEqual({ message, at });
  });
});
