import { rawScan } from "./library.js";

/** A COPY whose rows follow it, up to the end of its line. */
const COPY = /^[ \t]*COPY\b[^;]*\bFROM\s+STDIN\b[^;\n]*;[ \t]*\n/gim;
/** The line that ends the rows. */
const END = /^\\\.[ \t]*$/m;

/**
 * A script without the rows that stand behind `COPY ... FROM stdin;`, which are no SQL, and the `\.` that ends them. Blanks
 * stand in their place, so that all else stays where it is. Rows that nothing ends are left, as is what only looks like
 * a COPY inside of a string or a comment.
 *
 * @example
 * withoutCopyData("COPY t FROM stdin;\nit's\n\\.\nSELECT 1;\n") // "COPY t FROM stdin;\n    \n  \nSELECT 1;\n"
 */
export function withoutCopyData(text: string): string {
  if (!END.test(text)) return text;
  let done = 0;
  let left = "";
  for (const copy of text.matchAll(COPY)) {
    const behind = copy.index + copy[0].length;
    const end = END.exec(text.slice(behind));
    // Within what a string or a comment has opened, the scanner does not come to an end.
    if (copy.index < done || end === null || rawScan(text.slice(done, behind)) === null) continue;
    const until = behind + end.index + end[0].length;
    left += text.slice(done, behind) + text.slice(behind, until).replace(/[^\n]/g, " ");
    done = until;
  }
  return left + text.slice(done);
}
