/**
 * A text as the value of a directive, which ends with its line: as it is, or as a JSON string where it has line breaks,
 * blanks at its ends or a quote at its beginning.
 */
export const toLine = (text: string): string =>
  text !== text.trim() || text === "" || /[\n\r"\u2028\u2029]/.test(text.charAt(0)) || /[\n\r]/.test(text)
    ? JSON.stringify(text)
    : text;

/** The text again; null for a quote that is no JSON string. */
export function fromLine(line: string): string | null {
  if (!line.startsWith('"')) return line;
  try {
    return String(JSON.parse(line));
  } catch {
    return null;
  }
}

/** A statement as lines behind `first` and `next`; one line where something in it would be lost at the end of a line. */
export function toLines(text: string, first: string, next: string): readonly string[] {
  if (/\r|[ \t]\n|^[ \t"]|\s$/.test(text)) return [`${first} ${JSON.stringify(text)}`];
  return text.split("\n").map((line, at) => (line === "" ? next : `${at === 0 ? first : next} ${line}`));
}
