import { show } from "../subject.js";
import type { Rename } from "./subject.js";

export function notesOf(r: Rename): string[] {
  const notes = [
    `Prepared statements that read \`SELECT *\` from ${show(r.relation)} are planned anew when the column is added and when it is dropped; drivers that do not retry see "cached plan must not change result type" once.`,
    `${r.to} stands at the end of the table: an INSERT without a column list, and COPY without one, meet another order.`,
  ];
  for (const d of r.table.dependents.filter((d) => d.columns.includes(r.old.name)))
    notes.push(
      `The ${d.kind.replace("-", " ")} ${d.name} names ${r.old.name} and does not travel: change it to ${r.to} before contract, which waits for it.`,
    );
  if (r.context.catalog.source === "files")
    notes.push(
      `Made from the files alone: what was added to ${show(r.relation)} by hand is not in this plan. With --database-url it is.`,
    );
  return notes;
}
