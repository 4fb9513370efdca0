/**
 * The SQL in a string or template of a script, as long as what is written there; null where it cannot be told character
 * for character. The backslash in front of a quote becomes a blank outside of that SQL text or name.
 *
 * @param written without its quotes
 * @example
 * sqlIn("ALTER TABLE \\`t\\` ADD a int") // "ALTER TABLE  `t`  ADD a int"
 */
export function sqlIn(written: string): string | null {
  let sql = "";
  let open = "";
  for (let at = 0; at < written.length; at++) {
    const escaped = written[at] === "\\";
    const char = escaped ? (written[++at] ?? "") : (written[at] ?? "");
    const isQuote = /['"`]/.test(char);
    if (char === "$" && written[at + 1] === "{") return null;
    if (escaped && (!isQuote || (open !== "" && open !== char))) return null;
    sql += escaped ? (open === "" ? ` ${char}` : `${char} `) : char;
    if (isQuote) open = open === "" ? char : open === char ? "" : open;
  }
  return sql;
}
