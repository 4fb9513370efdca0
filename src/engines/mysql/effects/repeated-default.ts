import type { Breakage } from "../../../model/effect.js";
import { constantOf } from "../../constant-condition.js";
import { keysOf } from "../../found-by-key.js";
import { columnIn } from "./facts.js";
import { broken, type Subject } from "./subject.js";

/** A default that is the same in every row, of a column that is unique by itself and that code may leave out. */
export function repeatedDefault(column: string, value: string, { table }: Subject): readonly Breakage[] {
  const known = columnIn(table, column);
  if (known === null || table === null || constantOf(value) === null) return [];
  const isLeftOut = known.default !== null || known.autoIncrement || !known.notNull;
  const isKey = keysOf(table).some((key) => key.length === 1 && key[0] === known.name);
  if (!isLeftOut || !isKey) return [];
  return [broken("writes", `the second INSERT that does not name ${column} fails (1062)`)];
}
