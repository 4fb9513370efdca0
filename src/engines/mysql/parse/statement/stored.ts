import type { CreateObject, TriggerShape } from "../../../../model/detail/object.js";
import type { RelationName } from "../../../../model/name.js";
import type { Operation } from "../../../../model/operation.js";
import type { Span } from "../../../../model/span.js";
import { accept, acceptOneOf, type Cursor, expect, fail, looksAt, next, spanFrom } from "../cursor.js";
import { readObjectName, readRelation } from "../names.js";
import { other } from "../operations.js";
import { softly } from "../softly.js";
import { readCode } from "./body/body.js";
import { readDefiner } from "./definer.js";
import { readEventHead } from "./event.js";
import { readRoutineHead } from "./routine.js";

/** What has a body, in the words of SQL. */
type Stored = "trigger" | "procedure" | "function" | "event";

const WORDS: readonly Stored[] = ["trigger", "procedure", "function", "event"];

/**
 * `[OR REPLACE] [DEFINER = u] TRIGGER | PROCEDURE | FUNCTION | EVENT ...`, from behind CREATE; null for anything else,
 * and for a function that a library holds. Its body is read, too: without one that is understood it is named and no more. @throws Unreadable
 */
export function readStored(cursor: Cursor, span: Span): Operation | null {
  const start = cursor.index;
  const orReplace = cursor.dialect === "mariadb" && accept(cursor, "OR", "REPLACE");
  const definer = readDefiner(cursor);
  accept(cursor, "AGGREGATE");
  const object = WORDS.find((word) => looksAt(cursor, word.toUpperCase()));
  if (object === undefined || seesLoadable(cursor)) {
    cursor.index = start;
    return null;
  }
  next(cursor);
  const ifNotExists = accept(cursor, "IF", "NOT", "EXISTS");
  const name = readObjectName(cursor);
  const trigger = object === "trigger" ? readTriggerHead(cursor) : null;
  const table = trigger?.table ?? null;
  const body = softly(cursor, (each) => readRest(each, object));
  if (body === null) return other(`create-${object}`, table, span);
  const said = { object, name, orReplace, ifNotExists, definer, trigger: trigger?.shape ?? null, reads: [] } as const;
  const detail: CreateObject = { kind: "create-object", ...said, ...body };
  return other(`create-${object}`, table, span, detail);
}

/** What stands between the name and the body, and the body. */
function readRest(
  cursor: Cursor,
  object: Stored,
): Pick<CreateObject, "body" | "code" | "runs" | "lasts" | "options" | "steady"> {
  const runs = object === "event" ? readEventRuns(cursor) : {};
  const routine = object === "procedure" || object === "function";
  const start = cursor.index;
  const foreign = routine && readRoutineHead(cursor, object === "function");
  const head = routine ? cursor.tokens.slice(start, cursor.index) : [];
  const said = {
    ...(isInvokers(head) ? { options: INVOKERS } : {}),
    ...(object === "function" && isDeterministic(head) ? { steady: true } : {}),
  };
  if (foreign) return { body: spanFrom(cursor, start), ...said };
  const code = readCode(cursor);
  return { body: code.span, code, ...runs, ...said };
}

/** The last one of a routine's head counts. */
function isDeterministic(head: Cursor["tokens"]): boolean {
  const last = head.findLastIndex(({ kind, upper }) => kind === "word" && upper === "DETERMINISTIC");
  return last > 0 && head[last - 1]?.upper !== "NOT";
}

const INVOKERS = Object.freeze(["sql_security_invoker"]);

/** The last `SQL SECURITY` of a routine's head counts. */
function isInvokers(head: Cursor["tokens"]): boolean {
  const last = head.findLastIndex(({ upper }, at) => upper === "SECURITY" && head[at - 1]?.upper === "SQL");
  return last > 0 && head[last + 1]?.upper === "INVOKER";
}

function readEventRuns(cursor: Cursor): Pick<CreateObject, "runs" | "lasts"> {
  const once = looksAt(cursor, "AT", 2);
  const start = cursor.index;
  const changes = readEventHead(cursor, true);
  const ends = once || cursor.tokens.slice(start, cursor.index).some(({ upper }) => upper === "ENDS");
  const lasts = !ends || changes.includes("ON COMPLETION PRESERVE") ? ({ lasts: true } as const) : {};
  if (changes.some((word) => word.startsWith("DISABLE"))) return lasts;
  if (once) return { runs: "once", ...lasts };
  return { runs: startsAtOnce(cursor, start) ? "at-once-and-again" : "again", ...lasts };
}

/** Without STARTS, or with the present for it, an event of EVERY has its first run as soon as it is made. */
function startsAtOnce({ tokens, index }: Cursor, start: number): boolean {
  const at = tokens.findIndex(({ upper }, i) => i > start && i < index && upper === "STARTS");
  if (at < 0) return true;
  const [moment, ...behind] = tokens.slice(at + 1, index).filter(({ text }) => text !== "(" && text !== ")");
  const later = behind[0]?.text === "+" || behind[0]?.text === "-";
  return !later && /^(CURRENT_TIMESTAMP|NOW|LOCALTIME|LOCALTIMESTAMP|SYSDATE)$/.test(moment?.upper ?? "");
}

/** `FUNCTION f RETURNS STRING SONAME 'lib.so'`: it has no parameters. */
function seesLoadable(cursor: Cursor): boolean {
  if (!looksAt(cursor, "FUNCTION")) return false;
  const behind = looksAt(cursor, "IF", 1) ? 5 : 2;
  const qualified = looksAt(cursor, ".", behind) ? 2 : 0;
  return looksAt(cursor, "RETURNS", behind + qualified);
}

function readTriggerHead(cursor: Cursor): { readonly table: RelationName; readonly shape: TriggerShape } {
  const timing = acceptOneOf(cursor, ["BEFORE", "AFTER"]) ?? fail(cursor, "BEFORE or AFTER");
  const events = readEvents(cursor);
  expect(cursor, "ON");
  const table = readRelation(cursor);
  expect(cursor, "FOR", "EACH", "ROW");
  const isPlaced = acceptOneOf(cursor, ["FOLLOWS", "PRECEDES"]) !== null;
  const placed = isPlaced ? { beside: readObjectName(cursor, "the name of a trigger").name } : {};
  const shape = { timing: timing === "BEFORE" ? "before" : "after", events, columns: [], ...placed } as const;
  return { table, shape: Object.freeze(shape) };
}

/** One event; newer versions of MariaDB take `INSERT OR UPDATE`. */
function readEvents(cursor: Cursor): TriggerShape["events"] {
  const events: TriggerShape["events"][number][] = [];
  do {
    if (accept(cursor, "INSERT")) events.push("insert");
    else if (accept(cursor, "UPDATE")) events.push("update");
    else if (accept(cursor, "DELETE")) events.push("delete");
    else fail(cursor, "INSERT, UPDATE or DELETE");
  } while (cursor.dialect === "mariadb" && accept(cursor, "OR"));
  return Object.freeze(events);
}
