import type { Catalog } from "../model/catalog.js";
import type { DataChange, GivenPart } from "../model/detail/data.js";
import { columnsOf } from "./columns-after.js";

/** What is told of an INSERT by what its query gives: what its columns take, and whether they are as many. */
export function givesOf(
  gives: readonly GivenPart[] | null,
  columns: readonly string[],
): Pick<DataChange, "gives" | "uneven"> {
  if (gives === null) return {};
  const isPlain = gives.every((part) => part === "value" || part === "null");
  const isUneven = isPlain && columns.length > 0 && gives.length !== columns.length;
  return {
    ...(columns.length > 0 && gives.every((part) => part === "value") ? {} : { gives }),
    ...(isUneven ? { uneven: Object.freeze({ columns: columns.length, values: gives.length }) } : {}),
  };
}

/** The values of an INSERT's query, one by one; null where it has none, or how many they are is not told. */
export function valuesGiven({ gives }: DataChange, catalog: Catalog): readonly ("value" | "null")[] | null {
  const values: ("value" | "null")[] = [];
  for (const part of gives ?? []) {
    if (part === "value" || part === "null") values.push(part);
    else if (part === "row" || "variable" in part) return null;
    else {
      const columns = columnsOf(part, catalog);
      if (columns === null) return null;
      values.push(...columns.map(() => "value" as const));
    }
  }
  return values.length === 0 ? null : values;
}
