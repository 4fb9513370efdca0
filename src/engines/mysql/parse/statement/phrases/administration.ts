import type { MysqlDialect } from "../../dialect.js";
import { type Phrase, phrase } from "./phrase.js";

const BINLOG = "[NO_WRITE_TO_BINLOG|LOCAL]";
const CHANNEL = "[FOR CHANNEL <string>]";
const UNTIL = "[UNTIL {<name> = <any>|SQL_AFTER_MTS_GAPS} [, <name> = <any>] [, <name> = <any>]]";
const CONDITION =
  "[SET {{CLASS_ORIGIN|SUBCLASS_ORIGIN|MESSAGE_TEXT|MYSQL_ERRNO|CONSTRAINT_CATALOG|CONSTRAINT_SCHEMA|CONSTRAINT_NAME|CATALOG_NAME|SCHEMA_NAME|TABLE_NAME|COLUMN_NAME|CURSOR_NAME|<mariadb> ROW_NUMBER} = <expression>}...]";
const PARTITIONS = "[PARTITION ( {ALL|<name>...} )]";
const INDEXES = "[{INDEX|KEY} ( [{PRIMARY|<name>}...] )]";
const LOGS = "[BINARY|ENGINE|ERROR|GENERAL|SLOW|RELAY]";
const MARIADB_FLUSH =
  "QUERY_RESPONSE_TIME|ALL SLAVES|MASTER|REPLICA|SLAVE|SSL|TABLE_STATISTICS|INDEX_STATISTICS|CLIENT_STATISTICS|USER_STATISTICS";
const FLUSHED = `PRIVILEGES|STATUS|HOSTS|<mysql> DES_KEY_FILE|USER_RESOURCES|QUERY CACHE|<mysql> OPTIMIZER_COSTS|<mariadb> {${MARIADB_FLUSH}}|${LOGS} LOGS ${CHANNEL}`;

