import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mysqlEffects } from "../../../../src/engines/mysql/effects/index.js";
import { type MysqlDialect, parseMysql } from "../../../../src/engines/mysql/parse/index.js";
import { versionOf } from "../../../../src/engines/mysql/version.js";
import type { Catalog } from "../../../../src/model/catalog.js";
import type { Effect } from "../../../../src/model/effect.js";
import { describeServers, query, type TestDatabase } from "../../../servers/index.js";
import { type Accepted, accepted, prepare } from "./accepted.js";
import { readCatalog } from "./catalog.js";

const BASE = [
  "CREATE TABLE p (id int PRIMARY KEY)",
  "INSERT INTO p VALUES (1)",
  `CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(20), c int, u int, v int, d int,
    UNIQUE KEY uv (u, v), KEY (b), KEY ab (a, b), KEY (d))`,
  "INSERT INTO t VALUES (1, 1, 'x', 1, 1, 1, 1), (2, 2, 'y', 1, 1, 2, 2)",
];

const ADD = [
  "n int",
  "n int DEFAULT 1",
  "n int DEFAULT NULL",
  "n int DEFAULT TRUE",
  "n varchar(10) NOT NULL DEFAULT 'it''s'",
  "n varchar(10) DEFAULT _utf8mb4'x'",
  "n varchar(10) DEFAULT 0x41",
  "n bit(3) DEFAULT b'101'",
  "n int DEFAULT -1",
  "n decimal(5, 2) DEFAULT 1.5e0",
  "n int NOT NULL",
  "n text NOT NULL",
  "n json",
  "n json NOT NULL",
  "n enum('a', 'b') NOT NULL",
  "n date NOT NULL",
  "n datetime(6) NOT NULL",
  "n point NOT NULL",
  "n geometry",
  "n datetime DEFAULT CURRENT_TIMESTAMP",
  "n datetime(6) NOT NULL DEFAULT NOW(6) ON UPDATE CURRENT_TIMESTAMP(6)",
  "n timestamp DEFAULT LOCALTIME",
  "n int DEFAULT (1)",
  "n int DEFAULT (1 + 1)",
  "n int DEFAULT (c)",
  "n text DEFAULT ('x')",
  "n datetime DEFAULT (now())",
  "n date DEFAULT (curdate())",
  "n varchar(40) DEFAULT (concat('a', 'b'))",
  "n json DEFAULT (json_array())",
  "n varchar(36) DEFAULT (uuid())",
  "n varchar(36) DEFAULT (uuid()) UNIQUE",
  "n bigint unsigned DEFAULT (uuid_short())",
  "n double DEFAULT (rand())",
  "n varchar(90) DEFAULT (user())",
  "n varchar(90) DEFAULT (current_user())",
  "n bigint DEFAULT (connection_id())",
  "n int FIRST",
  "n int AFTER a",
  "n int AS (a + 1)",
  "n int AS (a + 1) VIRTUAL FIRST",
  "n int AS (a) VIRTUAL UNIQUE",
  "n int AS (a + 1) STORED",
  "n int AS (a + 1) STORED FIRST",
  "n int UNIQUE",
  "n int DEFAULT NULL UNIQUE",
  "n int DEFAULT 1 UNIQUE",
  "n int NOT NULL UNIQUE",
  "n int AUTO_INCREMENT UNIQUE",
  "n serial",
  "n int CHECK (n > 0)",
  "n int DEFAULT 3 CHECK (n > 0)",
  "n int DEFAULT -5 CHECK (n > 0)",
  "n int CHECK (n IS NOT NULL)",
  "n int REFERENCES p (id)",
  "n int DEFAULT 9 REFERENCES p (id)",
  "n int REFERENCES t (id)",
  "n int INVISIBLE",
  "n int COMMENT 'x'",
  "n varchar(10) CHARACTER SET latin1 COLLATE latin1_bin",
].map((definition) => `ALTER TABLE t ADD COLUMN ${definition}`);

