import { show } from "../../../../model/name.js";
import { isTrigger } from "../../introspect/dependents.js";
import { notesOnDeferrable } from "../rename/deferrable.js";
import { notesOnPointing } from "./inbound.js";
import type { Retype } from "./subject.js";

function notesOnDependents(r: Retype): string[] {
  const naming = r.table.dependents.filter((d) => d.columns.includes(r.old.name));
  return naming.map((d) =>
    isTrigger(d) && d.kind === "function"
      ? `The function ${d.name} names ${r.old.name}: after the swap it meets ${r.detail.type}.`
      : `The ${d.kind.replace("-", " ")} ${d.name} uses ${r.old.name} and stays with the former column: drop it before contract, which waits for that, and make it again behind the swap.`,
  );
}

function notesOnBack(r: Retype): string[] {
  if (r.keyed)
    return [
      `From the first value of ${r.old.name} that ${r.old.type} does not hold there is no way back: a rollback counts such rows and refuses.`,
    ];
  return [
    `What new code writes to ${r.old.name} after the swap and ${r.old.type} does not hold is lost by a rollback: it counts such rows and refuses, unless --accept-loss is given.`,
  ];
}

function notesOnUnique(r: Retype): string[] {
  if (!r.indexes.some((i) => i.unique)) return [];
  return [
    `Until the drop ${r.old.name} has each unique index twice, and PostgreSQL decides INSERT ... ON CONFLICT by one of them: of two that insert the same new value at the same moment, one may fail with 23505 (duplicate key) instead of updating. Repeat it.`,
  ];
}

function notesOnPlace(r: Retype): string[] {
  if (r.forth.sure) return [];
  return [
    `A value that old code writes and that is none of ${r.detail.type} does not fail there: the comparison finds its row, and the contract waits.`,
  ];
}

function notesOnPublications(r: Retype): string[] {
  return (r.table.publications ?? []).map(
    ({ name }) =>
      `${name} publishes ${show(r.relation)}: unless its column list leaves it out, a subscriber's table needs the column ${r.to} before expand, and its own change of type before the swap.`,
  );
}

export function notesOf(r: Retype): string[] {
  const notes = [
    `Prepared statements that read ${r.old.name} or \`SELECT *\` from ${show(r.relation)} are planned anew at the swap; drivers that do not retry see "cached plan must not change result type" once.`,
    `${r.old.name} stands at the end of the table after the swap: an INSERT without a column list, and COPY without one, meet another order.`,
    ...notesOnBack(r),
    ...notesOnPointing(r),
    ...notesOnPlace(r),
    ...notesOnUnique(r),
    ...notesOnDeferrable(r),
    ...notesOnDependents(r),
    ...notesOnPublications(r),
  ];
  if (r.default !== r.old.default)
    notes.push(`The default of ${r.old.name} changes together with its type, at the swap.`);
  if (r.context.catalog.source === "files")
    notes.push(
      `Made from the files alone: what was added to ${show(r.relation)} by hand is not in this plan. With --database-url it is.`,
    );
  return notes;
}
