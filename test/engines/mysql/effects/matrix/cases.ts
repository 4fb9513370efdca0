/** A statement that shows one row of operations.tsv, and the tables that it meets. */
export interface Case {
  readonly row: string;
  readonly sql: string;
  /** Run behind the base tables. */
  readonly setup?: readonly string[];
  /** The session's settings. */
  readonly settings?: Readonly<Record<string, string>>;
  /** The only server that has it. */
  readonly only?: "mysql" | "mariadb";
  /** No algorithm can be asked for: whether it waits for readers is what is proved. */
  readonly waits?: boolean;
  /** Partitions come and go without their table being written anew, and the other way round. */
  readonly partitions?: boolean;
  /** The versions' columns are about another case of the same row. */
  readonly unversioned?: boolean;
}

export const BASE: readonly string[] = [
  "CREATE TABLE p (id int PRIMARY KEY) DEFAULT CHARSET utf8mb4",
  `CREATE TABLE t (id int PRIMARY KEY, a int, c int, nn int NOT NULL DEFAULT 3, v varchar(20) CHARACTER SET latin1,
    w varchar(60), x varchar(20) CHARACTER SET utf8mb3, e enum('a','b'), d int, KEY k (d), KEY kw (w),
    CONSTRAINT ch CHECK (a > 0)) DEFAULT CHARSET utf8mb4`,
  "INSERT INTO p VALUES (1)",
  "INSERT INTO t (id, a, nn, d) VALUES (1, 1, 1, 1)",
];

const alter = (row: string, action: string, more: Partial<Case> = {}): Case => ({
  row,
  sql: `ALTER TABLE t ${action}`,
  ...more,
});
const all = (row: string, actions: readonly string[], more: Partial<Case> = {}): Case[] =>
  actions.map((action) => alter(row, action, more));

const VIRTUAL = { setup: ["ALTER TABLE t ADD g int AS (nn + 1) VIRTUAL"] };
const STORED = { setup: ["ALTER TABLE t ADD s int AS (nn + 1) STORED"] };
const FOREIGN = { setup: ["ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (d) REFERENCES p (id)"] };
const UNCHECKED = { settings: { foreign_key_checks: "0" } };
const NO_KEY = { setup: ["ALTER TABLE t DROP PRIMARY KEY"] };
const RANGES = {
  partitions: true,
  setup: [
    "DROP TABLE t",
    `CREATE TABLE t (id int NOT NULL, a int, KEY (a)) PARTITION BY RANGE (id)
      (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN (20))`,
    "CREATE TABLE o (id int NOT NULL, a int, KEY (a))",
    "INSERT INTO t VALUES (1, 1), (12, 2)",
  ],
};
const HASHES = {
  partitions: true,
  setup: ["DROP TABLE t", "CREATE TABLE t (id int PRIMARY KEY, a int) PARTITION BY HASH (id) PARTITIONS 4"],
};

