import { createConnection, type RowDataPacket } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mysqlEffects } from "../../../../src/engines/mysql/effects/index.js";
import { type MysqlDialect, parseMysql } from "../../../../src/engines/mysql/parse/index.js";
import { versionOf } from "../../../../src/engines/mysql/version.js";
import type { Catalog } from "../../../../src/model/catalog.js";
import type { Effect } from "../../../../src/model/effect.js";
import { describeServers, query, type TestDatabase } from "../../../servers/index.js";
import { accepted, prepare } from "./accepted.js";
import { readCatalog } from "./catalog.js";
import { seen, stated } from "./matrix/way.js";

const PLAIN = [
  `CREATE TABLE t (id int PRIMARY KEY, a int, nn int NOT NULL DEFAULT 3, v varchar(20), c int, KEY k (v))
    DEFAULT CHARSET utf8mb4`,
  "INSERT INTO t (id, a) VALUES (1, 1)",
];
const COMPUTED = [...PLAIN, "ALTER TABLE t ADD g int AS (a + 1) VIRTUAL", "ALTER TABLE t ADD e int"];

/** Several changes in one statement, on a plain table. */
const TOGETHER = [
  "ADD n int, ADD m int",
  "ADD n int, ADD INDEX i (a)",
  "ADD n int, ADD INDEX i (n)",
  "DROP COLUMN c, ADD INDEX i (a)",
  "DROP COLUMN c, ADD n int",
  "ADD n int, RENAME COLUMN a TO z",
  "ADD n int, DROP INDEX k",
  "ADD n int, COMMENT='x'",
  "ADD n int, RENAME INDEX k TO z",
  "ADD n int, MODIFY v varchar(30)",
  "ADD n int, MODIFY a int COMMENT 'x'",
  "ADD n int, ADD CHECK (n > 0)",
  "ADD n int, FORCE",
  "ADD n int, RENAME TO t9",
  "MODIFY a int FIRST, DROP INDEX k",
  "ALTER a SET DEFAULT 5, ADD INDEX i (a)",
  "ALTER a SET DEFAULT 5, COMMENT='x'",
  "MODIFY v varchar(30), ADD INDEX i (a)",
  "DROP INDEX k, ADD INDEX i (a)",
  "DROP PRIMARY KEY, ADD PRIMARY KEY (id, nn)",
  "ADD g int AS (a) VIRTUAL, ADD n int",
  "ADD g int AS (a) VIRTUAL, ADD INDEX i (a)",
  "ADD g int AS (a) VIRTUAL, ADD INDEX i (g)",
  "ADD g int AS (a) VIRTUAL, ADD h int AS (a) VIRTUAL",
  "ADD g int AS (a) VIRTUAL, ALTER c SET DEFAULT 3",
  "ADD g int AS (a) VIRTUAL, RENAME COLUMN c TO z",
  "ADD g int AS (a) VIRTUAL, DROP INDEX k",
  "ADD g int AS (a) VIRTUAL, COMMENT='x'",
  "ADD g int AS (a) VIRTUAL, RENAME INDEX k TO z",
  "ADD g int AS (a) VIRTUAL, FORCE",
];

/** The same beside a virtual column. */
const BESIDE_COMPUTED = [
  "DROP COLUMN g, ADD n int",
  "DROP COLUMN g, ALTER a SET DEFAULT 3",
  "DROP COLUMN g, ADD INDEX i (a)",
  "DROP COLUMN g, COMMENT='x'",
  "ADD h int AS (a) VIRTUAL, DROP COLUMN g",
  "ADD h int AS (a) VIRTUAL, DROP COLUMN c",
  "DROP COLUMN c, ADD n int, ADD INDEX i (n)",
  "DROP COLUMN e, ADD INDEX i (a)",
  "ADD n int, ADD INDEX i (n)",
  "ADD n int, ADD INDEX i (a), DROP COLUMN e",
  "ADD n int AFTER a, ADD INDEX i (a)",
  "ADD n int, FORCE",
  "ADD n int, DROP INDEX k",
];

