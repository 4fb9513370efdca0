import type { DataChange, Walk } from "../../../model/detail/data.js";
import { show } from "../../../model/name.js";
import type { OtherOperation } from "../../../model/operation.js";
import type { Obstacle } from "../../data-change/obstacle.js";
import { planDataChange, type Tables, type Writer } from "../../data-change/plan.js";
import { isSaidSteady } from "../../data-change/stored.js";
import { type Phased, Refusal } from "../../engine.js";
import { isSteadyFunction } from "../../table-lookup.js";
import { isInnodb } from "../innodb.js";
import { quote } from "../names.js";
import type { MysqlDialect } from "../parse/dialect.js";
import { parseMysql } from "../parse/index.js";
import { isVarying } from "../parse/statement/dml/asked.js";
import { writingRows } from "../server-mode.js";
import type { MysqlContext } from "./algorithms.js";
import { refuseMove } from "./moved.js";
import { tableOf } from "./subject.js";
import { stepOf } from "./written.js";

/** What no plan is made of, and what to write instead. @throws Refusal */
function refuse({ verb, filtered, joined, where, writes, conflict, limited, walk }: DataChange): void {
  if (verb === "replace")
    throw new Refusal(
      "REPLACE deletes the rows that are there, and what points at them, before it inserts.",
      "Write INSERT ... ON DUPLICATE KEY UPDATE, or INSERT IGNORE.",
    );
  if (verb === "load" || verb === "merge")
    throw new Refusal(
      "LOAD reads a file that a later run may not find.",
      "Write few rows as INSERT ... VALUES; load many with the client before the migration.",
    );
  if (verb !== "insert" && conflict === "ignore")
    throw new Refusal(
      `${verb.toUpperCase()} IGNORE leaves out rows that fail without a word.`,
      "Leave IGNORE out, and name the rows that are to be left out in WHERE.",
    );
  if (verb === "delete" && !filtered && joined !== true && where === null && !limited)
    throw new Refusal(
      `DELETE without WHERE takes every row of ${writes.map(show).join(", ")}.`,
      "Write TRUNCATE TABLE if they are all to go at once (no trigger fires), or WHERE TRUE for batches.",
    );
  if (walk?.variables === true)
    throw new Refusal(
      "This reads or sets a variable of its session, or what an earlier statement left there, and each batch may run in another one.",
      "Write the value itself, or a subquery.",
    );
}

/** Why the rows of these tables cannot be walked: the servers roll nothing back in a table that is not InnoDB's. */
function obstacle(_: DataChange, { into }: Tables): Obstacle | null {
  if (into === null || isInnodb(into)) return null;
  return [
    `${show(into.relation)} is a table of the engine ${into.engine}, which has no transactions`,
    "Run it by hand.",
  ];
}

/**
 * IGNORE makes warnings of all errors. A row whose key is there is left out as well by an update that changes nothing,
 * and every other error stays one.
 */
function around({ head, tail }: Walk, { verb, conflict }: DataChange, { into }: Tables): Pick<Walk, "head" | "tail"> {
  const column = into?.columns.find((c) => c.generated === null)?.name;
  if (verb !== "insert" || conflict !== "ignore" || into === null || column === undefined) return { head, tail };
  const name = `${quote(into.relation.name)}.${quote(column)}`;
  return {
    head: head.replace(/^(\s*INSERT(?:\s+(?:LOW_PRIORITY|HIGH_PRIORITY|DELAYED))?)\s+IGNORE\b/i, "$1"),
    tail: `ON DUPLICATE KEY UPDATE ${name} = ${name}`,
  };
}

/** Of what writes rows only an INSERT gives numbers. */
const asSent = ({ detail }: OtherOperation, sql: readonly string[]): readonly string[] =>
  detail?.kind === "data-change" && detail.verb === "insert" ? sql.flatMap(writingRows) : sql;

const writerOf = (dialect: MysqlDialect): Writer<MysqlContext> => ({
  refuse,
  tableOf,
  obstacle,
  around,
  parse: (sql) => parseMysql(sql, dialect),
  step: (operation, context, given) => stepOf(operation, context, { ...given, sql: asSent(operation, given.sql) }),
  // The parser lists only calls that may do more than compute.
  isPlain: () => false,
  readsAny: () => false,
  varies: (name, stored) => isVarying(name) || !(isSteadyFunction(stored.catalog, name) || isSaidSteady(name, stored)),
  steadyAs: (name) => (isVarying(name) ? null : "DETERMINISTIC"),
});

/** INSERT, UPDATE and DELETE: see `planDataChange`. @throws Refusal */
export function dataChange(detail: DataChange, operation: OtherOperation, context: MysqlContext): Phased {
  refuseMove(detail, operation, context);
  return planDataChange(detail, operation, context, writerOf(context.dialect));
}
