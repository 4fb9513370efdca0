import { expect, it } from "vitest";
import { parseMysql } from "../../../../../src/engines/mysql/parse/index.js";

it("drops what hangs on columns in front of them, and leaves all else in its order", () => {
  const sql = "ALTER TABLE t ADD b int, DROP a, ADD KEY j (b), DROP KEY i, DROP FOREIGN KEY f, DROP c";
  const operations = parseMysql(sql, "mysql").statements.flatMap((s) => s.operations);
  expect(operations.map((o) => sql.slice(o.span.start, o.span.end))).toEqual([
    "ADD b int",
    "DROP KEY i",
    "DROP FOREIGN KEY f",
    "DROP a",
    "ADD KEY j (b)",
    "DROP c",
  ]);
});
