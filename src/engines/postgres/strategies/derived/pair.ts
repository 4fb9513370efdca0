import type { RowPair } from "../../../../model/row-pair.js";
import { quote } from "../../names.js";
import { evaluated } from "../../triggers/derive.js";
import { inBrackets } from "../../triggers/fill.js";
import { differs } from "../../triggers/sync.js";
import type { Derived } from "./subject.js";

/** What the columns that go become, and what is made of it again; null where none goes. */
export function pairOf({ relation, fresh, going }: Derived): RowPair | null {
  if (going.length === 0) return null;
  const source = (column: string): string => {
    const made = fresh.find((f) => f.name === column);
    return made === undefined ? quote(column) : `${inBrackets(made.up.text)}::${made.type}`;
  };
  const lost = going.map(({ column, down }) =>
    differs(
      `${evaluated(down.text, relation, down.reads, source)}::${column.type}`,
      quote(column.name),
      column.comparable,
    ),
  );
  return { relation, columns: going.map((g) => g.column.name).join(", "), lossy: lost.join(" OR ") };
}
