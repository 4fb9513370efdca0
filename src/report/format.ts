/** `1234567` is `1,234,567`. */
export const count = (n: number): string => Math.round(n).toLocaleString("en-US");

/** `1,234,567 rows`, `1 row`. */
export const countRows = (n: number): string => `${count(n)} row${Math.round(n) === 1 ? "" : "s"}`;

/** Of rows that were compared: `2 differ`, `1 differs`. */
export const differing = (n: number): string => `${count(n)} differ${Math.round(n) === 1 ? "s" : ""}`;

/**
 * Why there is nothing to do.
 *
 * @param gone migrations that were rolled back and whose files are not there any more, by id
 */
export const nothingLeft = (gone: readonly string[] = []): string =>
  gone.length === 0
    ? "every migration is finished"
    : `${gone.join(", ")} ${gone.length === 1 ? "was rolled back and its file is" : "were rolled back and their files are"} gone; every other migration is finished`;

/** Several lines behind the same indentation. */
export const indent = (text: string, by: string): string =>
  text
    .split("\n")
    .map((line) => (line === "" ? line : by + line))
    .join("\n");
