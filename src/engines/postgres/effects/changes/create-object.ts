import type { CreateObject } from "../../../../model/detail/object.js";
import type { Effect } from "../../../../model/effect.js";
import { effect } from "../../../effect.js";
import { lock } from "../locks.js";
import type { Subject } from "../subject.js";
import { worst } from "../worst.js";
import { ON_TABLE, onTable, PLACES, transactionOf } from "./object-places.js";

/** CREATE, or CREATE OR REPLACE, of what is no table. */
export function createObjectEffect(detail: CreateObject, subject: Subject): Effect {
  const { object, reads } = detail;
  if (PLACES[object] === "unknown") return worst(subject.operation);
  if (object === "materialized-view") return materialized(detail);
  if (object === "publication") return effect({ locks: reads.map((r) => lock(r, "SHARE UPDATE EXCLUSIVE", "brief")) });
  const own = PLACES[object] === "table" ? onTable(subject, ON_TABLE[object] ?? "ACCESS EXCLUSIVE") : [];
  const replaced = PLACES[object] === "itself" && detail.orReplace && detail.name !== null;
  return effect({
    locks: [
      ...own,
      ...(replaced && detail.name !== null ? [lock(detail.name, "ACCESS EXCLUSIVE", "brief")] : []),
      ...(object === "view" ? reads.map((r) => lock(r, "ACCESS SHARE", "brief")) : []),
    ],
    transaction: transactionOf(object),
    assumes: object === "extension" ? ["what the extension's own script does is not seen"] : [],
  });
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
