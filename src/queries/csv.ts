/** A field, and what ends it: a comma, the line, or the text. With quotes, a quote inside is two. */
const FIELD = /(?:"((?:[^"]|"")*)"|([^",\n][^,\n]*|))(,|\n|$)/y;

/**
 * The records of a CSV text with LF line ends, as `COPY ... CSV` and spreadsheets write it: a quoted field may hold line
 * breaks and commas. Null where a quote has no end, or something stands behind it.
 *
 * @example
 * readCsv('a,b\n1,"x, y"\n') // [["a", "b"], ["1", "x, y"]]
 */
export function readCsv(text: string): readonly (readonly string[])[] | null {
  const records: string[][] = [];
  let record: string[] = [];
  for (let at = 0; at < text.length || record.length > 0; ) {
    FIELD.lastIndex = at;
    const found = FIELD.exec(text);
    if (found === null) return null;
    at = FIELD.lastIndex;
    record.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? "");
    if (found[3] === ",") continue;
    records.push(record);
    record = [];
  }
  return records.filter((r) => r.length > 1 || r[0] !== "");
}
