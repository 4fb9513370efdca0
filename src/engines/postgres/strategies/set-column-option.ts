import type { Column } from "../../../model/catalog.js";
import type { SetColumnOption } from "../../../model/detail/column.js";
import type { OtherOperation } from "../../../model/operation.js";
import type { Phased, StrategyContext } from "../../engine.js";
import { EXPAND } from "../../place.js";
import { notYet } from "../../strategies.js";
import { quote } from "../names.js";
import { alter, claimsOn } from "./constraint/steps.js";
import { columnOf } from "./subject.js";
import { wholeTable } from "./tables.js";
import { stepOf } from "./written.js";

const SINGLE: ReadonlySet<string> = new Set(["STATISTICS", "STORAGE", "COMPRESSION"]);

/** What follows the column's name. */
function clauseOf(option: string, value: string | null): string {
  if (SINGLE.has(option)) return value === null ? `SET ${option} DEFAULT` : `SET ${option} ${value}`;
  const name = option.toLowerCase();
  return value === null ? `RESET (${name})` : `SET (${name} = ${value})`;
}

/** The value that an option has now; null where the type's own holds. */
function currentValue({ settings }: Column, option: string): string | null {
  if (SINGLE.has(option)) return settings.find((s) => s.startsWith(`SET ${option} `))?.slice(option.length + 5) ?? null;
  const list = settings.find((s) => s.startsWith("SET ("))?.slice(5, -1) ?? "";
  const found = list.split(/,\s*/).find((pair) => pair.split("=")[0]?.trim().toUpperCase() === option);
  return found?.split("=")[1]?.trim() ?? null;
}

/** Before 17 the default of STATISTICS has no name, and before 16 that of STORAGE has none at all. */
function undoOf(column: Column, option: string, context: StrategyContext): string | null {
  const before = currentValue(column, option);
  if (before !== null) return clauseOf(option, before);
  if (option === "STATISTICS") return "SET STATISTICS -1";
  if (option === "STORAGE" && (context.version.parts[0] ?? 0) < 16) return null;
  return clauseOf(option, null);
}

/** STATISTICS, STORAGE, COMPRESSION and attribute options: no row is touched, and no query means anything else. */
export function setColumnOption(detail: SetColumnOption, operation: OtherOperation, context: StrategyContext): Phased {
  if (operation.relation === null) return notYet(detail, operation);
  const table = wholeTable(operation, operation.relation, context);
  const column = columnOf(table, detail.column);
  const { option } = detail;
  const clause = (text: string) => alter(table, `ALTER COLUMN ${quote(column.name)} ${text}`);
  const value = detail.value === null && option === "STATISTICS" ? "-1" : detail.value;
  const back = undoOf(column, option, context);
  const step = stepOf(operation, context, {
    name: "set-column-option",
    ...EXPAND,
    sql: [clause(clauseOf(option, value))],
    undo: back === null ? [] : [clause(back)],
    reason: "Holds for what is written or analysed from now on; no row is touched.",
  });
  const left = `A rollback leaves ${option} of ${column.name} as it is: before 16 its default has no name.`;
  const leaves = back === null ? { leaves: [left] } : {};
  const claims = claimsOn(table.relation, [column.name], `sets ${option} of ${column.name}`);
  return { steps: [step], retires: [], claims, gates: [], notes: [], ...leaves };
}
