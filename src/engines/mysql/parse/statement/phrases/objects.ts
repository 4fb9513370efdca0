import type { ObjectType } from "../../../../../model/detail/object.js";
import type { MysqlDialect } from "../../dialect.js";
import { altered, created, dropped } from "./object-detail.js";
import { type Phrase, phrase } from "./phrase.js";

const REPLACE = "[{OR REPLACE}=replace]";
const MARIADB_REPLACE = "[<mariadb> {OR REPLACE}=replace]";
const UNLESS = "[{IF NOT EXISTS}=if]";
const IF = "[{IF EXISTS}=if]";
const CHARSET = "[DEFAULT] {CHARACTER SET|CHARSET|CHAR SET}=change [=] <charset>";
const DATABASE_OPTION = `{${CHARSET}|[DEFAULT] {COLLATE}=change [=] <charset>|<mysql> [DEFAULT] {ENCRYPTION}=change [=] <string>|<mysql> {READ ONLY}=change [=] {DEFAULT|<number>}|<mariadb> {COMMENT}=change [=] <string>}`;
const DATABASE = "{DATABASE|SCHEMA}";
const SERVER_OPTIONS = "OPTIONS ( {{HOST|DATABASE|USER|PASSWORD|SOCKET|OWNER|PORT|<name>} {<string>|<number>}}... )";
const SPACE_OPTION =
  "{{ADD DATAFILE}=change <string>|{DROP DATAFILE}=change <string>|{USE LOGFILE GROUP}=change <name>|{RENAME TO}=change <name>|{ENGINE}=change [=] <value>|{ENCRYPTION}=change [=] <string>|{ENGINE_ATTRIBUTE}=change [=] <string>|{FILE_BLOCK_SIZE|EXTENT_SIZE|INITIAL_SIZE|AUTOEXTEND_SIZE|MAX_SIZE|NODEGROUP}=change [=] <value>|{COMMENT}=change [=] <string>|{WAIT}=change|{NO_WAIT}=change}";
const LOG_OPTION =
  "{{ADD UNDOFILE}=change <string>|{INITIAL_SIZE|UNDO_BUFFER_SIZE|REDO_BUFFER_SIZE|NODEGROUP}=change [=] <value>|{ENGINE}=change [=] <value>|{COMMENT}=change [=] <string>|{WAIT}=change}";
const CPUS = "VCPU [=] {<number> [- <number>]|<number>}...";
const SRS = "{NAME <string>|DEFINITION <string>|ORGANIZATION <string> IDENTIFIED BY <number>|DESCRIPTION <string>}";
const SEQUENCE_OPTION =
  "{{AS}=change <type>|{INCREMENT}=change [BY|=] <number>|{MINVALUE}=change [=] <number>|{NO MINVALUE}=change|{NOMINVALUE}=change|{MAXVALUE}=change [=] <number>|{NO MAXVALUE}=change|{NOMAXVALUE}=change|{START}=change [WITH|=] <number>|{RESTART}=change [WITH|=] <number>|{RESTART}=change|{CACHE}=change [=] <number>|{NOCACHE}=change|{CYCLE}=change|{NOCYCLE}=change|{ENGINE}=change [=] <value>|{COMMENT}=change [=] <string>}";

type Form = readonly [object: ObjectType, text: string, dialect?: MysqlDialect];

const CREATES: readonly Form[] = [
  ["database", `CREATE ${MARIADB_REPLACE} ${DATABASE} ${UNLESS} <name=name> ${DATABASE_OPTION} *`],
  [
    "foreign-server",
    `CREATE ${MARIADB_REPLACE} SERVER [<mariadb> {IF NOT EXISTS}=if] <any=name> FOREIGN DATA WRAPPER <any> ${SERVER_OPTIONS}`,
  ],
  ["undo-tablespace", "CREATE UNDO TABLESPACE <name=name> ADD DATAFILE <string> [ENGINE [=] <value>]", "mysql"],
  ["tablespace", `CREATE TABLESPACE <name=name> {${SPACE_OPTION} [,]} *`, "mysql"],
  ["logfile-group", `CREATE LOGFILE GROUP <name=name> {${LOG_OPTION} [,]} *`, "mysql"],
  [
    "resource-group",
    `CREATE RESOURCE GROUP <name=name> TYPE [=] {SYSTEM|USER} [${CPUS}] [THREAD_PRIORITY [=] <number>] [ENABLE|DISABLE]`,
    "mysql",
  ],
  ["spatial-reference-system", `CREATE ${REPLACE} SPATIAL REFERENCE SYSTEM ${UNLESS} <number> ${SRS} *`, "mysql"],
  ["sequence", `CREATE ${REPLACE} [TEMPORARY] SEQUENCE ${UNLESS} <relation=relation> ${SEQUENCE_OPTION} *`, "mariadb"],
  [
    "library",
    `CREATE LIBRARY ${UNLESS} <relation=relation> [COMMENT <string>] LANGUAGE <name> [COMMENT <string>] AS {<string>|<name>}`,
    "mysql",
  ],
  [
    "function",
    `CREATE ${MARIADB_REPLACE} [AGGREGATE] FUNCTION ${UNLESS} <relation=object> RETURNS {STRING|INTEGER|INT|REAL|DECIMAL} SONAME <string>`,
  ],
];