/** What the author asserts. */
const ASSERTED = [
  "ADD n int, ALGORITHM=INSTANT",
  "ADD n int, ALGORITHM=INSTANT, LOCK=NONE",
  "ADD n int, ALGORITHM=INSTANT, LOCK=SHARED",
  "ADD n int, ALGORITHM=INSTANT, LOCK=DEFAULT",
  "ADD n int, LOCK=NONE",
  "ADD n int, ALGORITHM=INPLACE",
  "ADD n int, ALGORITHM=INPLACE, LOCK=NONE",
  "ADD n int, ALGORITHM=COPY",
  "ADD n int, ALGORITHM=COPY, LOCK=NONE",
  "ADD INDEX i (a), ALGORITHM=INSTANT",
  "ADD INDEX i (a), ALGORITHM=INPLACE, LOCK=NONE",
  "ADD INDEX i (a), LOCK=EXCLUSIVE",
  "ADD FULLTEXT i (v), LOCK=NONE",
  "MODIFY a bigint, ALGORITHM=INPLACE",
  "MODIFY a bigint, ALGORITHM=INSTANT",
  "MODIFY a bigint, LOCK=NONE",
  "MODIFY a bigint, LOCK=SHARED",
  "MODIFY nn int NULL, ALGORITHM=INPLACE, LOCK=NONE",
  "ALTER a SET DEFAULT 3, ALGORITHM=INPLACE",
  "DROP COLUMN c, ALGORITHM=INPLACE",
  "FORCE, ALGORITHM=INPLACE",
  "FORCE, ALGORITHM=INSTANT",
  "RENAME TO t9, ALGORITHM=INPLACE",
];

describeServers(["mysql", "mariadb"], (server) => {
  const dialect: MysqlDialect = server.name === "mariadb" ? "mariadb" : "mysql";
  let db: TestDatabase;
  let version = "0";

  beforeAll(async () => {
    db = await server.createDatabase("statement");
    const [row] = await query(db.url, "SELECT VERSION() AS version");
    version = String(row?.version);
  });
  afterAll(() => db?.drop());

  const effectsOf = (sql: string, catalog: Catalog): readonly Effect[] => {
    const siblings = parseMysql(sql, dialect).statements.flatMap((s) => s.operations);
    const context = { catalog, version: versionOf(version), siblings };
    return siblings.map((operation) => mysqlEffects(operation, context, dialect));
  };

  const cases = [
    ...TOGETHER.map((action) => [action, PLAIN] as const),
    ...BESIDE_COMPUTED.map((action) => [action, COMPUTED] as const),
  ];
  it.each(cases)("%s is done in one way, the worst", async (action, tables) => {
    await prepare(db.url, tables);
    const sql = `ALTER TABLE t ${action}`;
    const effects = effectsOf(sql, await readCatalog(db.url, dialect));
    const found = await accepted(db.url, null, sql);
    expect(found.error).toBe(null);
    expect(effects.length).toBeGreaterThan(1);
    for (const effect of effects) expect(stated(effect)).toBe(seen(found));
  });

  const own = [
    ...ASSERTED,
    ...(dialect === "mariadb" ? ["ADD INDEX i (a), ALGORITHM=NOCOPY", "FORCE, ALGORITHM=NOCOPY"] : []),
  ];
  describe("what the author asserts", () => {
    it.each(own)("%s is refused when the model says so", async (action) => {
      await prepare(db.url, PLAIN);
      const sql = `ALTER TABLE t ${action}`;
      const [effect] = effectsOf(sql, await readCatalog(db.url, dialect));
      const { error, rebuilt } = await runs(db.url, sql);
      if (error === null) expect([effect?.fails, effect?.rewrite]).toEqual([null, rebuilt]);
      else expect([effect?.fails, effect?.rewrite]).toEqual([expect.stringContaining(String(error)), false]);
    });
  });

  it("copies for another engine whatever is asserted on MariaDB, and is refused on MySQL", async () => {
    await prepare(db.url, PLAIN);
    const sql = "ALTER TABLE t ENGINE=MyISAM, ALGORITHM=INSTANT";
    const [effect] = effectsOf(sql, await readCatalog(db.url, dialect));
    const { error } = await runs(db.url, sql);
    expect(error === null).toBe(dialect === "mariadb");
    expect([effect?.fails === null, effect?.algorithm]).toEqual([error === null, error === null ? "COPY" : "INSTANT"]);
  });
});

async function runs(url: string, sql: string): Promise<{ error: number | null; rebuilt: boolean }> {
  const connection = await createConnection({ uri: url });
  try {
    const before = await tableIds(connection);
    const error = await connection.query(sql).then(
      () => null,
      (failed: { errno?: number }) => failed.errno ?? 0,
    );
    const after = await tableIds(connection);
    return { error, rebuilt: !before.some((id) => after.includes(id)) };
  } finally {
    connection.destroy();
  }
}

async function tableIds(connection: Awaited<ReturnType<typeof createConnection>>): Promise<readonly string[]> {
  const [found] = await connection.query<RowDataPacket[]>("SELECT VERSION() AS v, DATABASE() AS db");
  const view = String(found[0]?.v).includes("MariaDB") ? "INNODB_SYS_TABLES" : "INNODB_TABLES";
  const [rows] = await connection.query<RowDataPacket[]>(
    `SELECT TABLE_ID AS id FROM information_schema.${view} WHERE NAME LIKE ?`,
    [`${found[0]?.db}/t%`],
  );
  return rows.map((row) => String(row.id));
}
