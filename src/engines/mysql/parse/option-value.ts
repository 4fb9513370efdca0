import { acceptOneOf, type Cursor, fail, next, peek } from "./cursor.js";
import { isReserved } from "./reserved.js";

/** The value of a table's, index's or column's option: a word, string or number with its sign. @throws Unreadable */
export function readOptionValue(cursor: Cursor): string {
  const sign = acceptOneOf(cursor, ["-", "+"]) ?? "";
  const { kind, text, upper } = peek(cursor);
  if (isReserved(upper, cursor.dialect) && upper !== "DEFAULT" && upper !== "NULL") fail(cursor, "a value");
  if (kind !== "number" && (sign !== "" || (kind !== "word" && kind !== "quoted" && kind !== "string"))) {
    fail(cursor, "a value");
  }
  // `4M` is a size on MySQL and nothing on MariaDB.
  if (cursor.dialect === "mariadb" && kind === "word" && /^\d+[kmgt]$/i.test(text)) fail(cursor, "a value");
  if (kind === "number" && !/^(\d+|0x[\da-f]+)$/i.test(text)) fail(cursor, "a whole number");
  return sign + next(cursor).value;
}