const COLUMNS = ["a", "b", "c", "u", "v", "d", "id"];
const RENAME = COLUMNS.map((c) => `ALTER TABLE t RENAME COLUMN ${c} TO other`);
const DROP = COLUMNS.map((c) => `ALTER TABLE t DROP COLUMN ${c}`);
const INDEX = [
  "CREATE INDEX k ON t (c)",
  "CREATE INDEX k ON t (b(3), c DESC)",
  "ALTER TABLE t ADD INDEX (c)",
  "CREATE UNIQUE INDEX k ON t (a)",
  "CREATE UNIQUE INDEX k ON t (c)",
  "CREATE FULLTEXT INDEX k ON t (b)",
];

/** What is done to the base tables first, and which statements meet something else then. */
const WORLDS: Readonly<Record<string, { readonly setup: readonly string[]; readonly statements: readonly string[] }>> =
  {
    "a plain table": { setup: [], statements: [...ADD, ...RENAME, ...DROP, ...INDEX] },
    "a FULLTEXT index": {
      setup: ["ALTER TABLE t ADD FULLTEXT ft (b)"],
      statements: [
        ...[ADD[0], ADD[1], "ALTER TABLE t ADD n int FIRST", "ALTER TABLE t ADD n int UNIQUE"],
        ...["ALTER TABLE t ADD n int AS (a + 1) VIRTUAL", "ALTER TABLE t ADD n int AUTO_INCREMENT UNIQUE"],
        ...["ALTER TABLE t DROP COLUMN c", "ALTER TABLE t DROP COLUMN b", "ALTER TABLE t RENAME COLUMN b TO z"],
        ...["CREATE INDEX k ON t (c)", "CREATE FULLTEXT INDEX k ON t (b)"],
      ].filter((s) => s !== undefined),
    },
    "a virtual column": {
      setup: ["ALTER TABLE t ADD g int AS (a + 1) VIRTUAL"],
      statements: [
        ...["ALTER TABLE t ADD n int", "ALTER TABLE t ADD n int FIRST", "ALTER TABLE t ADD n int AFTER a"],
        ...["ALTER TABLE t ADD n int AS (b) VIRTUAL", "ALTER TABLE t ADD n int AS (c) VIRTUAL FIRST"],
        ...["ALTER TABLE t ADD n int UNIQUE", "ALTER TABLE t DROP COLUMN g", "ALTER TABLE t DROP COLUMN c"],
        ...["ALTER TABLE t DROP COLUMN a", "ALTER TABLE t RENAME COLUMN a TO z", "ALTER TABLE t RENAME COLUMN g TO z"],
        ...["CREATE INDEX k ON t (g)"],
      ],
    },
    "an indexed virtual column": {
      setup: ["ALTER TABLE t ADD e int", "ALTER TABLE t ADD g int AS (c + 1) VIRTUAL, ADD KEY (g)"],
      statements: [
        ...["ALTER TABLE t DROP COLUMN g", "ALTER TABLE t RENAME COLUMN c TO z", "ALTER TABLE t ADD n int"],
        ...["ALTER TABLE t DROP COLUMN e", "ALTER TABLE t ADD n int AS (a) VIRTUAL", "ALTER TABLE t DROP COLUMN d"],
      ],
    },
    "a stored generated column": {
      setup: ["ALTER TABLE t ADD g int AS (c + 1) STORED"],
      statements: [
        ...["ALTER TABLE t ADD n int FIRST", "ALTER TABLE t DROP COLUMN g", "ALTER TABLE t DROP COLUMN c"],
        ...["ALTER TABLE t RENAME COLUMN c TO z", "ALTER TABLE t RENAME COLUMN g TO z"],
      ],
    },
    "a default that names a column": {
      setup: ["ALTER TABLE t ADD g int DEFAULT (c + 1)"],
      statements: ["ALTER TABLE t DROP COLUMN c", "ALTER TABLE t RENAME COLUMN c TO z"],
    },
    "foreign keys": {
      setup: [
        "ALTER TABLE t ADD CONSTRAINT own FOREIGN KEY (c) REFERENCES p (id)",
        "CREATE TABLE child (tid int, FOREIGN KEY (tid) REFERENCES t (id))",
      ],
      statements: [
        ...["ALTER TABLE t RENAME COLUMN c TO z", "ALTER TABLE t DROP COLUMN c", "ALTER TABLE t DROP COLUMN a"],
        ...["ALTER TABLE t RENAME COLUMN id TO z", "ALTER TABLE t DROP COLUMN id"],
      ],
    },
    "a CHECK over one column": {
      setup: ["ALTER TABLE t ADD CONSTRAINT ck CHECK (c > 0)"],
      statements: ["ALTER TABLE t RENAME COLUMN c TO z", "ALTER TABLE t DROP COLUMN c"],
    },
    "a CHECK over two columns": {
      setup: ["ALTER TABLE t ADD CONSTRAINT ck CHECK (c > 0 AND a > 0)"],
      statements: ["ALTER TABLE t RENAME COLUMN c TO z", "ALTER TABLE t DROP COLUMN c"],
    },
    "a view": {
      setup: ["CREATE VIEW w AS SELECT c FROM t"],
      statements: ["ALTER TABLE t RENAME COLUMN c TO z", "ALTER TABLE t DROP COLUMN c"],
    },
    "a key over two columns": {
      setup: ["ALTER TABLE t DROP PRIMARY KEY, ADD PRIMARY KEY (id, c)"],
      statements: ["ALTER TABLE t DROP COLUMN c", "ALTER TABLE t RENAME COLUMN c TO z"],
    },
    partitions: {
      setup: ["DROP TABLE t", "CREATE TABLE t (id int PRIMARY KEY, a int) PARTITION BY HASH (id) PARTITIONS 3"],
      statements: [
        ...["ALTER TABLE t ADD n int", "ALTER TABLE t ADD n int FIRST", "ALTER TABLE t DROP COLUMN a"],
        ...["ALTER TABLE t RENAME COLUMN a TO z", "CREATE INDEX k ON t (a)"],
      ],
    },
    "no primary key": {
      setup: [
        "DROP TABLE t",
        "CREATE TABLE t (id int NOT NULL, a int NOT NULL, n int, w varchar(20) NOT NULL, KEY k (a))",
      ],
      statements: [
        ...["CREATE UNIQUE INDEX u ON t (id)", "CREATE UNIQUE INDEX u ON t (id, a DESC)"],
        ...["CREATE UNIQUE INDEX u ON t (n)", "CREATE UNIQUE INDEX u ON t (w(5))", "ALTER TABLE t DROP INDEX k"],
      ],
    },
    "a unique index in the place of the primary key": {
      setup: ["DROP TABLE t", "CREATE TABLE t (id int NOT NULL, a int NOT NULL, n int, UNIQUE u (id), UNIQUE un (n))"],
      statements: [
        ...["ALTER TABLE t DROP INDEX u", "ALTER TABLE t DROP INDEX un", "CREATE UNIQUE INDEX k ON t (a)"],
        "ALTER TABLE t RENAME INDEX u TO z",
      ],
    },
    "foreign keys over indexes": {
      setup: [
        "INSERT INTO p VALUES (2)",
        "ALTER TABLE t ADD UNIQUE ua (a), ADD KEY ka (a, c), ADD KEY kd (d, c), ADD CONSTRAINT own FOREIGN KEY (d) REFERENCES p (id)",
        "ALTER TABLE t ADD UNIQUE uc (c, d), ADD KEY kc (c, d)",
        "CREATE TABLE child (x int, y int, FOREIGN KEY (x) REFERENCES t (a), FOREIGN KEY (x, y) REFERENCES t (c, d))",
      ],
      statements: ["ua", "ka", "kd", "d", "uc", "kc"].map((name) => `ALTER TABLE t DROP INDEX ${name}`),
    },
    "a foreign key over one index": {
      setup: [
        "INSERT INTO p VALUES (2)",
        "ALTER TABLE t DROP INDEX d, ADD KEY kd (d, c), ADD KEY other (c, d)",
        "ALTER TABLE t ADD CONSTRAINT own FOREIGN KEY (d) REFERENCES p (id)",
      ],
      statements: ["ALTER TABLE t DROP INDEX kd", "ALTER TABLE t DROP INDEX other"],
    },
    shapes: {
      setup: ["DROP TABLE t", "CREATE TABLE t (id int PRIMARY KEY, s geometry NOT NULL)"],
      statements: ["CREATE SPATIAL INDEX k ON t (s)"],
    },
  };

