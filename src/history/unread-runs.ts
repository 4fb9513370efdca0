import type { RelationName } from "../model/name.js";
import { keyOf } from "./key-of.js";
import { type Known, nothingKnown } from "./known.js";
import { emptyMap, filtered, get, keysOf, set, without } from "./persistent-map.js";

/** Something that ran, and whose doing no file tells. */
export interface UnreadRun {
  /** What ran, as a person may look it up: `my_migration()`. */
  readonly what: string;
  /** Tables that were made from this place in the order on are none that it found. */
  readonly before: number;
  /** The key of the one table that it was about; null where it may have changed any. */
  readonly table: string | null;
}

/**
 * What is known once code has run that nobody can read. What the files tell stays as they tell it, and judgements of the
 * tables that were there say that they assume it (`Assumed: my_migration() changed nothing of it`); what no file tells
 * may be there from here on. What a database or a shadow has told is not certain any more: changes are made by that.
 */
export function unknownRan(known: Known, what: string): Known {
  if (known.source !== "files") return nothingKnown(known);
  const gone = known.gone.size === 0 ? known.gone : emptyMap<true>();
  const acls = { ...known.acls, age: known.acls.age + 1 };
  return { ...noted(known, what, null), complete: false, forgot: true, gone, unseen: foreignKeys(known.unseen), acls };
}

/** Of tables that no file made a CHECK proves nothing any more: nobody would read that it is assumed. */
function foreignKeys(unseen: Known["unseen"]): Known["unseen"] {
  const checked = filtered(unseen, (_, constraints) => constraints.some(({ kind }) => kind !== "foreign-key"));
  return keysOf(checked).reduce((left, key) => {
    const kept = (get(left, key) ?? []).filter(({ kind }) => kind === "foreign-key");
    return kept.length === 0 ? without(left, key) : set(left, key, Object.freeze(kept));
  }, unseen);
}

/** The same of code that is known to change one table at most. */
export function unknownRanOn(known: Known, what: string, relation: RelationName): Known {
  return known.source === "files" ? noted(known, what, keyOf(known, relation)) : nothingKnown(known);
}

/** A run of the same comes in the place of the one before it. */
function noted(known: Known, what: string, table: string | null): Known {
  const before = known.nextOrder;
  const key = `${what}\0${table ?? ""}`;
  if (get(known.unreadRuns, key)?.before === before) return known;
  return { ...known, unreadRuns: set(known.unreadRuns, key, Object.freeze({ what, before, table })) };
}
