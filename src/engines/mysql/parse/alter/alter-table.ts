import type { RelationName } from "../../../../model/name.js";
import type { Operation } from "../../../../model/operation.js";
import type { Span } from "../../../../model/span.js";
import { accept, atEnd, type Cursor, fail, looksAt, refuse } from "../cursor.js";
import { readExecution, readWait } from "../execution.js";
import { readMariadbIf, readRelation } from "../names.js";
import { other } from "../operations.js";
import type { ActionReader } from "./action.js";
import { readAdd } from "./add.js";
import { readChange } from "./change.js";
import { readDrop } from "./drop.js";
import { readPartition } from "./partition.js";
import { inServerOrder } from "./server-order.js";
import { readTableAction } from "./table-action.js";

const ACTIONS: readonly ActionReader[] = [readAdd, readDrop, readChange, readPartition, readTableAction];

/**
 * `ALTER TABLE t action, action ...` from behind TABLE on: an operation for each action, in the server's order. ALGORITHM,
 * LOCK, WAIT and NOWAIT say how, not what, and make none. @throws Unreadable
 */
export function readAlterTable(cursor: Cursor, span: Span): readonly Operation[] {
  const ifTableExists = readMariadbIf(cursor, false);
  const relation = readRelation(cursor);
  readWait(cursor);
  const operations = atEnd(cursor) ? [] : readActions(cursor, relation);
  if (!atEnd(cursor)) fail(cursor, ", or the end of the statement");
  // Without an action it still waits for the table's lock.
  const all = operations.length > 0 ? operations : [other("alter-table", relation, span, { kind: "no-change" })];
  return ifTableExists ? all.map((operation) => Object.freeze({ ...operation, ifTableExists })) : all;
}

function readActions(cursor: Cursor, relation: RelationName): Operation[] {
  const operations: Operation[] = [];
  do {
    const start = cursor.index;
    const read = readAction(cursor, relation);
    const alone = [...operations.slice(0, 1), ...read].some(standsAlone);
    if (alone && (operations.length + read.length > 1 || saysHow(cursor))) {
      refuse(cursor, start, "What is done to partitions or files stands alone in its ALTER TABLE.");
    }
    operations.push(...read);
  } while (readSeparator(cursor));
  return inServerOrder(operations);
}

/** MariaDB takes neither ALGORITHM nor LOCK there. */
function saysHow({ dialect, execution }: Cursor): boolean {
  return dialect === "mariadb" && (execution.algorithm !== null || execution.lock !== null);
}

const ALONE: ReadonlySet<string> = new Set([
  "add-partition",
  "drop-partition",
  "truncate-partition",
  "coalesce-partition",
  "reorganize-partition",
  "maintain-partition",
  "exchange-partition",
  "convert-partition",
  "convert-table",
  "tablespace-files",
  "secondary-engine",
]);

function standsAlone(operation: Operation): boolean {
  return operation.kind === "other" && operation.detail !== undefined && ALONE.has(operation.detail.kind);
}

function readAction(cursor: Cursor, relation: RelationName): readonly Operation[] {
  if (readExecution(cursor)) return [];
  for (const read of ACTIONS) {
    const operations = read(cursor, relation);
    if (operations !== null) return operations;
  }
  return fail(cursor, "an action of ALTER TABLE");
}

/** The partitioning stands last, and without a comma in front of it. */
function readSeparator(cursor: Cursor): boolean {
  return accept(cursor, ",") || looksAt(cursor, "REMOVE") || looksAt(cursor, "PARTITION");
}
