/** The directive that keeps, line for line, what a file was before `plan --write` put it into phases. */
const FROM = "-- zmigrate:from";

/** Where the kept lines of a written file end: the offset behind the last of them, 0 for any other file. */
function endOfOriginal(text: string): number {
  let end = 0;
  while (text.startsWith(FROM, end) && /[ \n]|$/y.test(text.charAt(end + FROM.length))) {
    const lineEnd = text.indexOf("\n", end);
    if (lineEnd === -1) return text.length;
    end = lineEnd + 1;
  }
  return end;
}

/**
 * The text that a file had before `plan --write` put it into phases: what it changes, for whoever replays the history.
 * Its lines have the numbers that they have in the file. Null for any other file.
 *
 * @param text LF text
 * @example
 * originalText("-- zmigrate:from DROP TABLE t;\n-- zmigrate:written {}\n") // "DROP TABLE t;\n"
 */
export function originalText(text: string): string | null {
  const end = endOfOriginal(text);
  if (end === 0) return null;
  const lines = text.slice(0, end).replace(/\n$/, "").split("\n");
  return `${lines.map((line) => line.slice(FROM.length + 1)).join("\n")}\n`;
}

/** The same lines again as they stand at the top of a written file. */
export const originalLines = (text: string): readonly string[] =>
  text
    .replace(/\n$/, "")
    .split("\n")
    .map((line) => (line === "" ? FROM : `${FROM} ${line}`));
