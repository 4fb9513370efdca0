import type { ObjectType, RoutineShape } from "../model/detail/object.js";
import type { RelationName } from "../model/name.js";
import { keyOf } from "./key-of.js";
import type { Known } from "./known.js";
import { get, valuesOf } from "./persistent-map.js";
import { placeOf } from "./places.js";

/** What ran when a table was there, and may have changed it. */
export function unreadRuns(known: Known, relation: RelationName): readonly string[] {
  const key = keyOf(known, relation);
  const listed = known.unreadRuns.size === 0 ? undefined : get(known.tables, key);
  if (listed === undefined) return [];
  return unreadBehind(known, listed.order, key);
}

/** What ran when something that is no table was there, and may have changed it. */
export function unreadRunsBehind(known: Known, object: ObjectType, name: RelationName): readonly string[] {
  const place = known.unreadRuns.size === 0 ? null : placeOf(known, object, name);
  const order = place === null ? undefined : get(known.places, place);
  return order === undefined ? [] : unreadBehind(known, order, null);
}

/** What hangs on routines that files have made for the first time came behind that, and nothing has run since that no file tells of (PostgreSQL). */
export function isRoutineNew(known: Known, routine: RelationName): boolean {
  const all = get(known.routines, keyOf(known, routine)) ?? [];
  const isNew = ({ newAt }: RoutineShape) => newAt !== undefined && unreadBehind(known, newAt, null).length === 0;
  return all.length > 0 && all.every(isNew);
}

function unreadBehind(known: Known, order: number, key: string | null): readonly string[] {
  const runs = valuesOf(known.unreadRuns).filter(
    ({ before, table }) => order < before && (table === null || table === key),
  );
  return [...new Set(runs.toSorted((a, b) => a.before - b.before).map(({ what }) => what))];
}
