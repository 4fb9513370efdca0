/** `1234567` is `1,234,567`. */
export const count = (n: number): string => Math.round(n).toLocaleString("en-US");

/** `1,234,567 rows`, `1 row`. */
export const countRows = (n: number): string => `${count(n)} row${Math.round(n) === 1 ? "" : "s"}`;

/** Of rows that were compared: `2 differ`, `1 differs`. */
export const differing = (n: number): string => `${count(n)} differ${Math.round(n) === 1 ? "s" : ""}`;

/** Migrations that nothing is done for, by id; absent for none. */
interface Passed {
  /** There is no migration at all. */
  readonly none?: true;
  /** They were rolled back, and their files are not there any more. */
  readonly gone?: readonly string[];
  /** They stand before one that has run, and are left out for that. */
  readonly skipped?: readonly string[];
}

/** Why there is nothing to do. */
export function nothingLeft({ none, gone = [], skipped = [] }: Passed): string {
  const of = (ids: readonly string[], one: string, more: string) =>
    ids.length === 0 ? [] : [`${ids.join(", ")} ${ids.length === 1 ? one : more}`];
  const passed = [
    ...of(gone, "was rolled back and its file is gone", "were rolled back and their files are gone"),
    ...of(skipped, "is left out, as one behind it has run", "are left out, as one behind them has run"),
  ];
  if (none && passed.length === 0) return "there is no migration yet. `zmigrate new SLUG` makes one";
  return passed.length === 0
    ? "every migration is finished"
    : [...passed, "every other migration is finished"].join("; ");
}

/** That migrations were left out, as a line; "" for none. */
export const skippedText = (skipped: readonly string[] = []): string =>
  skipped.length === 0
    ? ""
    : `Left out, as they stand before one that has run: ${skipped.join(", ")}. To run them all the same: --exec-order non-linear.\n`;

/** Several lines behind the same indentation. */
export const indent = (text: string, by: string): string =>
  text
    .split("\n")
    .map((line) => (line === "" ? line : by + line))
    .join("\n");
