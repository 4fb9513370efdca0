import type { Table } from "../model/catalog.js";

const UNITS = ["bytes", "kB", "MB", "GB", "TB"];

function bytesAsText(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  const value = bytes / 2 ** (10 * power);
  return `${value < 10 && power > 0 ? value.toFixed(1) : Math.round(value)} ${UNITS[power]}`;
}

/**
 * How large a table is by the catalog, for a refusal or a note.
 *
 * @param table null for one that is not known
 * @example
 * sizeOf({ rows: 1_200_000, bytes: 356_515_840 }) // "about 1,200,000 rows, 340 MB"
 */
export function sizeOf(table: Pick<Table, "rows" | "bytes"> | null): string {
  const { rows, bytes } = table ?? { rows: null, bytes: null };
  const known = [
    ...(rows === null ? [] : [`about ${rows.toLocaleString("en-US")} rows`]),
    ...(bytes === null ? [] : [bytesAsText(bytes)]),
  ];
  return known.length === 0 ? "its size is not known" : known.join(", ");
}
