import type { ObjectType } from "../model/detail/object.js";
import type { RelationName } from "../model/name.js";
import { keyOf } from "./key-of.js";
import type { Known } from "./known.js";
import { set } from "./persistent-map.js";

/** Routines, types and relations have their names apart from each other. */
const APART: Readonly<Partial<Record<ObjectType, string>>> = {
  function: "routine",
  procedure: "routine",
  event: "event",
  type: "type",
  domain: "type",
  view: "relation",
  "materialized-view": "relation",
  sequence: "relation",
};

/** The key of a name among those of its kind; null for what has none that is followed. */
export function placeOf(known: Known, object: ObjectType, name: RelationName): string | null {
  const apart = APART[object];
  return apart === undefined ? null : `${apart}\0${keyOf(known, name)}`;
}

/** It is there, behind what has run so far. */
export function placedNow(known: Known, object: ObjectType, name: RelationName): Known {
  const place = placeOf(known, object, name);
  if (place === null) return known;
  return { ...known, places: set(known.places, place, known.nextOrder), nextOrder: known.nextOrder + 1 };
}
