import type { OperationDetail } from "../../../../../model/operation-detail.js";
import { COLUMN_READERS } from "./column.js";
import type { Command, CommandReader } from "./command.js";
import { CONSTRAINT_READERS } from "./constraint.js";
import { PARTITION_READERS } from "./partition.js";
import { TABLE_READERS } from "./table.js";

const READERS: Readonly<Record<string, CommandReader>> = Object.freeze({
  ...COLUMN_READERS,
  ...CONSTRAINT_READERS,
  ...PARTITION_READERS,
  ...TABLE_READERS,
});

/**
 * What a command of ALTER TABLE changes: one detail, or one for each thing that it sets; `[null]` when it is not
 * understood.
 */
export function commandDetails(command: Command): readonly (OperationDetail | null)[] {
  const read = READERS[command.command.subtype ?? ""]?.(command) ?? null;
  const details = Array.isArray(read) ? (read as readonly OperationDetail[]) : [read as OperationDetail | null];
  return details.length === 0 ? [null] : details;
}
