import { accept, type Cursor, expect } from "../../cursor.js";
import { readArithmetic } from "../../expression/expression.js";
import { readIdentifier } from "../../names.js";

/** MariaDB's `FOR PORTION OF period FROM a TO b`; false when none stands there. @throws Unreadable */
export function readPortion(cursor: Cursor): boolean {
  if (cursor.dialect === "mysql" || !accept(cursor, "FOR", "PORTION", "OF")) return false;
  readIdentifier(cursor, "the name of a period");
  expect(cursor, "FROM");
  readArithmetic(cursor);
  expect(cursor, "TO");
  readArithmetic(cursor);
  return true;
}
