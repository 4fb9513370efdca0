import type { Known } from "./known.js";

/** What the servers take, asked of MySQL 9.7 and MariaDB 10.11, and what we make of it. */
export const createTableStatements: readonly Known[] = [
  [
    "both",
    "CREATE TABLE a1 (id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, email VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT '' COMMENT 'it''s', UNIQUE KEY uq (email(10) DESC) USING BTREE COMMENT 'x', KEY (id)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci AUTO_INCREMENT = 5 ROW_FORMAT DYNAMIC, COMMENT 'c'",
    ["create-table a1 plain (id, email, unique, index)"],
  ],
  ["both", "CREATE TABLE IF NOT EXISTS p.a2 LIKE t", ["create-table p.a2 like ()"]],
  ["both", "CREATE TABLE a3 (LIKE t)", ["create-table a3 like ()"]],
  ["both", "CREATE TABLE a4 AS SELECT id FROM t", ["create-table a4 as ()"]],
  ["both", "CREATE TABLE a5 SELECT id FROM t", ["create-table a5 as ()"]],
  ["both", "CREATE TABLE a6 (x INT) IGNORE AS SELECT id FROM t", ["create-table a6 as (x)"]],
  ["both", "CREATE TABLE a7 (SELECT id FROM t)", ["create-table a7 as ()"]],
  ["both", "CREATE TABLE a8 ENGINE=InnoDB AS (SELECT id FROM t)", ["create-table a8 as ()"]],
  ["both", "CREATE TABLE a9 WITH q AS (SELECT 1 x) SELECT * FROM q", ["create-table a9 as ()"]],
  ["both", "CREATE TABLE a10 AS WITH q AS (SELECT 1 x) SELECT * FROM q", ["create-table a10 as ()"]],
  ["mysql", "CREATE TABLE a11 (VALUES ROW(1,2))", ["create-table a11 as ()"]],
  [
    "both",
    "CREATE TABLE a12 (id INT, e ENUM('a','b)',\"c\") DEFAULT 'a', s SET('x','y'), PRIMARY KEY (id)) PARTITION BY HASH (id) PARTITIONS 4",
    ["create-table a12 plain partitioned (id, e, s, primary-key)"],
  ],
  [
    "both",
    "CREATE TABLE a13 (id INT NOT NULL) PARTITION BY RANGE COLUMNS (id) (PARTITION p0 VALUES LESS THAN (10) COMMENT = 'x', PARTITION p1 VALUES LESS THAN MAXVALUE)",
    ["create-table a13 plain partitioned (id)"],
  ],
  [
    "both",
    "CREATE TABLE a13b (id INT NOT NULL) PARTITION BY LIST (id) (PARTITION p0 VALUES IN (1,2)) AS SELECT 1 AS id",
    ["create-table a13b as partitioned (id)"],
  ],
  [
    "mariadb",
    "CREATE TABLE a14 (a INT GENERATED ALWAYS AS (b + 1) VIRTUAL, b INT, c INT AS (b*2) STORED UNIQUE, d INT AS (b) PERSISTENT)",
    ["create-table a14 plain (a, b, c, d)"],
  ],
  [
    "mysql",
    "CREATE TABLE a15 (a INT GENERATED ALWAYS AS (b + 1) VIRTUAL NOT NULL COMMENT 'x', b INT, c INT AS (b*2) STORED UNIQUE KEY)",
    ["create-table a15 plain (a, b, c)"],
  ],
  [
    "both",
    "CREATE TABLE a16 (id SERIAL, d DOUBLE PRECISION, n NATIONAL CHAR(10), nv NATIONAL VARCHAR(10), nc NCHAR VARYING(10), cv CHARACTER VARYING(5), l LONG VARCHAR, lb LONG VARBINARY, l2 LONG)",
    ["create-table a16 plain (id, d, n, nv, nc, cv, l, lb, l2)"],
  ],
  [
    "both",
    "CREATE TABLE a17 (a TIMESTAMP(6) NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6), b DATETIME DEFAULT NOW() ON UPDATE NOW(), c DATE DEFAULT (CURRENT_DATE), d TIMESTAMP DEFAULT LOCALTIME, e DATETIME DEFAULT LOCALTIMESTAMP())",
    ["create-table a17 plain (a, b, c, d, e)"],
  ],
  [
    "mysql",
    "CREATE TABLE a18 (a INT CHECK (a > 0), b INT CONSTRAINT cb CHECK (b > 0), CHECK (a < b), CONSTRAINT CHECK (a <> 3), CONSTRAINT ck CHECK ((a+b) < 100))",
    ["create-table a18 plain (a, b, check, check, check)"],
  ],
  [
    "mysql",
    "CREATE TABLE a19 (a INT CHECK (a > 0) NOT ENFORCED, CONSTRAINT ck CHECK (a < 5) NOT ENFORCED, CHECK (a<4) ENFORCED)",
    ["create-table a19 plain (a, check, check)"],
  ],
  [
    "both",
    "CREATE TABLE a20 (a INT, pid INT REFERENCES p(id) ON DELETE CASCADE ON UPDATE SET NULL, CONSTRAINT fk FOREIGN KEY (a) REFERENCES p (id) MATCH SIMPLE ON DELETE NO ACTION, FOREIGN KEY fki (a) REFERENCES p (k))",
    ["create-table a20 plain (a, pid, foreign-key, foreign-key)"],
  ],
  ["mysql", "CREATE TABLE a21 (a INT INVISIBLE, b INT, c INT VISIBLE)", ["create-table a21 plain (a, b, c)"]],
  ["both", "CREATE TABLE a21b (a INT INVISIBLE, b INT)", ["create-table a21b plain (a, b)"]],
  [
    "mysql",
    "CREATE TABLE a22 (g POINT NOT NULL SRID 4326, SPATIAL INDEX sg (g))",
    ["create-table a22 plain (g, index)"],
  ],
  [
    "mysql",
    "CREATE TABLE a24 (j JSON, INDEX i ((CAST(j->'$.a' AS UNSIGNED ARRAY))), t TEXT, FULLTEXT KEY ft (t) WITH PARSER ngram)",
    ["create-table a24 plain (j, t, index, index)"],
  ],
  [
    "mariadb",
    "CREATE TABLE a25 (t TEXT, FULLTEXT (t), FULLTEXT INDEX x (t), u UUID, i INET6)",
    ["create-table a25 plain (t, u, i, index, index)"],
  ],
  [
    "both",
    "CREATE TABLE a25d (y INT DEFAULT (1+1), z VARCHAR(10) DEFAULT 'a' 'b', n INT DEFAULT -1, m INT DEFAULT +1, o DECIMAL(4,2) DEFAULT -1.5, b BIT(1) DEFAULT b'1', h BINARY(2) DEFAULT 0x4142, x BINARY(2) DEFAULT x'4142', d DATE DEFAULT DATE '2020-01-01', s VARCHAR(5) DEFAULT _utf8mb4'x', bo BOOL DEFAULT TRUE, bn BOOLEAN DEFAULT NULL, nn VARCHAR(5) DEFAULT N'x')",
    ["create-table a25d plain (y, z, n, m, o, b, h, x, d, s, bo, bn, nn)"],
  ],
  ["mariadb", "CREATE TABLE a25e (y INT DEFAULT CASE WHEN 1 THEN 2 END)", ["create-table a25e plain (y)"]],
  ["mysql", "CREATE TABLE a26 (v VECTOR(3), x INT)", ["create-table a26 plain (v, x)"]],
  [
    "mariadb",
    "CREATE TABLE a27 (id INT NOT NULL, x INT, PERIOD FOR SYSTEM_TIME (s, e), s TIMESTAMP(6) GENERATED ALWAYS AS ROW START, e TIMESTAMP(6) GENERATED ALWAYS AS ROW END) WITH SYSTEM VERSIONING",
    ["create-table a27 plain (id, x, s, e)"],
  ],
  [
    "mariadb",
    "CREATE TABLE a28 (id INT, s DATE, e DATE, PERIOD FOR app (s, e), UNIQUE (id, app WITHOUT OVERLAPS))",
    ["create-table a28 plain (id, s, e, unique)"],
  ],
  [
    "mariadb",
    "CREATE TABLE a29 (id INT) WITH SYSTEM VERSIONING PARTITION BY SYSTEM_TIME INTERVAL 1 MONTH (PARTITION p0 HISTORY, PARTITION pc CURRENT)",
    ["create-table a29 plain partitioned (id)"],
  ],
  [
    "mariadb",
    "CREATE TABLE a30 (x VARCHAR(100) COMPRESSED, y INT WITHOUT SYSTEM VERSIONING, z TEXT COMPRESSED=zlib)",
    ["create-table a30 plain (x, y, z)"],
  ],
  ["both", "CREATE TABLE a31 (a INT KEY, b INT UNIQUE KEY)", ["create-table a31 plain (a, b)"]],
  [
    "mysql",
    "CREATE TABLE a32 (a INT PRIMARY KEY NOT NULL DEFAULT 3 COMMENT 'x' COLUMN_FORMAT FIXED STORAGE DISK)",
    ["create-table a32 plain (a)"],
  ],
  [
    "mysql",
    "CREATE TABLE a33 (a INT NOT NULL DEFAULT 3 COMMENT 'x' COLUMN_FORMAT FIXED STORAGE DISK, b INT ENGINE_ATTRIBUTE='{}')",
    ["create-table a33 plain (a, b)"],
  ],
  ["both", "CREATE TABLE a34 (a INT SERIAL DEFAULT VALUE)", ["create-table a34 plain (a)"]],
  [
    "both",
    "CREATE TABLE a36 (a VARCHAR(10) CHARACTER SET latin1 COLLATE latin1_bin, b CHAR(5) BINARY, g VARCHAR(3) CHAR SET latin1, h VARCHAR(3) COLLATE utf8mb4_bin NOT NULL, i VARCHAR(3) NOT NULL COLLATE utf8mb4_bin)",
    ["create-table a36 plain (a, b, g, h, i)"],
  ],
  [
    "both",
    "CREATE TABLE a37 (a INT(11) UNSIGNED ZEROFILL, b FLOAT(7,4), c DECIMAL(10,2) UNSIGNED, d YEAR(4), e TINYINT(1) SIGNED, f DEC, g FIXED(3,1), h INT8, i MIDDLEINT, j REAL, k NUMERIC(3), l BIT, m INT1 UNSIGNED)",
    ["create-table a37 plain (a, b, c, d, e, f, g, h, i, j, k, l, m)"],
  ],
  [
    "both",
    "CREATE TEMPORARY TABLE a38 (`sel``ect` INT, `order` INT, KEY `k 1` (`sel``ect`), 1st INT, `ä` INT, äö INT, $x INT)",
    ["create-table a38 plain temporary (sel`ect, order, 1st, ä, äö, $x, index)"],
  ],
  [
    "both",
    "CREATE TABLE `p`.`a39` (select_ INT, date DATE, time TIME, timestamp TIMESTAMP NULL, text TEXT, type INT, status INT, name INT, value INT, user INT, role INT, data INT, comment INT, end INT, begin INT, action INT, enum INT, period INT, index_ INT, position INT, level INT, year INT, point INT, json INT)",
    [
      "create-table p.a39 plain (select_, date, time, timestamp, text, type, status, name, value, user, role, data, comment, end, begin, action, enum, period, index_, position, level, year, point, json)",
    ],
  ],
  [
    "both",
    "CREATE TABLE a40 (type INT, KEY type (type), KEY t2 USING BTREE (type), INDEX USING HASH (type), UNIQUE INDEX (type), UNIQUE u2 (type), CONSTRAINT sym UNIQUE KEY (type), CONSTRAINT sym2 UNIQUE KEY own (type), CONSTRAINT pk PRIMARY KEY USING BTREE (type))",
    ["create-table a40 plain (type, index, index, index, unique, unique, unique, unique, primary-key)"],
  ],
  [
    "mysql",
    "CREATE TABLE a41 (a INT, KEY k (a) KEY_BLOCK_SIZE=4 COMMENT 'x' INVISIBLE)",
    ["create-table a41 plain (a, index)"],
  ],
  [
    "mariadb",
    "CREATE TABLE a42 (a INT, KEY k (a) KEY_BLOCK_SIZE 4 IGNORED, KEY k2 (a) NOT IGNORED)",
    ["create-table a42 plain (a, index, index)"],
  ],
  [
    "both",
    "CREATE TABLE a43 (a INT) ENGINE InnoDB TABLESPACE innodb_file_per_table STATS_PERSISTENT=1 STATS_AUTO_RECALC=DEFAULT STATS_SAMPLE_PAGES=10 ENCRYPTION='N' COMPRESSION='none' MAX_ROWS=10 MIN_ROWS 1 AVG_ROW_LENGTH=1 CHECKSUM=1 DELAY_KEY_WRITE=0 PACK_KEYS=DEFAULT INSERT_METHOD=NO KEY_BLOCK_SIZE=0",
    ["create-table a43 plain (a)"],
  ],
  [
    "mariadb",
    "CREATE TABLE a44 (a INT) ENGINE=InnoDB PAGE_COMPRESSED=1 PAGE_COMPRESSION_LEVEL=5 ENCRYPTED=NO TRANSACTIONAL=0 PAGE_CHECKSUM=1",
    ["create-table a44 plain (a)"],
  ],
  [
    "mysql",
    "CREATE TABLE a45 (a INT) AUTOEXTEND_SIZE=4M ENGINE_ATTRIBUTE='{}' SECONDARY_ENGINE_ATTRIBUTE='{}' START TRANSACTION",
    ["create-table a45 plain (a)"],
  ],
  [
    "both",
    "CREATE TABLE a46 (a INT) DATA DIRECTORY='/nowhere/x' INDEX DIRECTORY '/nowhere/y' UNION=(t,p) CONNECTION='x' PASSWORD='x'",
    ["create-table a46 plain (a)"],
  ],
  ["mariadb", "CREATE OR REPLACE TABLE t (a INT)", ["create-or-replace-table t"]],
  ["both", "CREATE TABLE t.select (a INT)", ["create-table t.select plain (a)"]],
  ["both", "CREATE TABLE p.select (a INT)", ["create-table p.select plain (a)"]],
  ["mariadb", "CREATE TABLE a55 (a INT) FOO=BAR", ["create-table a55 plain (a)"]],
  ["mariadb", "CREATE TABLE a57 (a INT CONSTRAINT x REFERENCES p (id))", ["create-table a57 plain (a)"]],
  ["both", "CREATE TABLE a58 (a INT REFERENCES p)", ["create-table a58 plain (a)"]],
  ["both", "CREATE TABLE a60 (a INT DEFAULT 'x' COLLATE utf8mb4_bin)", ["create-table a60 plain (a)"]],
  [
    "both",
    "CREATE TABLE a61 (a INT UNIQUE PRIMARY KEY AUTO_INCREMENT, b INT NULL NOT NULL)",
    ["create-table a61 plain (a, b)"],
  ],
  [
    "both",
    "CREATE TABLE a64 (a VARCHAR(20) GENERATED ALWAYS AS (concat('a;b', \")\")) STORED, b VARCHAR(20) COLLATE utf8mb4_bin GENERATED ALWAYS AS ('x'))",
    ["create-table a64 plain (a, b)"],
  ],
  [
    "mysql",
    "CREATE TABLE a65 (a INT /*!50606 STORAGE DISK */ NOT NULL /*!80023 INVISIBLE */, b INT) /*!50100 PARTITION BY HASH (a) PARTITIONS 2 */",
    ["create-table a65 plain partitioned (a, b)"],
  ],
  ["both", "CREATE TABLE a66 (a INT) /*!100301 ENGINE=InnoDB */", ["create-table a66 plain (a)"]],
  ["both", "CREATE TABLE a67 (a INT) /*M!100301 COMMENT='x' */", ["create-table a67 plain (a)"]],
  ["mariadb", "CREATE TABLE a68 (a INT DEFAULT NEXT VALUE FOR sq)", ["create-table a68 plain (a)"]],
  [
    "mysql",
    "CREATE TABLE a70 (a TEXT(100), b BLOB(5), c GEOMETRYCOLLECTION, d MULTIPOINT, e LINESTRING, f GEOMCOLLECTION)",
    ["create-table a70 plain (a, b, c, d, e, f)"],
  ],
  [
    "both",
    "CREATE TABLE a70b (a TEXT(100), b BLOB(5), c GEOMETRYCOLLECTION, d MULTIPOINT, e LINESTRING)",
    ["create-table a70b plain (a, b, c, d, e)"],
  ],
  [
    "both",
    "CREATE TABLE a71 (a NCHAR VARCHAR(3), b NATIONAL CHARACTER VARYING(4), c NATIONAL VARCHARACTER(4), d VARCHARACTER(4), e NCHAR(4), f NVARCHAR(4), g LONG CHAR VARYING, h CHAR VARYING(3))",
    ["create-table a71 plain (a, b, c, d, e, f, g, h)"],
  ],
  [
    "mysql",
    "CREATE TABLE a72 (a INT, b INT, KEY (a, b DESC), KEY ((a+b)), KEY ((a*2) DESC, b ASC))",
    ["create-table a72 plain (a, b, index, index, index)"],
  ],
  [
    "both",
    "CREATE TABLE a73 (d DATETIME GENERATED ALWAYS AS (`d2` + INTERVAL 1 day), d2 DATETIME) ENGINE=InnoDB",
    ["create-table a73 plain (d, d2)"],
  ],
];
