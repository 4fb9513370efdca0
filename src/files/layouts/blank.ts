import type { Span } from "../../model/span.js";

/**
 * A text in which some ranges are blanks: what is left keeps its offsets and lines, so that a finding's place is that
 * of the file.
 *
 * @param ranges in order, not overlapping
 */
export function blank(text: string, ranges: readonly Span[]): string {
  let result = "";
  let from = 0;
  for (const { start, end } of ranges) {
    result += text.slice(from, start) + blanks(text.slice(start, end));
    from = end;
  }
  return result + text.slice(from);
}

/** As many blanks, with the line breaks where they were. */
export const blanks = (text: string): string => text.replace(/[^\n]/g, " ");
