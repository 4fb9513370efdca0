import type { SyntaxProblem } from "../../../model/statement.js";
import type { Rejection, Token } from "./library.js";
import { tokenAt } from "./source.js";

/** What is said of `COPY ... FROM stdin`: the data belongs to psql's input, and no server reads it from a migration. */
export const COPY_DATA =
  "COPY ... FROM stdin takes its rows from psql's input, which a migration does not have; write INSERT, or load the data outside migrations";

export const COPY_HELP = "Write the rows as INSERT ... VALUES, or load them by a script of their own.";

export const META_HELP = "Leave the line out, or write in SQL what it does.";

/** What is said of a line for psql. `command` is as written, with its backslash. */
export const metaCommand = (command: string): string =>
  `${command} is a command of psql, not SQL; a migration is sent to the server as it stands`;

/** Commands with which psql writes to its screen, or sets how it does: no server hears of them. */
const OF_SCREEN: ReadonlySet<string> = new Set(
  "\\echo \\qecho \\warn \\timing \\pset \\x \\t \\a \\set \\unset \\encoding \\conninfo \\prompt \\p \\o".split(" "),
);

/** Whether a command of psql leaves the schema as it is. `command` as in `metaCommand`. */
export const isOfScreen = (command: string): boolean => OF_SCREEN.has(command) || /^\\d[a-zA-Z]*[+S]*$/.test(command);

/** A rejection at its token. Without tokens it reaches to the end of its line. */
export function problemAt(text: string, tokens: readonly Token[] | null, rejection: Rejection): SyntaxProblem {
  const start = Math.min(rejection.offset, text.trimEnd().length);
  const token = tokens?.[tokenAt(tokens, start)];
  const end = token?.start === start ? token.end : endOfLine(text, start);
  const help = text[start] === "\\" ? { help: META_HELP } : {};
  return Object.freeze({ message: messageOf(text, start, rejection), span: Object.freeze({ start, end }), ...help });
}

function messageOf(text: string, start: number, rejection: Rejection): string {
  if (text[start] === "\\") return metaCommand(/^\\\S*/.exec(text.slice(start, start + 64))?.[0] ?? "\\");
  // Rows of data are seldom lexically SQL, so the complaint is about a place far behind the cause.
  const copied = /\bcopy\b[^;]*\bfrom\s+stdin\b/i.test(text.slice(0, start));
  return copied ? `${rejection.message} (${COPY_DATA})` : rejection.message;
}

function endOfLine(text: string, start: number): number {
  const newline = text.indexOf("\n", start);
  return newline < 0 ? text.length : newline;
}
