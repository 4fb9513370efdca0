import { syncTriggers } from "../../triggers/sync.js";
import { names, show } from "../subject.js";
import { pairOf, type Rename } from "./subject.js";

/** What the application's own triggers make of two columns where there was one. */
export function notesOnTriggers(r: Rename): string[] {
  const triggers = r.table.dependents.filter((d) => d.kind === "trigger");
  if (triggers.length === 0) return [];
  const fired = `The backfill's updates fire the triggers of ${show(r.relation)}: ${triggers.map((d) => d.name).join(", ")}.`;
  if (!triggers.some(names(r.old.name))) return [fired];
  const sync = syncTriggers(pairOf(r)).map((t) => t.name);
  return [
    fired,
    `Triggers that name ${r.old.name} do not see what new code writes to ${r.to}: it is copied to ${r.old.name} after them, as it was written. Where a statement writes ${r.to} and such a trigger ${r.old.name}, both get what the statement wrote.`,
    `Triggers fire in the order in which they were made, and those that keep the two columns equal must be the last: make a new one of yours with PRECEDES ${sync.join(" or ")}, and one that writes ${r.to} only when no old code runs any more.`,
  ];
}
