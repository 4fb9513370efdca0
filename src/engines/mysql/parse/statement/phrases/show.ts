import { type Phrase, phrase } from "./phrase.js";

const FILTER = "[LIKE <string>|WHERE <expression>]";
const IN_DATABASE = "[{FROM|IN} <name>]";
const OF_TABLE = `{FROM|IN} <relation> ${IN_DATABASE}`;
const LIMIT = "[LIMIT <number> [{,|OFFSET} <number>]]";
const CHANNEL = "[FOR CHANNEL <string>]";

/** What only reads. */
const FORMS: readonly string[] = [
  `[<mysql> EXTENDED] [FULL] {COLUMNS|FIELDS} ${OF_TABLE} ${FILTER}`,
  `[<mysql> EXTENDED] [FULL] TABLES ${IN_DATABASE} ${FILTER}`,
  `[<mysql> EXTENDED] {INDEX|INDEXES|KEYS} ${OF_TABLE} [WHERE <expression>]`,
  `{TABLE STATUS|OPEN TABLES|EVENTS} ${IN_DATABASE} ${FILTER}`,
  `[FULL] TRIGGERS ${IN_DATABASE} ${FILTER}`,
  `{DATABASES|SCHEMAS|CHARACTER SET|CHARSET|COLLATION} ${FILTER}`,
  `[GLOBAL|SESSION|LOCAL] {STATUS|VARIABLES} ${FILTER}`,
  `{FUNCTION|PROCEDURE|PACKAGE BODY|PACKAGE|LIBRARY} STATUS ${FILTER}`,
  "{FUNCTION|PROCEDURE|PACKAGE BODY} CODE <relation>",
  "CREATE {DATABASE|SCHEMA} [IF NOT EXISTS] <name>",
  "CREATE {TABLE|VIEW|EVENT|FUNCTION|PROCEDURE|TRIGGER|<mariadb> SEQUENCE|<mariadb> SERVER|<mariadb> PACKAGE BODY|<mariadb> PACKAGE|<mysql> LIBRARY} <relation>",
  "CREATE USER [<user>]",
  `{ERRORS|WARNINGS} ${LIMIT}`,
  "COUNT ( '*' ) {ERRORS|WARNINGS}",
  "ENGINE <value> {STATUS|MUTEX|LOGS}",
  "[STORAGE] ENGINES",
  "GRANTS [FOR <user> [<mysql> USING <user>...]]",
  "[FULL] PROCESSLIST",
  "{PRIVILEGES|PLUGINS|PROFILES|<mysql> REPLICAS|AUTHORS|CONTRIBUTORS}",
  `PROFILE [{ALL|BLOCK IO|CONTEXT SWITCHES|CPU|IPC|MEMORY|PAGE FAULTS|SOURCE|SWAPS}...] [FOR QUERY <number>] ${LIMIT}`,
  "{BINARY|MASTER} LOGS",
  "{<mysql> BINARY LOG|<mariadb> BINLOG|MASTER} STATUS",
  `{BINLOG|RELAYLOG} EVENTS [IN <string>] [FROM <number>] ${LIMIT} ${CHANNEL}`,
  `{REPLICA|SLAVE} {STATUS|HOSTS} ${CHANNEL}`,
  "<mariadb> ALL {REPLICAS|SLAVES} STATUS",
  "<mariadb> PLUGINS SONAME <string>",
  `<mariadb> {CLIENT_STATISTICS|INDEX_STATISTICS|TABLE_STATISTICS|USER_STATISTICS|LOCALES} ${FILTER}`,
];

export const SHOW: readonly Phrase[] = [
  ...FORMS.map((form) => reading("show", `SHOW ${form}`)),
  reading("help", "HELP {<name>|<string>}"),
  reading(
    "get-diagnostics",
    "GET [CURRENT|STACKED] DIAGNOSTICS {{{<variable>|<name>} = {NUMBER|ROW_COUNT}}...|CONDITION <any> {{<variable>|<name>} = {RETURNED_SQLSTATE|MESSAGE_TEXT|MYSQL_ERRNO|CLASS_ORIGIN|SUBCLASS_ORIGIN|CONSTRAINT_CATALOG|CONSTRAINT_SCHEMA|CONSTRAINT_NAME|CATALOG_NAME|SCHEMA_NAME|TABLE_NAME|COLUMN_NAME|CURSOR_NAME|<mariadb> ROW_NUMBER}}...}",
  ),
];

function reading(what: string, text: string): Phrase {
  return phrase(what, text, () => ({ kind: "administration", action: what }), { harmless: true });
}
