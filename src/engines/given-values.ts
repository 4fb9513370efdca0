import type { DataChange, Extremes } from "../model/detail/data.js";

/** What is written for a column, as far as it is told: `new` and `old` are columns of a trigger's rows. */
export type ValueKind = "null" | "default" | "new" | "old" | "other";

/** A text or a number as it is written. */
export interface Constant {
  readonly constant: string | number;
}

/** A value of a row that is written out. */
export type GivenValue = ValueKind | Constant;

/** What is told of rows that are written out. */
export function givenValues(
  columns: readonly string[],
  rows: readonly (readonly GivenValue[])[],
): Pick<DataChange, "given" | "uneven" | "extremes"> {
  const extremes = extremesOf(rows);
  const odd = columns.length === 0 ? undefined : rows.find((row) => row.length !== columns.length);
  const uneven = odd === undefined ? {} : { uneven: Object.freeze({ columns: columns.length, values: odd.length }) };
  const width = rows[0]?.length ?? 0;
  const places = Array.from({ length: width }, (_, at) => at);
  const those = (kind: ValueKind) => Object.freeze(places.filter((at) => rows.some((row) => row[at] === kind)));
  const isOther = (value: GivenValue) => value === "other" || typeof value === "object";
  if (columns.length > 0 && rows.every((row) => row.every(isOther))) return { ...uneven, ...extremes };
  const [fromNew, fromOld] = [those("new"), those("old")];
  const given = {
    width,
    nulls: those("null"),
    defaults: those("default"),
    ...(fromNew.length > 0 && { fromNew }),
    ...(fromOld.length > 0 && { fromOld }),
  };
  return { given: Object.freeze(given), ...uneven, ...extremes };
}

/** The longest text, and the least and greatest number, of each place in the rows. */
function extremesOf(rows: readonly (readonly GivenValue[])[]): Pick<DataChange, "extremes"> {
  const found = new Map<number, Extremes>();
  for (const row of rows)
    for (const [at, value] of row.entries())
      if (typeof value === "object") found.set(at, withConstant(found.get(at) ?? { at }, value));
  return found.size === 0 ? {} : { extremes: Object.freeze([...found.values()]) };
}

function withConstant(extremes: Extremes, { constant }: Constant): Extremes {
  const { longest, least = constant, greatest = constant } = extremes;
  if (typeof constant === "string")
    return longest === undefined || lengthOf(constant) > lengthOf(longest)
      ? { ...extremes, longest: constant }
      : extremes;
  return { ...extremes, least: Math.min(Number(least), constant), greatest: Math.max(Number(greatest), constant) };
}

/** No more texts than this are told of one column. */
const MOST_TEXTS = 100;

/** The texts that are written for columns, by their places, as far as they are a few. */
export function writtenTexts(rows: readonly (readonly GivenValue[])[]): Pick<DataChange, "texts"> {
  const found = new Map<number, Set<string>>();
  for (const row of rows)
    for (const [at, value] of row.entries()) {
      if (typeof value !== "object" || typeof value.constant !== "string") continue;
      const texts = found.get(at) ?? new Set();
      if (texts.size < MOST_TEXTS) found.set(at, texts.add(value.constant));
    }
  const texts = [...found].map(([at, values]) => Object.freeze({ at, values: Object.freeze([...values]) }));
  return texts.length === 0 ? {} : { texts: Object.freeze(texts) };
}

/** The letters of a text; blanks at its end count nowhere where it is too long. */
export const lengthOf = (text: string): number => [...text.trimEnd()].length;