const COLUMNS: readonly Case[] = [
  alter("col.add.last", "ADD COLUMN n int DEFAULT 1"),
  alter("col.add.position", "ADD COLUMN n int AFTER a"),
  alter("col.add.notnull", "ADD COLUMN n int NOT NULL"),
  alter("col.add.default_expr", "ADD COLUMN n int DEFAULT (c)"),
  alter("col.add.autoinc", "ADD COLUMN n bigint NOT NULL AUTO_INCREMENT UNIQUE"),
  alter("col.add.virtual", "ADD COLUMN n int AS (a + 1) VIRTUAL"),
  alter("col.add.stored", "ADD COLUMN n int AS (a + 1) STORED"),
  alter("col.add.unique", "ADD COLUMN n int UNIQUE"),
  alter("col.add.check", "ADD COLUMN n int CHECK (n > 0)"),
  alter("col.add.references", "ADD COLUMN n int REFERENCES p (id)"),
  alter("col.add.invisible", "ADD COLUMN n int INVISIBLE"),
  alter("col.drop", "DROP COLUMN c"),
  alter("col.drop.indexed", "DROP COLUMN d"),
  alter("col.drop.virtual", "DROP COLUMN g", VIRTUAL),
  alter("col.drop.stored", "DROP COLUMN s", STORED),
  alter("col.rename", "RENAME COLUMN c TO z"),
  alter("col.rename", "CHANGE c z int"),
  alter("col.rename.retype", "CHANGE c z bigint"),
  ...all("col.reorder", ["MODIFY c int FIRST", "MODIFY c int AFTER v"]),
  alter("col.reorder", "MODIFY id int FIRST", { unversioned: true }),
  ...all("col.reorder", ["MODIFY c int FIRST", "MODIFY g int AS (nn + 1) VIRTUAL FIRST"], {
    ...VIRTUAL,
    unversioned: true,
  }),
  ...all("col.default", ["ALTER c SET DEFAULT 5", "ALTER nn DROP DEFAULT", "MODIFY nn int NOT NULL DEFAULT 4"]),
  alter("col.notnull", "MODIFY a int NOT NULL"),
  alter("col.notnull", "MODIFY a int NOT NULL", { settings: { sql_mode: "" }, unversioned: true }),
  alter("col.notnull", "MODIFY a int NOT NULL", { ...VIRTUAL, unversioned: true }),
  alter("col.null", "MODIFY nn int DEFAULT 3"),
  alter("col.null", "MODIFY nn int DEFAULT 3", { setup: ["ALTER TABLE t ADD FULLTEXT (w)"], unversioned: true }),
  ...all("col.varchar.same", [
    "MODIFY v varchar(255) CHARACTER SET latin1",
    "MODIFY w varchar(63)",
    "CHANGE v z varchar(30) CHARACTER SET latin1",
  ]),
  ...all("col.varchar.cross", ["MODIFY v varchar(300) CHARACTER SET latin1", "MODIFY w varchar(64)"]),
  alter("col.varchar.shrink", "MODIFY w varchar(20)"),
  ...all("col.type", [
    "MODIFY c bigint",
    "MODIFY c int unsigned",
    "MODIFY c varchar(20)",
    "MODIFY x text CHARACTER SET utf8mb3",
  ]),
  ...all("col.type", ["MODIFY c integer(5)", "MODIFY c int", "MODIFY w text"], { unversioned: true }),
  ...all("col.enum.append", ["MODIFY e enum('a','b','c')", "MODIFY e enum('a','b','c') DEFAULT 'a'"]),
  ...all("col.enum.other", ["MODIFY e enum('a','z','b')", "MODIFY e enum('a')", "MODIFY e enum('b','a')"]),
  ...all("col.charset", ["MODIFY v varchar(20) CHARACTER SET utf8mb4", "MODIFY x varchar(20) CHARACTER SET utf8mb4"]),
  ...all("col.charset", ["MODIFY x varchar(80) CHARACTER SET utf8mb4", "MODIFY e enum('a','b') CHARACTER SET latin1"]),
  ...all("col.collation", [
    "MODIFY v varchar(20) CHARACTER SET latin1 COLLATE latin1_bin",
    "MODIFY w varchar(60) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
    "MODIFY x varchar(20) CHARACTER SET utf8mb3 COLLATE utf8mb3_bin",
  ]),
  alter("col.visibility", "ALTER c SET INVISIBLE", { only: "mysql" }),
  alter("col.visibility", "MODIFY c int INVISIBLE"),
  alter("col.comment", "MODIFY c int COMMENT 'x'"),
  alter("col.format", "MODIFY c int COLUMN_FORMAT FIXED", { only: "mysql" }),
  alter("col.virtual.expr", "MODIFY g int AS (nn + 5) VIRTUAL", VIRTUAL),
  alter("col.virtual.expr", "MODIFY g int AS (nn + 1) VIRTUAL COMMENT 'x'", { ...VIRTUAL, unversioned: true }),
  alter("col.stored.expr", "MODIFY s int AS (nn + 5) STORED", STORED),
  alter("col.stored.expr", "MODIFY s int AS (nn + 1) STORED COMMENT 'x'", { ...STORED, unversioned: true }),
  alter("col.gen.convert", "MODIFY c int AS (nn) STORED"),
];

