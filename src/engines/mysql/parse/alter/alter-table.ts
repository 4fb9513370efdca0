import type { RelationName } from "../../../../model/name.js";
import type { Operation } from "../../../../model/operation.js";
import type { Span } from "../../../../model/span.js";
import { accept, atEnd, type Cursor, fail, looksAt } from "../cursor.js";
import { readExecution, readWait } from "../index-definition.js";
import { readMariadbIf, readRelation } from "../names.js";
import { other } from "../operations.js";
import type { ActionReader } from "./action.js";
import { readAdd } from "./add.js";
import { readChange } from "./change.js";
import { readDrop } from "./drop.js";
import { readPartition } from "./partition.js";
import { readTableAction } from "./table-action.js";

const ACTIONS: readonly ActionReader[] = [readAdd, readDrop, readChange, readPartition, readTableAction];

/**
 * `ALTER TABLE t action, action ...` from behind TABLE on: an operation for each action. ALGORITHM, LOCK, WAIT and
 * NOWAIT say how, not what, and make none. @throws Unreadable
 */
export function readAlterTable(cursor: Cursor, span: Span): readonly Operation[] {
  readMariadbIf(cursor, false);
  const relation = readRelation(cursor);
  const operations: Operation[] = [];
  readWait(cursor);
  if (!atEnd(cursor)) {
    do operations.push(...readAction(cursor, relation));
    while (readSeparator(cursor));
  }
  if (!atEnd(cursor)) fail(cursor, ", or the end of the statement");
  // Without an action it still waits for the table's lock.
  return operations.length > 0 ? operations : [other("alter-table", relation, span)];
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
