import type { TypeName } from "./type-names.js";

/** Fractional digits of a second that times have when none are written. */
const FULL_PRECISION = 6;

type Modifiers = readonly number[] | null;

/**
 * Whether values of a type are valid as they are under other modifiers of the same type. PostgreSQL asks the support
 * functions of its length casts (varchar, varbit, numeric, the times); types without one are converted.
 */
export function modifiersKeep(type: TypeName, from: Modifiers, to: Modifiers): boolean {
  if (to === null || (from !== null && from.join() === to.join())) return true;
  if (type.array) return false;
  const rule = RULES[type.name];
  return rule?.(from, to) ?? false;
}

const RULES: Readonly<Record<string, (from: Modifiers, to: readonly number[]) => boolean>> = Object.freeze({
  varchar: longer,
  varbit: longer,
  numeric: wider,
  time: finer,
  timetz: finer,
  timestamp: finer,
  timestamptz: finer,
  interval: coarserNowhere,
});

function longer(from: Modifiers, to: readonly number[]): boolean {
  return from !== null && (to[0] ?? 0) >= (from[0] ?? 0);
}

function wider(from: Modifiers, to: readonly number[]): boolean {
  return from !== null && (from[1] ?? 0) === (to[1] ?? 0) && (to[0] ?? 0) >= (from[0] ?? 0);
}

function finer(from: Modifiers, to: readonly number[]): boolean {
  const precision = to[0] ?? FULL_PRECISION;
  return precision >= FULL_PRECISION || (from !== null && precision >= (from[0] ?? FULL_PRECISION));
}

/** The bits of an interval's fields, finest first (utils/datetime.h). */
const FIELDS = [12, 11, 10, 3, 1, 2];

/** An interval keeps its values when its finest field is as fine as before, and its seconds too. */
function coarserNowhere(from: Modifiers, to: readonly number[]): boolean {
  const before = finest(from);
  if (finest(to) > before) return false;
  const precision = to[1] ?? FULL_PRECISION;
  return before > 0 || precision >= FULL_PRECISION || precision >= (from?.[1] ?? FULL_PRECISION);
}

function finest(modifiers: Modifiers): number {
  const fields = modifiers?.[0];
  if (fields === undefined) return 0;
  return Math.max(
    0,
    FIELDS.findIndex((bit) => (fields & (1 << bit)) !== 0),
  );
}
