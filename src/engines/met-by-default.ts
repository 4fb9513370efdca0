import type { ColumnDefinition } from "../model/operation.js";
import { constantOf, isKept, isSureToHold } from "./constant-condition.js";

/** Whether what every row gets in a new column, its default or NULL, is sure to meet the column's CHECKs. */
export function isMetByDefault({
  name,
  type,
  notNull,
  default: written,
  generated,
  autoIncrement,
  checks,
}: ColumnDefinition): boolean {
  const isNull = written === null || /^\s*null\s*$/i.test(written);
  const value = isNull ? null : constantOf(written);
  if (generated !== null || autoIncrement) return false;
  if (isNull ? notNull : value === null || !isKept(value, type)) return false;
  return checks.every(({ expression }) => isSureToHold(expression, name, value));
}
