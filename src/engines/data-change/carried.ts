import type { Table } from "../../model/catalog.js";
import type { Walk } from "../../model/detail/data.js";
import type { Obstacle } from "./obstacle.js";

const isColumn = ({ columns }: Table, word: string): boolean =>
  columns.some(({ name }) => name.toLowerCase() === word.toLowerCase());

/**
 * Why the rows of a statement depend on those before them: it counts them, goes on in a series, or reads what its session keeps. Null
 * where each row stands for itself.
 *
 * @param table the one whose rows are met
 */
export function carriedOver({ carried = [] }: Walk, table: Table): Obstacle | null {
  const found = carried.find(({ unlessOf = [] }) => !unlessOf.some((word) => isColumn(table, word)));
  if (found === undefined) return null;
  const { name, unlessOf } = found;
  const instead =
    "Say by columns which rows are meant and what they get; or run it by hand, as one statement, in a quiet hour.";
  return [
    `it calls ${name}, which carries something over from row to row, or from an earlier statement: each batch would begin it anew, maybe in another session`,
    unlessOf === undefined ? instead : `Leave the seed out where each row is to have any value. ${instead}`,
  ];
}
