const UNITS: readonly string[] = ["B", "kB", "MB", "GB", "TB"];

const SIZE = /^(\d+(?:\.\d+)?)(B|kB|MB|GB|TB)$/;

/** What a size looks like, for messages. */
export const SIZE_FORM = "a number and a unit: 512kB, 64MB, 10GB or 1TB";

/**
 * Bytes, rounded, of `64MB`; null for anything else. A unit is 1024 of the one before, as in PostgreSQL's settings.
 *
 * @example
 * parseSize("10GB") // 10737418240
 */
export function parseSize(text: string): number | null {
  const [, amount, unit] = SIZE.exec(text) ?? [];
  const power = UNITS.indexOf(unit ?? "");
  if (amount === undefined || power === -1) return null;
  const bytes = Math.round(Number(amount) * 1024 ** power);
  return Number.isSafeInteger(bytes) ? bytes : null;
}

/** Bytes for people: `64.0 MB`. */
export function showSize(bytes: number): string {
  const power = bytes < 1024 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  const amount = bytes / 1024 ** power;
  return `${power === 0 ? Math.round(amount) : amount.toFixed(1)} ${UNITS[power]}`;
}
