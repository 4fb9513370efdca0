import type { CreateObject } from "../../../../model/detail/object.js";
import type { Breakage, Effect } from "../../../../model/effect.js";
import { show } from "../../../../model/name.js";
import { effect } from "../../../effect.js";
import { isNewView } from "../../../new-view.js";
import { madeAmbiguous } from "../../../overloads.js";
import { knownRoutines } from "../../../table-lookup.js";
import { lock } from "../locks.js";

import { broken, type Subject } from "../subject.js";
import { worst } from "../worst.js";
import { ON_TABLE, onTable, PLACES, transactionOf } from "./object-places.js";
import { unidentified } from "./publication.js";
import { replacedTriggers } from "./replaced-trigger.js";
import { replacedPath } from "./routine-path.js";
import { stoppedWrites } from "./trigger-writes.js";

/** CREATE, or CREATE OR REPLACE, of what is no table. */
export function createObjectEffect(detail: CreateObject, subject: Subject): Effect {
  const { object, reads } = detail;
  if (PLACES[object] === "unknown") return worst(subject.operation);
  if (object === "materialized-view") return materialized(detail);
  if (object === "publication") {
    const locks = reads.map((r) => lock(r, "SHARE UPDATE EXCLUSIVE", "brief"));
    return effect({ locks, breaks: unidentified(detail, subject) });
  }
  const own = PLACES[object] === "table" ? onTable(subject, ON_TABLE[object] ?? "ACCESS EXCLUSIVE") : [];
  const replaced = PLACES[object] === "itself" && detail.orReplace && !isNewView(detail, subject.context.catalog);
  return effect({
    locks: [
      ...own,
      ...(replaced && detail.name !== null ? [lock(detail.name, "ACCESS EXCLUSIVE", "brief")] : []),
      ...(object === "view" ? reads.map((r) => lock(r, "ACCESS SHARE", "brief")) : []),
    ],
    breaks: [
      ...replacedWrites(detail, subject),
      ...hiddenRows(detail, subject),
      ...stoppedWrites(detail, subject),
      ...replacedTriggers(detail, subject),
      ...replacedPath(detail, subject),
      ...unclear(detail, subject),
    ],
    transaction: transactionOf(object),
    assumes: object === "extension" ? ["what the extension's own script does is not seen"] : [],
  });
}

/** INSTEAD: what running code writes is not written any more. A view takes no write without such a rule. */
function replacedWrites({ insteadOf }: CreateObject, { relation, table, context }: Subject): Breakage[] {
  if (insteadOf === undefined || (table === null && context.catalog.complete)) return [];
  const why = `${insteadOf.toUpperCase()}s of ${show(relation)} that the rule is for do what it says in their place, without an error`;
  return [broken("writes", why)];
}

/** A second routine of the name whose defaults make it fit calls of the first. */
function unclear({ routine, name, object }: CreateObject, { context }: Subject): Breakage[] {
  if (routine === undefined || name === null) return [];
  const old = madeAmbiguous(knownRoutines(context.catalog, name) ?? [], routine);
  if (old === null) return [];
  const why = `${object} ${show(name)}(${old.takes.join(", ")}) stays beside this one, and its calls fail, for which of both is meant cannot be told (42725)`;
  return [broken("both", why)];
}

/** A restrictive policy takes rows away that others allow, where row security is on. */
function hiddenRows({ restrictive, name }: CreateObject, { relation }: Subject): Breakage[] {
  if (restrictive !== true) return [];
  const why = `rows of ${show(relation)} that policy ${name?.name ?? ""} does not allow are neither seen nor written`;
  return [broken("both", `${why}, where row security is on`)];
}

/** The query runs while the tables that it reads are marked as read. */
function materialized({ reads, withData }: CreateObject): Effect {
  const runs = withData !== false;
  return effect({
    locks: reads.map((r) => lock(r, "ACCESS SHARE", runs ? "scan" : "brief")),
    scan: runs,
    replicaCost: runs ? "replay" : "none",
  });
}