const KEYS: readonly Case[] = [
  alter("idx.add", "ADD INDEX n (c)"),
  { row: "idx.add", sql: "CREATE INDEX n ON t (w(5))" },
  ...all("idx.add.unique", ["ADD UNIQUE n (c)", "ADD CONSTRAINT n UNIQUE (c)", "MODIFY c int UNIQUE"]),
  alter("idx.add.functional", "ADD INDEX n ((lower(w)))", { only: "mysql" }),
  alter("idx.add.fulltext", "ADD FULLTEXT n (w)"),
  alter("idx.add.fulltext", "ADD FULLTEXT n (w), ADD FULLTEXT m (v)", { unversioned: true }),
  alter("idx.add.spatial", "ADD SPATIAL n (g)", {
    setup: ["DROP TABLE t", "CREATE TABLE t (id int PRIMARY KEY, g geometry NOT NULL)"],
  }),
  alter("idx.drop", "DROP INDEX k"),
  alter("idx.drop", "DROP INDEX k", { ...FOREIGN, unversioned: true }),
  alter("idx.rename", "RENAME INDEX k TO z"),
  alter("idx.visibility", "ALTER INDEX k INVISIBLE", { only: "mysql" }),
  alter("idx.visibility", "ALTER INDEX k IGNORED", { only: "mariadb" }),
  alter("idx.type", "DROP INDEX k, ADD INDEX k (d) USING BTREE"),
  alter("idx.replace", "DROP INDEX k, ADD INDEX k (d, c)"),
  alter("idx.replace", "ADD INDEX n (c) IGNORED", { only: "mariadb", unversioned: true }),
  alter("pk.add", "ADD PRIMARY KEY (id)", NO_KEY),
  alter("pk.add", "ADD PRIMARY KEY (a)", { ...NO_KEY, unversioned: true }),
  alter("pk.add", "ADD PRIMARY KEY (a)", { ...NO_KEY, settings: { sql_mode: "" }, unversioned: true }),
  alter("pk.drop", "DROP PRIMARY KEY"),
  alter("pk.replace", "DROP PRIMARY KEY, ADD PRIMARY KEY (nn)"),
  ...all("pk.type", ["MODIFY id bigint", "MODIFY id int AUTO_INCREMENT"]),
  alter("fk.add", "ADD CONSTRAINT n FOREIGN KEY (d) REFERENCES p (id)"),
  alter("fk.add.nocheck", "ADD CONSTRAINT n FOREIGN KEY (d) REFERENCES p (id)", UNCHECKED),
  alter("fk.add.nocheck", "ADD CONSTRAINT n FOREIGN KEY (c) REFERENCES p (id)", UNCHECKED),
  ...all("fk.drop", ["DROP FOREIGN KEY f", "DROP CONSTRAINT f"], FOREIGN),
  alter("fk.drop", "MODIFY d bigint", { ...FOREIGN, unversioned: true }),
  alter("check.add", "ADD CONSTRAINT n CHECK (c > 0)"),
  alter("check.add.ne", "ADD CONSTRAINT n CHECK (c > 0) NOT ENFORCED", { only: "mysql" }),
  alter("check.enforce", "ALTER CHECK n ENFORCED", {
    only: "mysql",
    setup: ["ALTER TABLE t ADD CONSTRAINT n CHECK (c > 0) NOT ENFORCED"],
  }),
  alter("check.enforce", "ALTER CHECK ch NOT ENFORCED", { only: "mysql", unversioned: true }),
  alter("check.drop", "DROP CONSTRAINT ch"),
];

const SPACE = "DISCARD TABLESPACE";
const OPTIONS = `AUTO_INCREMENT=100,COMMENT='x',STATS_PERSISTENT=1,STATS_AUTO_RECALC=0,STATS_SAMPLE_PAGES=3,
  AVG_ROW_LENGTH=9,MAX_ROWS=9,MIN_ROWS=1,CHECKSUM=1,DELAY_KEY_WRITE=1,PACK_KEYS=1,INSERT_METHOD=FIRST,CONNECTION='x'`;

