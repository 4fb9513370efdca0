/**
 * A text that cannot move a terminal's cursor, turn its line around or leave its line: control characters and those
 * that reverse text become U+FFFD, a tab becomes one space. Line breaks stay.
 */
export function printable(text: string): string {
  return text.replace(HOSTILE, (char) => (char === "\t" ? " " : "\uFFFD"));
}

/** The same on one line: a file's name may hold a line break. */
export const printableLine = (text: string): string => printable(text).replaceAll("\n", "\uFFFD");

/** Control characters but the line break, and the marks that embed, override and isolate directions. */
const HOSTILE = /[^\P{Cc}\n]|[\u061C\u200E\u200F\u2028\u2029\u202A-\u202E\u2066-\u2069]/gu;