/** What only MySQL has. */
const MYSQL_WORLDS: typeof WORLDS = {
  "a functional index": {
    setup: ["ALTER TABLE t ADD KEY f ((c + 1))"],
    statements: ["ALTER TABLE t DROP COLUMN c", "ALTER TABLE t RENAME COLUMN c TO z", "ALTER TABLE t ADD n int"],
  },
  "an expression to index": {
    setup: [],
    statements: ["CREATE INDEX k ON t ((c + 1))", "CREATE UNIQUE INDEX k ON t ((a + 1))"],
  },
};

/** What MariaDB writes for the type JSON, in front of its CHECK. */
const JSON_LETTERS = "CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";

/** What only MariaDB has. */
const MARIADB_WORLDS: typeof WORLDS = {
  "a unique key of hashes": {
    setup: ["ALTER TABLE t ADD x text, ADD UNIQUE h (x)"],
    statements: [
      ...["DROP INDEX h", "DROP INDEX d", "RENAME INDEX d TO z", "ALTER INDEX d IGNORED", "ALTER INDEX h IGNORED"],
      ...["ADD INDEX n (c)", "ADD n int", "DROP COLUMN c", "ALTER c SET DEFAULT 3", "MODIFY c int COMMENT 'x'"],
      ...["RENAME COLUMN c TO z", "COMMENT='x'", "DROP COLUMN x"],
    ].map((change) => `ALTER TABLE t ${change}`),
  },
  "JSON columns, and texts": {
    setup: [
      "ALTER TABLE t ADD j json, ADD x longtext",
      `ALTER TABLE t ADD w longtext ${JSON_LETTERS} CHECK (json_valid(w)), ADD y longtext ${JSON_LETTERS}`,
      "ALTER TABLE t ADD CONSTRAINT valid CHECK (json_valid(y))",
    ],
    statements: [
      ...["j longtext", `j longtext ${JSON_LETTERS}`, `j longtext ${JSON_LETTERS} CHECK (json_valid(j))`],
      ...["j json COMMENT 'x'", "x json", "w json", `w longtext ${JSON_LETTERS} CHECK (json_valid(w))`, "y json"],
      `y longtext ${JSON_LETTERS} COMMENT 'x'`,
    ].map((definition) => `ALTER TABLE t MODIFY ${definition}`),
  },
};

