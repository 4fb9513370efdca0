import { afterAll, beforeAll, expect, it } from "vitest";
import { mysqlEffects } from "../../../../src/engines/mysql/effects/index.js";
import { type MysqlDialect, parseMysql } from "../../../../src/engines/mysql/parse/index.js";
import { versionOf } from "../../../../src/engines/mysql/version.js";
import { applyOperation, emptyCatalog } from "../../../../src/history/replay.js";
import { describeServers, type TestDatabase } from "../../../servers/index.js";
import { accepted } from "./accepted.js";

const TABLE = "CREATE TABLE t (id int PRIMARY KEY, n int, s varchar(10), KEY kn (n)) ENGINE=MyISAM";

const COPIED = [
  "ADD COLUMN z int",
  "DROP COLUMN s",
  "ADD INDEX (s)",
  "ADD UNIQUE (s)",
  "DROP INDEX kn",
  "MODIFY n int NOT NULL",
  "MODIFY s varchar(20)",
  "AUTO_INCREMENT=9",
  "ADD CONSTRAINT c CHECK (n > 0)",
  "DEFAULT CHARACTER SET utf8mb4",
  "ADD COLUMN v int AS (n + 1) VIRTUAL",
  "COMMENT='x', ADD COLUMN z int",
  "ENGINE=InnoDB",
  "FORCE",
];

const IN_DEFINITION = [
  "RENAME INDEX kn TO kk",
  "RENAME COLUMN n TO m",
  "CHANGE n m int",
  "ALTER COLUMN n SET DEFAULT 5",
  "COMMENT='x'",
  "MODIFY n int COMMENT 'x'",
  "RENAME COLUMN n TO m, COMMENT='x'",
];

/** MariaDB heeds no ALGORITHM for another engine: it copies all the same. */
const asks = (dialect: MysqlDialect, change: string) => dialect === "mysql" || change !== "ENGINE=InnoDB";

describeServers(["mysql", "mariadb"], (server) => {
  const dialect: MysqlDialect = server.name === "mariadb" ? "mariadb" : "mysql";
  let database: TestDatabase;

  beforeAll(async () => {
    database = await server.createDatabase("storage_engine");
  });
  afterAll(() => database?.drop());

  const way = (change: string) => {
    const operations = (sql: string) => parseMysql(sql, dialect).statements.flatMap((s) => s.operations);
    const files = emptyCatalog("files", null, dialect);
    const catalog = operations(TABLE).reduce(applyOperation, files);
    const [operation, ...more] = operations(`ALTER TABLE t ${change}`);
    if (operation === undefined) throw new Error(`no operation in ${change}`);
    const version = versionOf(dialect === "mysql" ? "9.7.0" : "10.11.0");
    return mysqlEffects(operation, { catalog, version, siblings: [operation, ...more] }, dialect);
  };

  it.each(COPIED)("%s copies a table of MyISAM, and nobody writes to it meanwhile", async (change) => {
    const seen = await accepted(database.url, [TABLE], `ALTER TABLE t ${change}`);
    if (asks(dialect, change)) expect(seen).toMatchObject({ algorithm: "COPY", concurrent: false });
    expect(way(change)).toMatchObject({ algorithm: "COPY", rewrite: true });
    expect(way(change).locks.map(({ blocks, held }) => `${blocks} ${held}`)).toContain("writes rewrite");
  });

  it.each(IN_DEFINITION)("%s does not", async (change) => {
    expect((await accepted(database.url, [TABLE], `ALTER TABLE t ${change}`)).algorithm).toBe("INSTANT");
    expect(way(change)).toMatchObject({ algorithm: "INSTANT", rewrite: false });
  });
});
