import { atTerminator, skipBrackets } from "../brackets.js";
import { accept, acceptOneOf, type Cursor, looksAt, next, Unreadable } from "../cursor.js";
import { readDataType } from "../data-type.js";
import { seesIdentifier } from "../names.js";
import { CHARACTERISTICS } from "../statement/routine.js";
import { seesCompound } from "../statement/statement.js";
import { readUser } from "../user-name.js";

const KNOWN: readonly (readonly string[])[] = [...CHARACTERISTICS, ["LANGUAGE", "SQL"]];

/**
 * Moves to the body of the trigger, routine or event that begins here; false when the statement has no body. The
 * cursor is over the whole file.
 */
export function moveToBody(cursor: Cursor): boolean {
  if (seesCompound(cursor)) return true;
  try {
    return readHeader(cursor);
  } catch (error) {
    // The statement's own reader says what is wrong with it; here it only ends at its semicolon.
    if (error instanceof Unreadable) return false;
    throw error;
  }
}

function readHeader(cursor: Cursor): boolean {
  if (acceptOneOf(cursor, ["CREATE", "ALTER"]) === null) return false;
  accept(cursor, "OR", "REPLACE");
  if (accept(cursor, "DEFINER", "=")) readUser(cursor);
  accept(cursor, "AGGREGATE");
  const object = acceptOneOf(cursor, ["TRIGGER", "EVENT", "PROCEDURE", "FUNCTION"]);
  if (object === null) return false;
  accept(cursor, "IF", "NOT", "EXISTS");
  readName(cursor);
  if (object === "TRIGGER") return moveToTriggerBody(cursor);
  return object === "EVENT" ? skipTo(cursor, "DO") : moveToRoutineBody(cursor);
}

function readName(cursor: Cursor): void {
  next(cursor);
  if (accept(cursor, ".")) next(cursor);
}

function moveToTriggerBody(cursor: Cursor): boolean {
  if (!skipTo(cursor, "EACH", "ROW")) return false;
  if (acceptOneOf(cursor, ["FOLLOWS", "PRECEDES"]) !== null && seesIdentifier(cursor)) readName(cursor);
  return true;
}

function moveToRoutineBody(cursor: Cursor): boolean {
  if (!looksAt(cursor, "(")) return false;
  skipBrackets(cursor, "parameters");
  if (accept(cursor, "RETURNS")) readDataType(cursor);
  while (readCharacteristic(cursor));
  return true;
}

function readCharacteristic(cursor: Cursor): boolean {
  if (!accept(cursor, "COMMENT")) return KNOWN.some((words) => accept(cursor, ...words));
  next(cursor);
  return true;
}

/** Moves behind these words, at the depth of this place; false when the statement ends before them. */
function skipTo(cursor: Cursor, ...words: readonly string[]): boolean {
  while (!accept(cursor, ...words)) {
    if (atTerminator(cursor)) return false;
    if (looksAt(cursor, "(")) skipBrackets(cursor, "an expression");
    else readName(cursor);
  }
  return true;
}