/** Where the server does better than the model, which says what it assumed. */
const ASSUMED: Readonly<Record<string, RegExp>> = {
  "mariadb: ALTER TABLE t ADD COLUMN n bigint DEFAULT (connection_id())": /computed for each row/,
};

describeServers(["mysql", "mariadb"], (server) => {
  const dialect: MysqlDialect = server.name === "mariadb" ? "mariadb" : "mysql";
  let db: TestDatabase;
  let version = versionOf("0");

  beforeAll(async () => {
    db = await server.createDatabase("effects");
    const [row] = await query(db.url, "SELECT VERSION() AS version");
    version = versionOf(String(row?.version));
  });
  afterAll(() => db?.drop());

  const worlds = { ...WORLDS, ...(dialect === "mysql" ? MYSQL_WORLDS : MARIADB_WORLDS) };
  for (const [world, { setup, statements }] of Object.entries(worlds)) {
    describe(`with ${world}`, () => {
      const all = [...BASE, ...setup];
      let catalog: Catalog;
      beforeAll(async () => {
        await prepare(db.url, all);
        catalog = await readCatalog(db.url, dialect);
      });

      it.each(statements)("%s", async (sql) => {
        const [operation] = parseMysql(sql, dialect).statements.flatMap((s) => s.operations);
        if (operation === undefined) throw new Error(`no operation in ${sql}`);
        const stated = mysqlEffects(operation, { catalog, version }, dialect);
        const seen = await accepted(db.url, all, sql);
        const assumption = ASSUMED[`${dialect}: ${sql}`];
        if (assumption !== undefined) expect(stated.assumes.join()).toMatch(assumption);
        else if (seen.error === null) expect(done(stated)).toEqual(doneOnServer(seen));
        else expect(stated.fails ?? "nothing").toContain(String(seen.error));
      });
    });
  }
});

function done(effect: Effect): object {
  const concurrent = !effect.locks.some((l) => l.held !== "brief" && l.blocks === "writes");
  return { algorithm: effect.algorithm, concurrent, rewrite: effect.rewrite };
}

function doneOnServer(seen: Accepted): object {
  return { algorithm: seen.algorithm, concurrent: seen.concurrent, rewrite: seen.rebuilt };
}
