import type { Operation } from "../../../../model/operation.js";
import type { Span } from "../../../../model/span.js";
import { accept, atEnd, type Cursor, expect, fail, looksAt } from "../cursor.js";
import { readExpression } from "../expression/expression.js";
import { readUnit } from "../expression/interval.js";
import { readObjectName } from "../names.js";
import { other } from "../operations.js";
import { pattern } from "../pattern/compile.js";
import { type Captured, matchStart, wordsOf } from "../pattern/match.js";
import { readCode } from "./body/body.js";
import { readDefiner } from "./definer.js";

const COMPLETION = "[{ON COMPLETION NOT PRESERVE|ON COMPLETION PRESERVE}=change]";
const STATE = "[{ENABLE|DISABLE ON SLAVE|DISABLE ON REPLICA|DISABLE}=change] [{COMMENT}=change <string>]";

/** `ON SCHEDULE ... DO`, up to the body. @throws Unreadable */
export function readEventHead(cursor: Cursor, needed: boolean): readonly string[] {
  const changes: string[] = [];
  if (needed || looksAt(cursor, "SCHEDULE", 1)) {
    expect(cursor, "ON", "SCHEDULE");
    readSchedule(cursor);
    changes.push("ON SCHEDULE");
  }
  const renamed = needed ? "" : "[{RENAME TO}=change <relation>]";
  const captured: readonly Captured[] = matchStart(cursor, pattern(`${COMPLETION} ${renamed} ${STATE}`)) ?? [];
  changes.push(...wordsOf(captured, "change"));
  if (needed) expect(cursor, "DO");
  return changes;
}

function readSchedule(cursor: Cursor): void {
  if (accept(cursor, "AT")) {
    readExpression(cursor);
    return;
  }
  expect(cursor, "EVERY");
  readExpression(cursor);
  readUnit(cursor);
  if (accept(cursor, "STARTS")) readExpression(cursor);
  if (accept(cursor, "ENDS")) readExpression(cursor);
}

/** `[DEFINER = u] EVENT e ...`, from behind ALTER; null when it is no event. @throws Unreadable */
export function readAlterEvent(cursor: Cursor, span: Span): Operation | null {
  const start = cursor.index;
  readDefiner(cursor);
  if (!accept(cursor, "EVENT")) {
    cursor.index = start;
    return null;
  }
  const name = readObjectName(cursor);
  const changes = [...readEventHead(cursor, false)];
  const body = accept(cursor, "DO") ? readCode(cursor).span : null;
  if (body !== null) changes.push("DO");
  if (!atEnd(cursor) || changes.length === 0) fail(cursor, "what to change of the event");
  const detail = { kind: "alter-object", object: "event", name, ifExists: false, changes, body, reads: [] } as const;
  return other("alter-event", null, span, detail);
}
