/** Before all else but comments, as pg_dump of 2025 and later begins a script. */
const BEGIN = /^(?:\s|--[^\n]*\n)*\\(restrict ([A-Za-z0-9]+))[ \t]*(?:\n|$)/;

/**
 * A script of pg_dump without the two lines that keep psql from taking its data for commands of its own: they say nothing to
 * a server. Blanks stand in their place, so that all else stays where it is; any other text is left as it is.
 *
 * Source: https://www.postgresql.org/docs/18/app-psql.html (\restrict)
 *
 * @example
 * withoutDumpGuard("\\restrict a1\nSELECT 1;\n\\unrestrict a1\n") // "            \nSELECT 1;\n              \n"
 */
export function withoutDumpGuard(text: string): string {
  const [head, command = "", token = ""] = BEGIN.exec(text) ?? [];
  if (head === undefined) return text;
  const end = `\\unrestrict ${token}`;
  const last = text.lastIndexOf(end);
  // Behind it nothing but comments, or it is not the end of a dump.
  if (last < 0 || !/^(?:\s|--[^\n]*(?:\n|$))*$/.test(text.slice(last + end.length))) return text;
  const begin = head.lastIndexOf(`\\${command}`);
  const behind = begin + command.length + 1;
  const blanks = (length: number): string => " ".repeat(length);
  return `${text.slice(0, begin)}${blanks(behind - begin)}${text.slice(behind, last)}${blanks(end.length)}${text.slice(last + end.length)}`;
}
