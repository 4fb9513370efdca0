import type { RoutineShape } from "../model/detail/object.js";

/** With how many arguments it can be called, from and to. */
const fewest = ({ takes, defaults }: RoutineShape): number => takes.length - defaults;

/** With how few arguments a call may be of either. */
const leastOfBoth = (a: RoutineShape, b: RoutineShape): number => Math.max(fewest(a), fewest(b));

const isSame = (a: RoutineShape, b: RoutineShape): boolean => a.takes.join() === b.takes.join();

/**
 * Whether calls of one routine fail beside another one of its name, because the server cannot tell which is meant: the same
 * types as far as they are written, and defaults for the rest. Seen on PostgreSQL 14 to 18 (42725).
 *
 * @example
 * isAmbiguousBeside(add1OfInt, add1OfIntAndIntDefault) // true: add1(1) may be either
 */
export function isAmbiguousBeside(old: RoutineShape, now: RoutineShape): boolean {
  if (isSame(old, now)) return false;
  const from = leastOfBoth(old, now);
  const to = Math.min(old.takes.length, now.takes.length);
  return from <= to && startAlike(old, now, from);
}

/**
 * One of several routines whose calls fail as soon as another one of their name is made beside them; null for none. Calls that failed
 * already beside the one in whose place it comes are nothing new.
 */
export function madeAmbiguous(all: readonly RoutineShape[], now: RoutineShape): RoutineShape | null {
  const replaced = all.find((one) => isSame(one, now));
  const failed = (one: RoutineShape) =>
    replaced !== undefined && isAmbiguousBeside(one, replaced) && leastOfBoth(one, replaced) <= leastOfBoth(one, now);
  return all.find((one) => isAmbiguousBeside(one, now) && !failed(one)) ?? null;
}

/** Of a call with as few arguments as both take, the types are the same. */
const startAlike = (a: RoutineShape, b: RoutineShape, count: number): boolean =>
  a.takes.slice(0, count).join() === b.takes.slice(0, count).join();

/** Whether a call may be taken for one of the other from here on: as many arguments, of other types (`f('1')`, `f($1)`). */
export function mayBeMeant(old: RoutineShape, now: RoutineShape): boolean {
  return !isSame(old, now) && fewest(old) <= now.takes.length && fewest(now) <= old.takes.length;
}

/** Whether calls of one routine that name no argument are good for another one in its place: its types, its result, defaults for the rest. */
export function takesPlainCallsOf(old: RoutineShape, now: RoutineShape): boolean {
  return startAlike(old, now, old.takes.length) && fewest(now) <= fewest(old) && old.returns === now.returns;
}

/** The arguments of one routine that another one in its place does not have under their names: `f(a => 1)` fails (42883). */
export function namesLost(old: RoutineShape, now: RoutineShape): readonly string[] {
  return old.names.filter((name, at): name is string => name !== null && now.names[at] !== name);
}

/** Whether all calls of one routine are good for another one in its place. */
export function takesCallsOf(old: RoutineShape, now: RoutineShape): boolean {
  return takesPlainCallsOf(old, now) && namesLost(old, now).length === 0;
}
