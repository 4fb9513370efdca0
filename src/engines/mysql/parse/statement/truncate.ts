import type { Operation } from "../../../../model/operation.js";
import type { Span } from "../../../../model/span.js";
import { accept, type Cursor, expectEnd } from "../cursor.js";
import { readWait } from "../execution.js";
import { readRelation } from "../names.js";
import { other } from "../operations.js";

/** `TRUNCATE [TABLE] t`, from behind the verb on. @throws Unreadable */
export function readTruncate(cursor: Cursor, span: Span): readonly Operation[] {
  accept(cursor, "TABLE");
  const relation = readRelation(cursor);
  readWait(cursor);
  expectEnd(cursor);
  return [other("truncate", relation, span, { kind: "truncate", cascade: false, restartIdentity: true })];
}
