import { type Cursor, expect, fail, next, peek } from "../cursor.js";
import { readExpression } from "./expression.js";

const UNITS: ReadonlySet<string> = new Set(
  `MICROSECOND SECOND MINUTE HOUR DAY WEEK MONTH QUARTER YEAR SECOND_MICROSECOND MINUTE_MICROSECOND MINUTE_SECOND
  HOUR_MICROSECOND HOUR_SECOND HOUR_MINUTE DAY_MICROSECOND DAY_SECOND DAY_MINUTE DAY_HOUR YEAR_MONTH
  SQL_TSI_SECOND SQL_TSI_MINUTE SQL_TSI_HOUR SQL_TSI_DAY SQL_TSI_WEEK SQL_TSI_MONTH SQL_TSI_QUARTER
  SQL_TSI_YEAR`.split(/\s+/),
);

/** `INTERVAL 1 DAY`. @throws Unreadable */
export function readInterval(cursor: Cursor): void {
  expect(cursor, "INTERVAL");
  readExpression(cursor);
  readUnit(cursor);
}

/** @throws Unreadable */
export function readUnit(cursor: Cursor): void {
  if (!UNITS.has(peek(cursor).upper)) fail(cursor, "a unit of time");
  next(cursor);
}
