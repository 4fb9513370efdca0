import type { Privileges } from "../../../../../model/detail/object.js";
import { type Captured, firstOf, textsOf, wordsOf } from "../../pattern/match.js";
import { altered, created, dropped } from "./object-detail.js";
import { type Phrase, phrase } from "./phrase.js";

const BY =
  "BY {<mysql> RANDOM PASSWORD|PASSWORD <string>|<string>} [<mysql> REPLACE <string>] [<mysql> RETAIN CURRENT PASSWORD]";
const PLUGIN = `{WITH|<mariadb> VIA} <value> [<mysql> ${BY}|{AS|USING} {<mariadb> PASSWORD ( <string> )|<string>} [<mysql> RETAIN CURRENT PASSWORD]] {<mariadb> OR <value> [{AS|USING} {PASSWORD ( <string> )|<string>}]} *`;
const FACTOR = `IDENTIFIED {${BY}|${PLUGIN}} [<mysql> INITIAL AUTHENTICATION IDENTIFIED {${BY}|${PLUGIN}}]`;
const CHANGED = `{<mysql> {ADD|MODIFY|DROP} <number> FACTOR [${FACTOR}]|<mysql> DISCARD OLD PASSWORD|<mysql> <number> FACTOR {INITIATE REGISTRATION|UNREGISTER}|${FACTOR}}`;
const TLS = "[REQUIRE {NONE|SSL|X509|{{CIPHER|ISSUER|SUBJECT} <string>} {[AND] {CIPHER|ISSUER|SUBJECT} <string>} *}]";
const LIMITS =
  "{MAX_QUERIES_PER_HOUR|MAX_UPDATES_PER_HOUR|MAX_CONNECTIONS_PER_HOUR|MAX_USER_CONNECTIONS|MAX_STATEMENT_TIME} <number>";
const PASSWORD =
  "{PASSWORD EXPIRE [DEFAULT|NEVER|INTERVAL <number> DAY]|PASSWORD HISTORY <any>|PASSWORD REUSE INTERVAL {DEFAULT|<number> DAY}|PASSWORD REQUIRE CURRENT [DEFAULT|OPTIONAL]|FAILED_LOGIN_ATTEMPTS <number>|PASSWORD_LOCK_TIME <any>|ACCOUNT LOCK|ACCOUNT UNLOCK}";
const OPTIONS = `${TLS} [WITH ${LIMITS} {${LIMITS}} *] ${PASSWORD} * [<mysql> COMMENT <string>|<mysql> ATTRIBUTE <string>]`;
const ROLES = "DEFAULT ROLE {NONE|ALL|<user>...}";

const WORDS =
  "ALL PRIVILEGES|ALL|ALTER ROUTINE|ALTER|<mariadb> BINLOG {ADMIN|MONITOR|REPLAY}|<mariadb> CONNECTION ADMIN|CREATE {ROUTINE|TEMPORARY TABLES|USER|VIEW|TABLESPACE|ROLE}|CREATE|<mariadb> DELETE HISTORY|<mariadb> DELETE VERSIONING ROWS|DELETE|DROP ROLE|DROP|EVENT|EXECUTE|<mariadb> FEDERATED ADMIN|FILE|GRANT OPTION|INDEX|INSERT|LOCK TABLES|PROCESS|PROXY|<mariadb> READ_ONLY ADMIN|REFERENCES|RELOAD|REPLICATION {CLIENT|<mariadb> SLAVE ADMIN|SLAVE|<mariadb> REPLICA ADMIN|<mariadb> REPLICA|<mariadb> MASTER ADMIN}|<mariadb> REPLICA MONITOR|<mariadb> SLAVE MONITOR|SELECT|<mariadb> SET USER|SHOW {DATABASES|VIEW|<mariadb> CREATE ROUTINE}|SHUTDOWN|SUPER|TRIGGER|UPDATE|USAGE";
const PRIVILEGES = `{{${WORDS}|<mysql> <name>}=privilege [( <name=column>... )]}...`;
const ON =
  "ON {[TABLE|FUNCTION|PROCEDURE|PACKAGE BODY|PACKAGE|LIBRARY] {'*' . '*'|<name> . '*'|'*'|<relation=table>}}=on";
