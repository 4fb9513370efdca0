import type { Execution } from "../../../model/execution.js";
import type { Operation } from "../../../model/operation.js";
import { accept, acceptOneOf, type Cursor, type ExecutionDraft, fail, looksAt } from "./cursor.js";
import { readNumber } from "./expression/literal.js";

const ALGORITHMS = ["DEFAULT", "INSTANT", "INPLACE", "NOCOPY", "COPY"] as const;
const LOCKS = ["DEFAULT", "NONE", "SHARED", "EXCLUSIVE"] as const;

/** `ALGORITHM=`, `LOCK=`, kept at the cursor. False when neither stands there. @throws Unreadable */
export function readExecution(cursor: Cursor): boolean {
  const clause = acceptOneOf(cursor, ["ALGORITHM", "LOCK"]);
  if (clause === null) return false;
  accept(cursor, "=");
  if (clause === "LOCK") cursor.execution.lock = oneOf(cursor, LOCKS, clause);
  else cursor.execution.algorithm = oneOf(cursor, ALGORITHMS, clause);
  return true;
}

function oneOf<T extends string>(cursor: Cursor, values: readonly T[], clause: string): T {
  const found = values.find((value) => looksAt(cursor, value));
  if (found === undefined || (found === "NOCOPY" && cursor.dialect === "mysql")) fail(cursor, `the value of ${clause}`);
  cursor.index += 1;
  return found;
}

/** MariaDB's `WAIT n` and `NOWAIT`, kept at the cursor. False when neither stands there. @throws Unreadable */
export function readWait(cursor: Cursor): boolean {
  if (cursor.dialect === "mysql") return false;
  if (accept(cursor, "NOWAIT")) {
    cursor.execution.waitSeconds = 0;
    return true;
  }
  if (!looksAt(cursor, "WAIT") || cursor.tokens[cursor.index + 1]?.kind !== "number") return false;
  cursor.index += 1;
  cursor.execution.waitSeconds = readNumber(cursor) ?? fail(cursor, "seconds to wait");
  return true;
}

/** Operations that say how they are to be carried out, if the statement said anything. */
export function withExecution(operations: readonly Operation[], draft: ExecutionDraft): readonly Operation[] {
  const { algorithm, lock, waitSeconds, online, ignore, validation } = draft;
  const said = [algorithm, lock, waitSeconds, validation].some((each) => each !== null) || online || ignore;
  if (!said) return operations;
  const execution: Execution = Object.freeze({ ...draft });
  return operations.map((operation) => Object.freeze({ ...operation, execution }));
}
