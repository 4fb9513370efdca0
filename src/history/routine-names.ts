import type { RelationName } from "../model/name.js";
import { keyOf } from "./key-of.js";
import type { Known } from "./known.js";
import { get } from "./persistent-map.js";

/** Where all routines of a name are known, and none of them is left, there is none. */
export function hasRoutine(known: Known, object: string, name: RelationName): boolean {
  if (get(known.routines, keyOf(known, name))?.length === 0) return false;
  return get(known.routineNames, routineName(known, object, name)) === true;
}

/** Of routines' names: some file made one; something made others whose names no file says, or a trigger calls one that none made. */
export const SOME = "\0some";
export const BROUGHT = "\0brought";
/** Of an extension that may bring default operator classes for other types than its own, and of what is a class or a cast itself. */
export const CLASSES = "\0classes";

/** Of tables' names: something may have made some that its text does not name. */
export const UNTOLD = "\0untold";

/** By a name in whatever schema: which one a search path finds is not told by files. */
export const bareName = ({ name }: RelationName): string => `\0bare\0${name}`;

/** Files have made none of the name, in no schema, and tell of all that there is. */
export function lacksRoutine(known: Known, name: RelationName): boolean {
  const has = (key: string) => get(known.routineNames, key) === true;
  // Files that make none at all tell of all there is where they name all tables.
  const isTold = has(SOME) || get(known.named, UNTOLD) !== true;
  return known.forgot !== true && isTold && !has(BROUGHT) && !has(bareName(name));
}

/** The key of a routine's or event's name: each kind has its own on MySQL and MariaDB, which do not tell them apart by case. */
export function routineName(
  known: Pick<Known, "dialect" | "defaultSchema">,
  object: string,
  name: RelationName,
): string {
  if (known.dialect === undefined) return `\0${keyOf(known, name)}`;
  return `${object}\0${keyOf(known, { schema: name.schema, name: name.name.toLowerCase() })}`;
}
