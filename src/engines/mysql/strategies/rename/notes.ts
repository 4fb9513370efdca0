import type { Dependent } from "../../../../model/catalog.js";
import { syncTriggers } from "../../triggers/sync.js";
import { omissionOf } from "../../triggers/values.js";
import { names } from "../subject.js";
import { judgesNull, lenientValue } from "./lenient.js";
import { pairOf, type Rename } from "./subject.js";

/** MySQL: what strict mode refuses under the old name, and no trigger can refuse under the new one. */
export function notesOnNull(r: Rename): string[] {
  const { lenient, judged, asked } = pairOf(r);
  if (lenient === null || judged || r.context.dialect !== "mysql") return [];
  const becomes = asked === null ? lenient : `${lenient}, and in an UPDATE the default`;
  return [
    `${r.old.name} is NOT NULL, and ${r.to} is not until the swap. Where new code writes NULL to ${r.to} until then, both become ${becomes}, as a session without strict mode would make them: MySQL tells no trigger whether the session is strict, so the statement does not fail with error 1048. After the swap it does.`,
  ];
}

/** What DEFAULT is under the new name of a column that cannot have the default itself; null where it is right all the same. */
function withoutDefault(r: Rename): string | null {
  const { old, context } = r;
  if (!old.notNull) return "both become NULL";
  if (judgesNull(old, context.dialect)) return "the statement fails (error 1048)";
  return pairOf(r).asked === null ? `both become ${lenientValue(old, context.dialect)}` : null;
}

/** What new code should know where a trigger cannot tell a default from what was written. */
export function notesOnDefault(r: Rename): string[] {
  const { old, to } = r;
  const omission = omissionOf(old);
  if (omission.kind === "repeatable" && !old.notNull)
    return [
      `Until the swap an INSERT that writes NULL to ${to} gets the default of ${old.name}, ${omission.default}: a trigger cannot tell it from one that leaves ${to} out.`,
    ];
  if (omission.kind !== "unknown") return [];
  const unseen = `The default of ${old.name} is computed, or such that the catalog does not show it exactly, so a trigger cannot see whether an INSERT wrote it: one that writes both columns keeps ${to}, and one that writes NULL to ${to} gets the value of ${old.name}.`;
  const becomes = withoutDefault(r);
  if (becomes === null) return [unseen];
  return [
    unseen,
    `${to} has no default until the swap. Where new code writes DEFAULT to ${to} in an UPDATE, or behind ON DUPLICATE KEY UPDATE, ${becomes}: let it write the value itself until then.`,
  ];
}

/** What the application's own triggers make of two columns where there was one. */
export function notesOnTriggers(r: Rename): string[] {
  const isOwn = ({ fires }: Dependent) => fires === undefined || fires.table === r.relation.name;
  const triggers = r.table.dependents.filter((d) => d.kind === "trigger" && isOwn(d));
  if (!triggers.some(names(r.old.name))) return [];
  const sync = syncTriggers(pairOf(r)).map((t) => t.name);
  return [
    `Triggers that name ${r.old.name} do not see what new code writes to ${r.to}: it is copied to ${r.old.name} after them, as it was written. Where a statement writes ${r.to} and such a trigger ${r.old.name}, both get what the statement wrote.`,
    `Triggers fire in the order in which they were made, and those that keep the two columns equal must be the last: make a new one of yours with PRECEDES ${sync.join(" or ")}, and one that writes ${r.to} only when no old code runs any more.`,
  ];
}
