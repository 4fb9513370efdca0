import { quote } from "./names.js";

const NOTED = /^SET @zmigrate_before = X'([0-9A-F]*)'$/;
const PLACE = /(\bFOR\s+EACH\s+ROW) PRECEDES `(?:[^`]|``)+`/i;

/** Where a trigger stands: in front of the first of these that is there, else behind all. */
const placed = (create: string, next: string | undefined): string =>
  create.replace(PLACE, (_, head: string) => (next === undefined ? head : `${head} PRECEDES ${quote(next)}`));

/** A statement that says to `withoutNeighbour` in front of which triggers one may come back, the nearest first. */
export const noteNeighbours = (names: readonly string[]): string =>
  `SET @zmigrate_before = X'${Buffer.from(JSON.stringify(names)).toString("hex").toUpperCase()}'`;

/**
 * The same statements when the trigger is not there in front of which they put one: the next of those that were noted takes
 * its place; null where nothing is noted, or none is left.
 */
export function withoutNeighbour(statements: readonly string[]): readonly string[] | null {
  const noted = statements.map((sql) => NOTED.exec(sql)?.[1]).find((hex) => hex !== undefined);
  const [gone, ...rest] = noted === undefined ? [] : (JSON.parse(Buffer.from(noted, "hex").toString()) as string[]);
  if (gone === undefined) return null;
  return statements.map((sql) => (NOTED.test(sql) ? noteNeighbours(rest) : placed(sql, rest[0])));
}