const GRANTEES = `{<user=account> [IDENTIFIED {${BY}|${PLUGIN}}]}...`;

/** Users, roles and what they may do. */
export const ACCOUNTS: readonly Phrase[] = [
  phrase(
    "grant",
    `GRANT ${PRIVILEGES} ${ON} TO ${GRANTEES} ${TLS} [WITH {GRANT OPTION|${LIMITS}} *] [<mysql> AS <user> [WITH ROLE {DEFAULT|NONE|ALL [EXCEPT <user>...]|<user>...}]]`,
    (c) => privileges("grant", c),
  ),
  phrase("grant", "GRANT PROXY ON <user=on> TO <user>... [WITH GRANT OPTION]", (c) => privileges("grant", c)),
  phrase("grant", "GRANT {<mysql> <user=role>...|<mariadb> <user=role>} TO <user>... [WITH ADMIN OPTION]", (c) =>
    privileges("grant", c),
  ),
  phrase("revoke", `REVOKE [<mysql> IF EXISTS] ${PRIVILEGES} ${ON} FROM <user>... [<mysql> IGNORE UNKNOWN USER]`, (c) =>
    privileges("revoke", c),
  ),
  phrase(
    "revoke",
    "REVOKE [<mysql> IF EXISTS] {ALL [PRIVILEGES] , GRANT OPTION}=privilege FROM <user>... [<mysql> IGNORE UNKNOWN USER]",
    (c) => privileges("revoke", c),
  ),
  phrase("revoke", "REVOKE [<mysql> IF EXISTS] PROXY ON <user=on> FROM <user>... [<mysql> IGNORE UNKNOWN USER]", (c) =>
    privileges("revoke", c),
  ),
  phrase(
    "revoke",
    "REVOKE [<mysql> IF EXISTS] [<mariadb> ADMIN OPTION FOR] <user=role>... FROM <user>... [<mysql> IGNORE UNKNOWN USER]",
    (c) => privileges("revoke", c),
  ),
  phrase(
    "create-user",
    `CREATE [<mariadb> {OR REPLACE}=replace] USER [{IF NOT EXISTS}=if] {<user=account> [${FACTOR} {<mysql> AND ${FACTOR}} *]}... [<mysql> ${ROLES}] ${OPTIONS}`,
    (c) => created(c, "user"),
  ),
  phrase("alter-user", `ALTER USER [{IF EXISTS}=if] <mysql> <user> ${ROLES}`, (c) => altered(c, "user")),
  phrase(
    "alter-user",
    `ALTER USER [{IF EXISTS}=if] {{<mysql> USER ( )|<user>} [${CHANGED} {[AND] ${CHANGED}} *]}... ${OPTIONS}`,
    (c) => altered(c, "user"),
  ),
  phrase("drop-user", "DROP USER [{IF EXISTS}=if] <user>...", (c) => dropped(c, "user")),
  phrase("rename-user", "RENAME USER {<user> TO <user>}...", (c) => altered(c, "user")),
  phrase(
    "create-role",
    "CREATE [<mariadb> {OR REPLACE}=replace] ROLE [{IF NOT EXISTS}=if] {<mysql> <user=account>...|<mariadb> {<name>|<string>}... [WITH ADMIN <user>]}",
    (c) => created(c, "role"),
  ),
  phrase("drop-role", "DROP ROLE [{IF EXISTS}=if] <user>...", (c) => dropped(c, "role")),
];

function privileges(action: Privileges["action"], captured: readonly Captured[]): Privileges {
  const named = Object.freeze([...wordsOf(captured, "privilege"), ...textsOf(captured, "role")]);
  const columns = Object.freeze([...new Set(textsOf(captured, "column"))]);
  const accounts = Object.freeze(textsOf(captured, "account"));
  const table = firstOf(captured, "table")?.relation ?? null;
  return {
    kind: "privileges",
    action,
    privileges: named.length > 0 ? named : Object.freeze(["PROXY"]),
    on: firstOf(captured, "on")?.text ?? null,
    ...(columns.length === 0 ? {} : { columns }),
    ...(table === null ? {} : { table }),
    ...(accounts.length === 0 ? {} : { accounts }),
  };
}