const ALTERS: readonly Form[] = [
  ["database", `ALTER ${DATABASE} [<name=name>] UPGRADE DATA DIRECTORY NAME`],
  ["database", `ALTER ${DATABASE} ${DATABASE_OPTION} ${DATABASE_OPTION} *`],
  ["database", `ALTER ${DATABASE} <name=name> ${DATABASE_OPTION} ${DATABASE_OPTION} *`],
  ["foreign-server", `ALTER SERVER <any=name> ${SERVER_OPTIONS}`],
  ["undo-tablespace", "ALTER UNDO TABLESPACE <name=name> {SET {ACTIVE|INACTIVE}}=change [ENGINE [=] <value>]", "mysql"],
  ["tablespace", `ALTER TABLESPACE <name=name> {${SPACE_OPTION} [,]} *`, "mysql"],
  ["logfile-group", `ALTER LOGFILE GROUP <name=name> {${LOG_OPTION} [,]} *`, "mysql"],
  [
    "resource-group",
    `ALTER RESOURCE GROUP <name=name> [${CPUS}] [THREAD_PRIORITY [=] <number>] [ENABLE|DISABLE] [FORCE]`,
    "mysql",
  ],
  ["sequence", `ALTER SEQUENCE ${IF} <relation=relation> ${SEQUENCE_OPTION} ${SEQUENCE_OPTION} *`, "mariadb"],
  [
    "procedure",
    "ALTER PROCEDURE <relation=object> {{SQL SECURITY {DEFINER|INVOKER}}=change|{COMMENT}=change <string>|{LANGUAGE SQL|CONTAINS SQL|NO SQL|READS SQL DATA|MODIFIES SQL DATA}=change} *",
  ],
  [
    "function",
    "ALTER FUNCTION <relation=object> {{SQL SECURITY {DEFINER|INVOKER}}=change|{COMMENT}=change <string>|{LANGUAGE SQL|CONTAINS SQL|NO SQL|READS SQL DATA|MODIFIES SQL DATA|AGGREGATE {GROUP|NONE}}=change} *",
  ],
  ["library", "ALTER LIBRARY <relation=relation> COMMENT <string>", "mysql"],
];

const DROPS: readonly Form[] = [
  ["database", `DROP ${DATABASE} ${IF} <name=name>`],
  ["foreign-server", `DROP SERVER ${IF} <any=name>`],
  ["undo-tablespace", "DROP UNDO TABLESPACE <name=name> [ENGINE [=] <value>]", "mysql"],
  ["tablespace", "DROP TABLESPACE <name=name> [ENGINE [=] <value>]", "mysql"],
  ["logfile-group", "DROP LOGFILE GROUP <name=name> [ENGINE [=] <value>]", "mysql"],
  ["resource-group", "DROP RESOURCE GROUP <name=name> [FORCE]", "mysql"],
  ["spatial-reference-system", `DROP SPATIAL REFERENCE SYSTEM ${IF} <number>`, "mysql"],
  ["trigger", `DROP TRIGGER ${IF} <relation=object>`],
  ["procedure", `DROP PROCEDURE ${IF} <relation=object>`],
  ["function", `DROP FUNCTION ${IF} <relation=object>`],
  ["event", `DROP EVENT ${IF} <relation=object>`],
  ["package-body", `DROP PACKAGE BODY ${IF} <relation=object>`, "mariadb"],
  ["package", `DROP PACKAGE ${IF} <relation=object>`, "mariadb"],
  ["library", `DROP LIBRARY ${IF} <relation=object>`, "mysql"],
];

/** The names that statements about them have had before there were details. */
const WHAT: Partial<Readonly<Record<ObjectType, string>>> = Object.freeze({
  "foreign-server": "server",
  "undo-tablespace": "tablespace",
  "package-body": "package",
});

/** Objects that are no tables and have no body. */
export const OBJECTS: readonly Phrase[] = [
  ...CREATES.map((form) => about("create", form, created)),
  ...ALTERS.map((form) => about("alter", form, altered)),
  ...DROPS.map((form) => about("drop", form, dropped)),
  phrase(
    "alter-instance",
    "ALTER INSTANCE {ROTATE {INNODB|BINLOG} MASTER KEY|{ENABLE|DISABLE} INNODB REDO_LOG|RELOAD TLS [FOR CHANNEL <value>] [NO ROLLBACK ON ERROR]|RELOAD KEYRING}",
    () => ({ kind: "administration", action: "alter-instance" }),
    { dialect: "mysql" },
  ),
];

function about(
  verb: string,
  [object, text, dialect]: Form,
  detail: (captured: Parameters<Phrase["detail"]>[0], object: ObjectType) => ReturnType<Phrase["detail"]>,
): Phrase {
  const what = `${verb}-${WHAT[object] ?? object}`;
  return phrase(what, text, (captured) => detail(captured, object), dialect === undefined ? {} : { dialect });
}
