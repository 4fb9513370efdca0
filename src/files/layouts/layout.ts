import type { RunnerTransaction } from "../place.js";

/** How a tool lays out a migrations folder. Paths are relative to the folder, with the system's separators. */
export interface Layout {
  /** Its name as its makers write it; null for zmigrate's own layout. */
  readonly tool: string | null;
  /** How a file runs that says nothing else; null leaves it open. */
  readonly transaction: RunnerTransaction | null;
  /** `up` runs when the database is migrated, `down` only on the way back or never; null is no migration. */
  role(path: string): "up" | "down" | null;
  /** False for a file that is laid out as a migration, and that the tool runs all the same never; absent where there is none. */
  readonly runs?: (path: string) => boolean;
  /** True for a file that runs again when it was edited; absent where there is none. */
  readonly repeatable?: (path: string) => boolean;
  /** Present, and true, where migrations stand in folders below, however deep; which version a file has is told by its own name. */
  readonly deep?: true;
  /** Negative when `a` runs before `b`. */
  compare(a: string, b: string): number;
}

/** What a layout is recognised by. */
export interface Listing {
  readonly folder: string;
  /** Names of the files in the folder. */
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

/** By the letters, as most tools sort. */
export const byName = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** By the number at the beginning, or behind one letter, then by the letters: `9_a` before `10_b`. */
export function byNumber(a: string, b: string): number {
  const [x, y] = [leadingNumber(a), leadingNumber(b)];
  return x < y ? -1 : x > y ? 1 : byName(a, b);
}

/** A version may have more digits than a number can hold. */
const leadingNumber = (name: string): bigint => BigInt(/^[A-Za-z]?(\d+)/.exec(name)?.[1] ?? 0);
