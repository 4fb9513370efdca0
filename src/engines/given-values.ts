import type { DataChange } from "../model/detail/data.js";

/** What is written for a column, as far as it is told: `new` and `old` are columns of a trigger's rows. */
export type ValueKind = "null" | "default" | "new" | "old" | "other";

/** What is told of rows that are written out. */
export function givenValues(
  columns: readonly string[],
  rows: readonly (readonly ValueKind[])[],
): Pick<DataChange, "given" | "uneven"> {
  const odd = columns.length === 0 ? undefined : rows.find((row) => row.length !== columns.length);
  const uneven = odd === undefined ? {} : { uneven: Object.freeze({ columns: columns.length, values: odd.length }) };
  const width = rows[0]?.length ?? 0;
  const places = Array.from({ length: width }, (_, at) => at);
  const those = (kind: ValueKind) => Object.freeze(places.filter((at) => rows.some((row) => row[at] === kind)));
  if (columns.length > 0 && rows.every((row) => row.every((kind) => kind === "other"))) return uneven;
  const [fromNew, fromOld] = [those("new"), those("old")];
  const given = {
    width,
    nulls: those("null"),
    defaults: those("default"),
    ...(fromNew.length > 0 && { fromNew }),
    ...(fromOld.length > 0 && { fromOld }),
  };
  return { given: Object.freeze(given), ...uneven };
}
