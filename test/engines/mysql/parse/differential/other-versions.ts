import type { MysqlDialect } from "../../../../../src/engines/mysql/parse/index.js";

/** Words that the server of this version reserves, and older ones that are supported do not. */
const RESERVED_LATER: Readonly<Record<MysqlDialect, RegExp>> = {
  mysql:
    /\b(CUBE|CUME_DIST|DENSE_RANK|EMPTY|EXTERNAL|FIRST_VALUE|FUNCTION|GROUPING|GROUPS|INTERSECT|JSON_TABLE|LAG|LAST_VALUE|LATERAL|LEAD|LIBRARY|NTH_VALUE|NTILE|OF|PERCENT_RANK|QUALIFY|RANK|ROW|ROW_NUMBER|SYSTEM|TABLESAMPLE|WINDOW)\b/i,
  mariadb: /\bROW_NUMBER\b/i,
};

/** Grammar of other supported versions than the one that is asked: older ones on MySQL 9.7, newer ones on MariaDB 10.11. */
const OTHER_GRAMMAR: Readonly<Record<MysqlDialect, readonly RegExp[]>> = {
  mysql: [
    /^EXPLAIN (EXTENDED|PARTITIONS)\b/,
    /^(SHOW|RESET|STOP|START|CHANGE|PURGE)\b.*\b(MASTER|SLAVE)\b/,
    /\bGROUP BY\b.*\b(ASC|DESC)\b/,
    /^GRANT\b.*\bIDENTIFIED\b/,
    /\bIDENTIFIED BY PASSWORD\b/,
    /\b(HOSTS|DES_KEY_FILE|QUERY CACHE)\b/,
  ],
  mariadb: [
    // 11.6 and later: an alias; 11.4: WITHOUT VALIDATION; 11.7: columns of a derived table.
    /^DELETE\b.*\bFROM\s+\S+\s+\w+/s,
    /\bWITH(OUT)? VALIDATION\b/,
    /\) (AS )?\w+ \(/,
  ],
};

/** Whether this server's no says nothing about the versions that we read for. */
export function isOfOtherVersion(sql: string, dialect: MysqlDialect): boolean {
  return RESERVED_LATER[dialect].test(sql) || OTHER_GRAMMAR[dialect].some((grammar) => grammar.test(sql));
}
