import type { MaintainTable } from "../../../../model/detail/table.js";
import type { Operation } from "../../../../model/operation.js";
import type { Span } from "../../../../model/span.js";
import { acceptOneOf, type Cursor, fail, looksAt, next } from "../cursor.js";
import { readRelation } from "../names.js";
import { other } from "../operations.js";
import { pattern } from "../pattern/compile.js";
import { firstOf, matchAll, wordsOf } from "../pattern/match.js";

type Verb = MaintainTable["verb"];

const BINLOG = "[{NO_WRITE_TO_BINLOG|LOCAL}=option]";
const TABLES = "{TABLE|TABLES|<mariadb> {VIEW|VIEWS}=view} <relation=relation>...";
const COLUMNS = "ON <name>...";

/** What stands behind each verb. */
const REST: Readonly<Record<Exclude<Verb, "vacuum">, string>> = Object.freeze({
  analyze: `${BINLOG} ${TABLES} [<mysql> {UPDATE HISTOGRAM}=option ${COLUMNS} [WITH <number> BUCKETS] [MANUAL UPDATE|AUTO UPDATE] [USING DATA <string>]|<mysql> {DROP HISTOGRAM}=option ${COLUMNS}|<mariadb> {PERSISTENT FOR}=option {ALL|COLUMNS {ALL|( [<name>...] )} INDEXES {ALL|( [<name>...] )}}]`,
  check: `${TABLES} {{FOR UPGRADE|QUICK|FAST|MEDIUM|EXTENDED|CHANGED}=option} *`,
  checksum: `${TABLES} [{QUICK|EXTENDED}=option]`,
  optimize: `${BINLOG} ${TABLES} [<mariadb> WAIT <number>|<mariadb> NOWAIT]`,
  repair: `${BINLOG} ${TABLES} {{QUICK|EXTENDED|USE_FRM|FORCE}=option} *`,
});

/** `ANALYZE TABLE t`, `CHECK TABLE t`, ...: the verb is behind the cursor. An operation a table. @throws Unreadable */
export function readMaintenance(cursor: Cursor, span: Span, verb: Exclude<Verb, "vacuum">): readonly Operation[] {
  const start = cursor.index;
  const captured = matchAll(cursor, pattern(REST[verb]));
  if (captured === null) {
    cursor.index = start;
    return [readUnknown(cursor, span, verb)];
  }
  const options = wordsOf(captured, "option");
  const detail: MaintainTable = { kind: "maintain-table", verb, options };
  const tables = captured.filter(({ key }) => key === "relation");
  const what = `${verb}-${firstOf(captured, "view") === null ? "table" : "view"}`;
  return tables.map((table) => other(what, table.relation, tables.length > 1 ? table.span : span, detail));
}

/** Known by its first words only. @throws Unreadable when not even those fit */
function readUnknown(cursor: Cursor, span: Span, verb: string): Operation {
  acceptOneOf(cursor, ["NO_WRITE_TO_BINLOG", "LOCAL"]);
  const views = cursor.dialect === "mariadb" && acceptOneOf(cursor, ["VIEW", "VIEWS"]) !== null;
  if (!views && acceptOneOf(cursor, ["TABLE", "TABLES"]) === null) fail(cursor, "TABLE");
  const relation = readRelation(cursor);
  const several = looksAt(cursor, ",");
  while (next(cursor).kind !== "end");
  return other(`${verb}-${views ? "view" : "table"}`, several || views ? null : relation, span);
}
