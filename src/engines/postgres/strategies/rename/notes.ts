import { show } from "../../../../model/name.js";
import { isTrigger } from "../../introspect/dependents.js";
import { sharesDefault } from "../../triggers/sync.js";
import { notesOnDeferrable } from "./deferrable.js";
import type { Rename } from "./subject.js";

/** What the application's own triggers make of two columns where there was one. */
function notesOnTriggers(r: Rename): string[] {
  if (!r.table.dependents.some((d) => isTrigger(d) && d.columns.includes(r.old.name))) return [];
  return [
    `Triggers that name ${r.old.name} do not see what new code writes to ${r.to}: it is copied to ${r.old.name} after them, as it was written. Where a statement writes one of the two columns and such a trigger the other, both get what the statement wrote; in an INSERT, what ${r.to} got.`,
    `The triggers that keep the two columns equal fire last, by their names (zzz_zmigrate_...): give no trigger of yours a name behind these.`,
  ];
}

/** Two columns have a unique index each, and an INSERT names one of them as its arbiter. */
function notesOnUnique(r: Rename): string[] {
  if (!r.indexes.some((i) => i.unique)) return [];
  return [
    `From the end of the backfill until the drop, ${r.old.name} and ${r.to} have a unique index each, and PostgreSQL decides INSERT ... ON CONFLICT by the one that is named: of two that insert the same new value at the same moment, one may fail with 23505 (duplicate key) instead of updating. Repeat it.`,
  ];
}

/** The server asks the older object first, and that one is parked. */
function notesOnErrors(r: Rename): string[] {
  if (r.uniques.length + r.foreignKeys.length === 0 && !r.indexes.some((i) => i.unique) && !r.old.notNull) return [];
  return [
    `From the swap until the drop, an error about a duplicate (23505), a missing parent (23503) or NULL (23502) in ${r.to} names what is parked (zmigrate_dropped_...) and not what has taken over its name: PostgreSQL asks the older one first. Code that reads names out of errors must know both.`,
  ];
}

/** Both columns have any other default, so that NULL is told from a column that is left out. */
function notesOnDefault(r: Rename): string[] {
  if (r.old.default === null || r.old.notNull || sharesDefault(r.old)) return [];
  return [
    `The default of ${r.old.name} changes from call to call, so an INSERT of new code that writes NULL to ${r.to} gets that default, as one that leaves ${r.to} out, until the swap.`,
  ];
}

function notesOnPublications(r: Rename): string[] {
  return (r.table.publications ?? []).map(
    ({ name }) =>
      `${name} publishes ${show(r.relation)}: unless its column list leaves it out, a subscriber's table needs the column ${r.to} before expand, or replication to it stops.`,
  );
}

export function notesOf(r: Rename): string[] {
  const notes = [
    `Prepared statements that read \`SELECT *\` from ${show(r.relation)} are planned anew when the column is added and when it is dropped; drivers that do not retry see "cached plan must not change result type" once.`,
    `${r.to} stands at the end of the table: an INSERT without a column list, and COPY without one, meet another order.`,
  ];
  for (const d of r.table.dependents.filter((d) => d.columns.includes(r.old.name)))
    notes.push(
      d.kind === "materialized-view"
        ? `The materialized view ${d.name} names ${r.old.name} and does not travel: once all is backfilled, drop it and make it again with ${r.to}, before contract, which waits for it.`
        : `The ${d.kind.replace("-", " ")} ${d.name} names ${r.old.name} and does not travel: change it to ${r.to} before contract, which waits for it.`,
    );
  notes.push(
    ...notesOnTriggers(r),
    ...notesOnUnique(r),
    ...notesOnDeferrable(r),
    ...notesOnErrors(r),
    ...notesOnDefault(r),
    ...notesOnPublications(r),
  );
  if (r.context.catalog.source === "files")
    notes.push(
      `Made from the files alone: what was added to ${show(r.relation)} by hand is not in this plan. With --database-url it is.`,
    );
  return notes;
}
