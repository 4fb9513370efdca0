import { isTrigger } from "../../introspect/dependents.js";
import { show } from "../subject.js";
import type { Rename } from "./subject.js";

/** What the application's own triggers make of two columns where there was one. */
function notesOnTriggers(r: Rename): string[] {
  if (!r.table.dependents.some((d) => isTrigger(d) && d.columns.includes(r.old.name))) return [];
  return [
    `Triggers that name ${r.old.name} do not see what new code writes to ${r.to}: it is copied to ${r.old.name} after them, as it was written. Where a statement writes one of the two columns and such a trigger the other, both get what the statement wrote; in an INSERT, what ${r.to} got.`,
    `The triggers that keep the two columns equal fire last, by their names (zzz_zmigrate_...): give no trigger of yours a name behind these.`,
  ];
}

export function notesOf(r: Rename): string[] {
  const notes = [
    `Prepared statements that read \`SELECT *\` from ${show(r.relation)} are planned anew when the column is added and when it is dropped; drivers that do not retry see "cached plan must not change result type" once.`,
    `${r.to} stands at the end of the table: an INSERT without a column list, and COPY without one, meet another order.`,
  ];
  for (const d of r.table.dependents.filter((d) => d.columns.includes(r.old.name)))
    notes.push(
      `The ${d.kind.replace("-", " ")} ${d.name} names ${r.old.name} and does not travel: change it to ${r.to} before contract, which waits for it.`,
    );
  notes.push(...notesOnTriggers(r));
  if (r.context.catalog.source === "files")
    notes.push(
      `Made from the files alone: what was added to ${show(r.relation)} by hand is not in this plan. With --database-url it is.`,
    );
  return notes;
}
