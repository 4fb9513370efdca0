import type { RowPair } from "../../../../model/row-pair.js";
import { quote } from "../../names.js";
import { withSources } from "../../triggers/expression.js";
import { asType } from "../as-type.js";
import { holds } from "../type-change/conversion.js";
import type { Group } from "./group.js";

/** What the columns that go become, and what is made of it again; null where none goes, or no SELECT can tell. */
export function pairOf({ added, dropped, table, context }: Group): RowPair | null {
  const { dialect } = context;
  const made = new Map(added.map(({ column, up }) => [column.name, asType(column.type, `(${up})`, dialect)]));
  if (dropped.length === 0 || [...made.values()].includes(null)) return null;
  const kept = dropped.map(({ column, down }) => {
    const back = withSources(down, table, dialect, (name) => made.get(name) ?? quote(name));
    return holds(column.type, quote(column.name), back, dialect);
  });
  if (kept.includes(null)) return null;
  return {
    relation: table.relation,
    columns: dropped.map((d) => d.column.name).join(", "),
    lossy: kept.map((same) => `NOT (${same})`).join(" OR "),
  };
}
