import type { ObjectDetail } from "../model/operation-detail.js";
import type { Known } from "./known.js";
import { get, set, without } from "./persistent-map.js";
import { routineName } from "./routine-names.js";
import { qualified } from "./session.js";

type Change = Extract<ObjectDetail, { readonly object: string }>;

/** What else than its name and its time of life ALTER EVENT changes. */
const KEEPS: ReadonlySet<string> = new Set(["DO", "ENABLE", "COMMENT"]);

/** The events that files have made and that are there until one drops them (MySQL, MariaDB): one that ends drops itself. */
export function applyEvent(known: Known, detail: Change): Known {
  if (detail.name === null || known.dialect === undefined) return known;
  const key = routineName(known, "event", qualified(known, detail.name));
  if (isLasting(detail, get(known.routineNames, key) === true))
    return { ...known, routineNames: set(known.routineNames, key, true) };
  return { ...known, routineNames: without(known.routineNames, key) };
}

function isLasting(detail: Change, before: boolean): boolean {
  if (detail.kind === "create-object") return detail.lasts === true || (before && !detail.orReplace);
  return detail.kind === "alter-object" && before && detail.changes.every(staysSo);
}

const staysSo = (change: string): boolean => KEEPS.has(change) || change.startsWith("DISABLE");
