import { afterAll, beforeAll, expect, it } from "vitest";
import { mysqlEffects } from "../../../../src/engines/mysql/effects/index.js";
import { parseMysql } from "../../../../src/engines/mysql/parse/index.js";
import { versionOf } from "../../../../src/engines/mysql/version.js";
import { applyOperation, emptyCatalog } from "../../../../src/history/replay.js";
import { describeServer, query, type TestDatabase } from "../../../servers/index.js";

const PARENT = "CREATE TABLE p (id int PRIMARY KEY, a int, b int, u int UNIQUE, KEY (a), UNIQUE KEY (a, b))";
const parsed = (sql: string) => parseMysql(sql, "mysql").statements.flatMap((s) => s.operations);

describeServer("mysql", (server) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await server.createDatabase("foreign_target");
    await query(database.url, PARENT);
  });
  afterAll(() => database?.drop());

  it.each([
    ["a int, FOREIGN KEY (a) REFERENCES p (a)", 6125],
    ["a int REFERENCES p (a)", 6125],
    ["a int, b int, FOREIGN KEY (b, a) REFERENCES p (b, a)", 6125],
    ["a int, b int, FOREIGN KEY (a, b) REFERENCES p (a, b)", null],
    ["a int, FOREIGN KEY (a) REFERENCES p (id)", null],
    ["a int, FOREIGN KEY (a) REFERENCES p (u)", null],
  ])("a foreign key is refused where it points at no unique key: %s", async (columns, refused) => {
    const sql = `CREATE TABLE c (${columns})`;
    const [operation] = parsed(sql);
    if (operation === undefined) throw new Error(sql);
    const catalog = parsed(PARENT).reduce(applyOperation, emptyCatalog("files", null, "mysql"));
    const { fails } = mysqlEffects(operation, { catalog, version: versionOf("9.7.0") }, "mysql");
    expect(fails === null ? null : Number(/\((\d+)\)/.exec(fails)?.[1])).toBe(refused);
    const error = await query(database.url, sql).then(
      () => null,
      ({ errno }: { errno?: number }) => errno,
    );
    expect(error).toBe(refused);
    if (error === null) await query(database.url, "DROP TABLE c");
  });
});
