import { acceptOneOf, type Cursor, fail, next, peek } from "./cursor.js";

/** The value of a table's, index's or column's option: a word, string or number with its sign. @throws Unreadable */
export function readOptionValue(cursor: Cursor): string {
  const sign = acceptOneOf(cursor, ["-", "+"]) ?? "";
  const { kind } = peek(cursor);
  if (kind !== "number" && (sign !== "" || (kind !== "word" && kind !== "quoted" && kind !== "string"))) {
    fail(cursor, "a value");
  }
  return sign + next(cursor).value;
}
