import { lineText } from "../../files/position.js";
import type { Finding } from "../../model/finding.js";
import { printableLine } from "./printable.js";
import { charWidth, widthOf } from "./width.js";

/** A line of source as a terminal shows it, and where the finding is in it, in cells. */
export interface Frame {
  readonly line: number;
  readonly source: string;
  readonly indent: number;
  readonly length: number;
}

/** Cells that are shown of a line; a generated one may have a megabyte. */
const WIDEST = 160;
/** Cells that are shown before a finding that stands far in. */
const BEFORE = 40;

/** The line where a finding begins. One that goes over several lines is underlined to the end of its first. */
export function frameOf({ start, end }: Finding, text: string): Frame {
  const whole = lineText(text, start.line).replace(/\r$/, "");
  const from = start.column - 1;
  const to = Math.min(end.line === start.line ? end.column - 1 : whole.length, whole.length);
  const left = from <= WIDEST - BEFORE ? 0 : from - BEFORE;
  const ahead = `${left > 0 ? "…" : ""}${printableLine(whole.slice(left, from))}`;
  const room = WIDEST - widthOf(ahead);
  const about = cut(printableLine(whole.slice(from, Math.min(to, from + WIDEST))), room);
  const behind = cut(printableLine(whole.slice(from + about.length, from + 2 * WIDEST)), room - widthOf(about));
  const more = from + about.length + behind.length < whole.length ? "…" : "";
  return {
    line: start.line,
    source: `${ahead}${about}${behind}${more}`,
    indent: widthOf(ahead),
    length: Math.max(1, widthOf(about)),
  };
}

/** As much of a text as fits into some cells. */
function cut(text: string, cells: number): string {
  let left = cells;
  let length = 0;
  for (const char of text) {
    left -= charWidth(char);
    if (left < 0) break;
    length += char.length;
  }
  return text.slice(0, length);
}
