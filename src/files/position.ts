import type { Position } from "../model/span.js";

/** Offsets at which the lines of a text begin; the first is 0. */
type LineStarts = readonly number[];

/** The last text that was asked about: positions are asked for file by file, many times each. */
let last: { readonly text: string; readonly starts: LineStarts } = { text: "", starts: [0] };

function lineStarts(text: string): LineStarts {
  if (last.text === text) return last.starts;
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  last = { text, starts };
  return starts;
}

/** Index of the last start that is not behind the offset. */
function lineIndex(starts: LineStarts, offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * Line and column of a UTF-16 offset, both 1-based, the column in UTF-16 units. An offset outside the text is moved to
 * its nearest end. Linear for the first question about a text, logarithmic after it.
 *
 * @example
 * positionOf("a\nbc", 3) // { line: 2, column: 2 }
 */
export function positionOf(text: string, offset: number): Position {
  const starts = lineStarts(text);
  const at = Math.min(Math.max(offset, 0), text.length);
  const line = lineIndex(starts, at);
  return Object.freeze({ line: line + 1, column: at - (starts[line] ?? 0) + 1 });
}

/** The text of a 1-based line without its line break; "" for a line that is not there. */
export function lineText(text: string, line: number): string {
  const starts = lineStarts(text);
  const start = starts[line - 1];
  if (start === undefined) return "";
  const next = starts[line];
  return text.slice(start, next === undefined ? text.length : next - 1);
}

/** The UTF-16 offset of a place: the reverse of `positionOf`. */
export function offsetOf(text: string, { line, column }: Position): number {
  return (lineStarts(text)[line - 1] ?? text.length) + column - 1;
}
