import { expect, it } from "vitest";
import { introspect } from "../../src/engines/mysql/introspect/index.js";
import { parseMysql } from "../../src/engines/mysql/parse/index.js";
import { applyOperation, emptyCatalog } from "../../src/history/replay.js";
import type { Catalog } from "../../src/model/catalog.js";
import { type Bench, describeDialects } from "../engines/mysql/support/database.js";

const checksIn = (catalog: Catalog, table: string) =>
  (catalog.tables.find((t) => t.relation.name === table)?.constraints ?? [])
    .filter((c) => c.kind === "check")
    .map((c) => `${c.name}: ${c.columns.toSorted().join(", ")}`)
    .toSorted();

/** The replay's catalog, and the server's own behind the same statements. */
async function both(bench: Bench, statements: readonly string[]): Promise<{ replayed: Catalog; real: Catalog }> {
  await bench.sql(...statements);
  const operations = statements.flatMap((sql) =>
    parseMysql(sql, bench.dialect).statements.flatMap((s) => s.operations),
  );
  const start = emptyCatalog("shadow", bench.test().name, bench.dialect);
  const replayed = operations.reduce(applyOperation, start);
  return { replayed, real: await introspect(bench.session(), bench.dialect) };
}

describeDialects("implied_checks", (bench) => {
  const mysql = bench.dialect === "mysql";

  it("names CHECKs of a new table as the server does, in the order of the text", async () => {
    const { replayed, real } = await both(bench, [
      mysql
        ? "CREATE TABLE t (a int CHECK (a > 0) CHECK (a < 90), b int, CHECK (b > 0), c int CONSTRAINT t_chk_7 CHECK (c > 0), d int CHECK (d < 9), CHECK (a < b), e int, CHECK (`E` > a))"
        : "CREATE TABLE t (a int, b int, CHECK (b > 0), c int, CONSTRAINT CONSTRAINT_2 CHECK (c > 0), CHECK (a < 9), constraint constraint_4 check (a > 1), CHECK (a < b), e int, CHECK (`E` > a))",
    ]);
    expect(checksIn(replayed, "t")).toEqual(checksIn(real, "t"));
    expect(checksIn(real, "t")).toHaveLength(mysql ? 7 : 6);
  });

  it("goes on counting where a CHECK is added later", async () => {
    const { replayed, real } = await both(bench, [
      "CREATE TABLE `Later` (a int, b int, CHECK (a > 0), CONSTRAINT later_chk_30 CHECK (b > 0))",
      "ALTER TABLE `Later` ADD CONSTRAINT `Later_chk_020` CHECK (a < 21)",
      "ALTER TABLE `Later` ADD CHECK (a < 22)",
      `ALTER TABLE \`Later\` DROP CONSTRAINT \`Later_chk_020\``,
      "ALTER TABLE `Later` ADD CHECK (a < b)",
    ]);
    expect(checksIn(replayed, "Later")).toEqual(checksIn(real, "Later"));
  });

  it("renames a column in CHECKs whatever its case and its quotes, as the server does", async () => {
    const check = mysql ? "" : ", CHECK (b > a)";
    const { replayed } = await both(bench, [`CREATE TABLE named (a int, b int${check})`]);
    const rename = (sql: string, catalog: Catalog) =>
      parseMysql(sql, bench.dialect)
        .statements.flatMap((s) => s.operations)
        .reduce(applyOperation, catalog);
    const renames = [
      'ALTER TABLE named RENAME COLUMN B TO `New " one`',
      'ALTER TABLE named RENAME COLUMN `nEW " ONE` TO c',
    ];
    const after = renames.reduce((catalog, sql) => rename(sql, catalog), replayed);
    await bench.sql(...renames);
    const real = await introspect(bench.session(), bench.dialect);
    expect(checksIn(after, "named")).toEqual(checksIn(real, "named"));
    expect(after.tables.find((t) => t.relation.name === "named")?.columns.map((c) => c.name)).toEqual(["a", "c"]);
  });
});