/** About the server. Each has the name of its action, the pattern behind its first words, and the server that has it. */
const FORMS: readonly (readonly [what: string, action: string, text: string, dialect?: MysqlDialect])[] = [
  ["flush", "flush-tables-with-read-lock", `FLUSH ${BINLOG} {TABLES|TABLE} WITH READ LOCK [AND DISABLE CHECKPOINT]`],
  ["flush", "flush-tables", `FLUSH ${BINLOG} {TABLES|TABLE} [<relation>...] [WITH READ LOCK|FOR EXPORT]`],
  ["flush", "flush", `FLUSH ${BINLOG} {${FLUSHED}}...`],
  [
    "kill",
    "kill",
    "KILL [<mariadb> HARD|<mariadb> SOFT] [CONNECTION] {<mariadb> QUERY ID <number>|<mariadb> USER <user>|QUERY <expression>|<number>|<variable>|<mysql> <expression>}",
  ],
  ["shutdown", "shutdown", "SHUTDOWN [<mariadb> WAIT FOR ALL {REPLICAS|SLAVES}]"],
  ["restart", "restart", "RESTART", "mysql"],
  ["install", "install-plugin", "INSTALL PLUGIN [IF NOT EXISTS] <name> SONAME <string>"],
  ["install", "install-plugin", "INSTALL SONAME <string>", "mariadb"],
  [
    "install",
    "install-component",
    "INSTALL COMPONENT <string>... [SET {[GLOBAL|PERSIST] <name> [. <name>] = <expression>}...]",
    "mysql",
  ],
  ["uninstall", "uninstall-plugin", "UNINSTALL PLUGIN [IF EXISTS] <name>"],
  ["uninstall", "uninstall-plugin", "UNINSTALL SONAME [IF EXISTS] <string>", "mariadb"],
  ["uninstall", "uninstall-component", "UNINSTALL COMPONENT <string>...", "mysql"],
  ["purge", "purge-binary-logs", "PURGE {BINARY|MASTER} LOGS {TO <string>|BEFORE <expression>}"],
  ["reset", "reset-binary-logs", "RESET BINARY LOGS AND GTIDS [TO <number>]", "mysql"],
  ["reset", "reset", "RESET PERSIST [IF EXISTS] [<name>]", "mysql"],
  [
    "reset",
    "reset",
    `RESET {MASTER [TO <number>]|QUERY CACHE|{REPLICA|SLAVE} [<mariadb> <string>] [ALL] ${CHANNEL}}...`,
  ],
  [
    "start-replication",
    "start-replica",
    `START [<mariadb> ALL] {REPLICA|SLAVE|<mariadb> REPLICAS|<mariadb> SLAVES} [<mariadb> <string>] [{SQL_THREAD|IO_THREAD}...] ${UNTIL} [{USER = <string>|PASSWORD = <string>|DEFAULT_AUTH = <string>|PLUGIN_DIR = <string>} *] ${CHANNEL}`,
  ],
  ["start-replication", "start-group-replication", "START GROUP_REPLICATION", "mysql"],
  [
    "stop-replication",
    "stop-replica",
    `STOP [<mariadb> ALL] {REPLICA|SLAVE|<mariadb> REPLICAS|<mariadb> SLAVES} [<mariadb> <string>] [{SQL_THREAD|IO_THREAD}...] ${CHANNEL}`,
  ],
  ["stop-replication", "stop-group-replication", "STOP GROUP_REPLICATION", "mysql"],
  [
    "change-replication",
    "change-source",
    `CHANGE {<mysql> REPLICATION SOURCE|MASTER} [<mariadb> <string>] TO {<name> = {( [<any>...] )|[-] <any>}}... ${CHANNEL}`,
  ],
  [
    "change-replication",
    "change-replication-filter",
    `CHANGE REPLICATION FILTER {<name> = ( [{<name> . <name>|( <name> , <name> )|<any>}...] )}... ${CHANNEL}`,
    "mysql",
  ],
  ["import-table", "import-table", "IMPORT TABLE FROM <string>...", "mysql"],
  ["cache-index", "cache-index", `CACHE INDEX {<relation> ${PARTITIONS} ${INDEXES}}... IN {<name>|DEFAULT}`],
  ["load-index", "load-index", `LOAD INDEX INTO CACHE {<relation> ${PARTITIONS} ${INDEXES} [IGNORE LEAVES]}...`],
  ["clone", "clone", "CLONE LOCAL DATA DIRECTORY [=] <string>", "mysql"],
  ["binlog", "binlog", "BINLOG {<string>|<variable>} [, {<string>|<variable>}]"],
  ["backup", "backup", "BACKUP {STAGE {START|FLUSH|BLOCK_DDL|BLOCK_COMMIT|END}|LOCK <relation>|UNLOCK}", "mariadb"],
  ["lock-instance", "lock-instance", "LOCK INSTANCE FOR BACKUP", "mysql"],
  [
    "xa",
    "xa",
    "XA {END <any> [, <any> [, <number>]] [SUSPEND [FOR MIGRATE]]|RECOVER [<mysql> CONVERT XID|<mariadb> FORMAT = <any>]}",
  ],
  ["signal", "signal", `SIGNAL {SQLSTATE [VALUE] <string>|<name>} ${CONDITION}`],
  ["signal", "signal", `RESIGNAL [SQLSTATE [VALUE] <string>|<name>] ${CONDITION}`],
  [
    "handler",
    "handler",
    "HANDLER <relation> {OPEN [[AS] <name>]|CLOSE|READ {{FIRST|NEXT}|<name> {FIRST|NEXT|PREV|LAST|{'='|'<='|'>='|'<'|'>'} ( <expression>... )}} [WHERE <expression>] [LIMIT <number> [{,|OFFSET} <number>]]}",
  ],
];

export const ADMINISTRATION: readonly Phrase[] = FORMS.map(([what, action, text, dialect]) =>
  phrase(what, text, () => ({ kind: "administration", action }), dialect === undefined ? {} : { dialect }),
);
