import type { ReservedBetween } from "../../../model/statement.js";
import type { MysqlDialect } from "./dialect.js";

/**
 * Words that neither MySQL 5.7-9.7 nor MariaDB 10.6-11 takes for a name without backticks, by asking the servers
 * (`CREATE TABLE t (WORD INT)`).
 */
const RESERVED: ReadonlySet<string> = new Set(
  `
ACCESSIBLE ADD ALL ALTER ANALYZE AND AS ASC ASENSITIVE BEFORE BETWEEN BIGINT BINARY BLOB BOTH BY CALL CASCADE
CASE CHANGE CHAR CHARACTER CHECK COLLATE COLUMN CONDITION CONSTRAINT CONTINUE CONVERT CREATE CROSS CURRENT_DATE
CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER CURSOR DATABASES DAY_HOUR DAY_MICROSECOND DAY_MINUTE DAY_SECOND DEC
DECIMAL DECLARE DEFAULT DELAYED DELETE DESC DESCRIBE DETERMINISTIC DISTINCT DISTINCTROW DIV DOUBLE DROP DUAL
EACH ELSE ELSEIF ENCLOSED ESCAPED EXCEPT EXISTS EXIT EXPLAIN FALSE FETCH FLOAT FLOAT4 FLOAT8 FOR FORCE FOREIGN
FROM FULLTEXT GRANT GROUP HAVING HIGH_PRIORITY HOUR_MICROSECOND HOUR_MINUTE HOUR_SECOND IF IGNORE IN INDEX
INFILE INNER INOUT INSENSITIVE INSERT INT INT1 INT2 INT3 INT4 INT8 INTEGER INTERVAL INTO IS ITERATE JOIN KEY
KEYS KILL LEADING LEAVE LEFT LIKE LIMIT LINEAR LINES LOAD LOCALTIME LOCALTIMESTAMP LOCK LONG LONGBLOB LONGTEXT
LOOP LOW_PRIORITY MATCH MAXVALUE MEDIUMBLOB MEDIUMINT MEDIUMTEXT MIDDLEINT MINUTE_MICROSECOND MINUTE_SECOND MOD
MODIFIES NATURAL NOT NO_WRITE_TO_BINLOG NULL NUMERIC ON OPTIMIZE OPTIONALLY OR ORDER OUT OUTER OUTFILE OVER
PARTITION PRECISION PRIMARY PROCEDURE PURGE RANGE READ READS READ_WRITE REAL RECURSIVE REFERENCES REGEXP RELEASE
RENAME REPEAT REPLACE REQUIRE RESIGNAL RESTRICT RETURN REVOKE RIGHT RLIKE ROWS SCHEMAS SECOND_MICROSECOND SELECT
SENSITIVE SEPARATOR SET SHOW SIGNAL SMALLINT SPATIAL SPECIFIC SQL SQLEXCEPTION SQLSTATE SQLWARNING
SQL_BIG_RESULT SQL_CALC_FOUND_ROWS SQL_SMALL_RESULT SSL STARTING STRAIGHT_JOIN TABLE TERMINATED THEN TINYBLOB
TINYINT TINYTEXT TO TRAILING TRIGGER TRUE UNDO UNION UNIQUE UNLOCK UNSIGNED UPDATE USAGE USE USING UTC_DATE
UTC_TIME UTC_TIMESTAMP VALUES VARBINARY VARCHAR VARCHARACTER VARYING WHEN WHERE WHILE WITH WRITE XOR YEAR_MONTH
ZEROFILL
`
    .trim()
    .split(/\s+/),
);

/** What is reserved besides on every supported version of one server, asked in the same way. */
const OWN: Readonly<Record<MysqlDialect, ReadonlySet<string>>> = Object.freeze({
  mysql: new Set(
    "DATABASE GENERATED GET IO_AFTER_GTIDS IO_BEFORE_GTIDS OPTIMIZER_COSTS OPTION SCHEMA STORED VIRTUAL".split(" "),
  ),
  mariadb: new Set(
    `CURRENT_ROLE DELETE_DOMAIN_ID DO_DOMAIN_IDS IGNORE_DOMAIN_IDS INTERSECT MASTER_SSL_VERIFY_SERVER_CERT OFFSET
    PAGE_CHECKSUM PARSE_VCOL_EXPR PORTION REF_SYSTEM_ID RETURNING STATS_AUTO_RECALC STATS_PERSISTENT
    STATS_SAMPLE_PAGES`.split(/\s+/),
  ),
});

/**
 * What is reserved by some of the supported versions, and read as a name all the same: an old file that a server of its
 * time ran tells its tables. That it is reserved was asked of MySQL 9.7 and MariaDB 10.11 (MANUAL and PARALLEL: that 9.7
 * takes them), since when is told by the servers' manuals.
 */
const SOMETIMES: Readonly<Record<MysqlDialect, ReadonlyMap<string, ReservedBetween>>> = Object.freeze({
  mysql: between({
    "8.0": `CUBE CUME_DIST DENSE_RANK EMPTY FIRST_VALUE FUNCTION GROUPING GROUPS JSON_TABLE LAG LAST_VALUE LEAD NTH_VALUE
      NTILE OF PERCENT_RANK RANK ROW ROW_NUMBER SYSTEM WINDOW`,
    "8.0.14": "LATERAL",
    "8.0.31": "INTERSECT",
    "8.4": "QUALIFY TABLESAMPLE",
    "8.4-9.7": "MANUAL PARALLEL",
    "9.2": "LIBRARY",
    "9.4": "EXTERNAL",
  }),
  mariadb: between({ "10.7": "ROW_NUMBER", "10.10": "MASTER_DEMOTE_TO_REPLICA MASTER_DEMOTE_TO_SLAVE" }),
});

function between(words: Readonly<Record<string, string>>): ReadonlyMap<string, ReservedBetween> {
  const parts = (version: string) => Object.freeze(version.split(".").map(Number));
  const entries = Object.entries(words).flatMap(([versions, list]) => {
    const [since = "", until] = versions.split("-");
    const reserved = Object.freeze({ since: parts(since), ...(until === undefined ? {} : { until: parts(until) }) });
    return list.split(/\s+/).map((word): [string, ReservedBetween] => [word, reserved]);
  });
  return new Map(entries);
}

/** Which versions have reserved a bare word, in upper case, that others take for a name; null for none. */
export function reservedBetween(upper: string, dialect: MysqlDialect): ReservedBetween | null {
  return SOMETIMES[dialect].get(upper) ?? null;
}

/** Whether a bare word, in upper case, is a keyword everywhere except behind a dot; on both servers, or on this one. */
export function isReserved(upper: string, dialect: MysqlDialect | null = null): boolean {
  return RESERVED.has(upper) || (dialect !== null && OWN[dialect].has(upper));
}