const TABLES: readonly Case[] = [
  alter("tbl.rename", "RENAME TO t9"),
  { row: "tbl.rename", sql: "RENAME TABLE t TO t9", waits: true },
  ...all("tbl.charset.default", ["DEFAULT CHARACTER SET latin1", "COLLATE utf8mb4_bin"]),
  alter("tbl.convert", "CONVERT TO CHARACTER SET latin1"),
  alter("tbl.convert", "CONVERT TO CHARACTER SET utf8mb4", {
    setup: ["DROP TABLE t", "CREATE TABLE t (id int PRIMARY KEY) DEFAULT CHARSET latin1"],
    unversioned: true,
  }),
  ...all("tbl.convert", ["CONVERT TO CHARACTER SET utf8mb4", "CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"], {
    setup: [
      "DROP TABLE t",
      "CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(20), KEY (a)) DEFAULT CHARSET utf8mb4",
    ],
    unversioned: true,
  }),
  alter("tbl.convert", "CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin", {
    setup: ["DROP TABLE t", "CREATE TABLE t (id int PRIMARY KEY, b varchar(20), KEY (b)) DEFAULT CHARSET utf8mb4"],
    unversioned: true,
  }),
  ...[
    "v varchar(50), w varchar(300)",
    "v varchar(63)",
    "v varchar(64)",
    "v varchar(85)",
    "v varchar(86)",
    "v varchar(10), KEY (v)",
    "v varchar(10) CHARACTER SET latin1",
    "v varchar(10) CHARACTER SET utf8mb4",
    "v char(20)",
    "v char(20), KEY (v)",
    "v tinytext",
    "v text",
    "v enum('a')",
  ].map((columns) =>
    alter("tbl.convert", "CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci", {
      setup: ["DROP TABLE t", `CREATE TABLE t (id int PRIMARY KEY, ${columns}) DEFAULT CHARSET utf8mb3`],
      unversioned: true,
    }),
  ),
  ...all("tbl.rowformat", ["ROW_FORMAT=COMPACT", "KEY_BLOCK_SIZE=8"]),
  ...all("tbl.comment", OPTIONS.split(/,\s*/)),
  ...all("tbl.rebuild", ["FORCE", "ENGINE=InnoDB"]),
  ...all("tbl.rebuild", ["FORCE"], { setup: ["ALTER TABLE t ADD FULLTEXT (w)"], unversioned: true }),
  { row: "tbl.rebuild", sql: "OPTIMIZE TABLE t", waits: true },
  alter("tbl.engine", "ENGINE=MyISAM", { only: "mysql" }),
  alter("tbl.engine", "ENGINE=Aria", { only: "mariadb", waits: true }),
  alter("tbl.tablespace", "TABLESPACE innodb_file_per_table", { only: "mysql" }),
  alter("tbl.compression", "COMPRESSION='zlib'", { only: "mysql" }),
  alter("tbl.compression", "PAGE_COMPRESSED=1", { only: "mariadb" }),
  alter("tbl.import", SPACE, { waits: true }),
  alter("tbl.order", "ORDER BY c", { waits: true }),
  ...all("tbl.keys", ["DISABLE KEYS", "ENABLE KEYS"]),
  alter("tbl.sysver", "ADD SYSTEM VERSIONING", { only: "mariadb" }),
  { row: "tbl.drop", sql: "DROP TABLE t", waits: true },
  { row: "tbl.drop", sql: "TRUNCATE TABLE t", waits: true },
  alter("tbl.drop", "", { waits: true, unversioned: true }),
  { row: "trg.create", sql: "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.c = 1", waits: true },
  {
    row: "trg.create",
    sql: "DROP TRIGGER g",
    setup: ["CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.c = 1"],
    waits: true,
  },
  { row: "view.create", sql: "CREATE OR REPLACE VIEW y AS SELECT c FROM t", waits: true },
  { row: "tbl.analyze", sql: "ANALYZE TABLE t", waits: true },
  { row: "tbl.analyze", sql: "CHECK TABLE t", waits: true },
  { row: "db.charset", sql: "ALTER DATABASE CHARACTER SET latin1", waits: true },
];

const PARTITIONS: readonly Case[] = [
  alter("part.by", "PARTITION BY HASH (id) PARTITIONS 3", { waits: true, setup: HASHES.setup }),
  alter("part.by", "REMOVE PARTITIONING", { ...RANGES, waits: true }),
  alter("part.add.range", "ADD PARTITION (PARTITION p2 VALUES LESS THAN (30))", RANGES),
  alter("part.add.hash", "ADD PARTITION PARTITIONS 2", HASHES),
  alter("part.drop", "DROP PARTITION p0", RANGES),
  alter("part.truncate", "TRUNCATE PARTITION p0", { ...RANGES, waits: true }),
  alter("part.coalesce", "COALESCE PARTITION 2", HASHES),
  alter("part.coalesce", "REBUILD PARTITION p0", RANGES),
  alter("part.coalesce", "REORGANIZE PARTITION p0 INTO (PARTITION q VALUES LESS THAN (10))", RANGES),
  alter("part.exchange", "EXCHANGE PARTITION p0 WITH TABLE o", { ...RANGES, waits: true }),
  alter("part.exchange", "CONVERT PARTITION p0 TO TABLE z", {
    ...RANGES,
    waits: true,
    only: "mariadb",
    unversioned: true,
  }),
  ...all("part.check", ["ANALYZE PARTITION p0", "CHECK PARTITION p0"], { ...RANGES, waits: true }),
  alter("part.optimize", "OPTIMIZE PARTITION p0", { ...RANGES, waits: true }),
];

export const CASES: readonly Case[] = [...COLUMNS, ...KEYS, ...TABLES, ...PARTITIONS];
