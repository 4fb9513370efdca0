import type { RowWrite } from "./engine.js";

/** Rows by the columns that are written, so that each is left as it is where nothing is said of it. */
export function byColumns(rows: readonly RowWrite[]): readonly (readonly RowWrite[])[] {
  const groups = new Map<string, RowWrite[]>();
  for (const row of rows) {
    const name = JSON.stringify([...row.set.keys()].toSorted());
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [row]);
    else group.push(row);
  }
  return [...groups.values()];
}
