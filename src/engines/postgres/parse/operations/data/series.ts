import type { FuncCall, Node } from "libpg-query";
import { body, strings } from "../../ast.js";

const UNITS: Readonly<Record<string, number>> = Object.freeze({
  second: 1,
  minute: 60,
  hour: 3600,
  day: 86_400,
  week: 7 * 86_400,
  month: 28 * 86_400,
  year: 365 * 86_400,
});

/** A number, a moment in seconds, or an interval in those that it has at least; null for anything else. */
function constantOf(node: Node | undefined): number | null {
  const cast = body(node, "TypeCast");
  if (cast !== null) return constantOf(cast.arg);
  const value = body(node, "A_Const");
  if (value?.fval?.fval !== undefined) return Number(value.fval.fval);
  // The tree leaves a zero out.
  if (value?.ival !== undefined) return value.ival.ival ?? 0;
  const text = value?.sval?.sval ?? "";
  const [, count, unit = ""] = /^(\d{1,9}) ?([a-z]+?)s?$/i.exec(text) ?? [];
  if (count !== undefined) return Number(count) * (UNITS[unit.toLowerCase()] ?? Number.NaN);
  const moment = /^\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d)?)?$/.test(text)
    ? Date.parse(`${text.slice(0, 10)}T00:00Z`)
    : Number.NaN;
  return moment / 1000;
}

/** How many rows `generate_series(1, 10)` gives, or at most gives; null where the text does not say. */
export function seriesLength({ funcname, args = [] }: FuncCall): number | null {
  if (strings(funcname).at(-1) !== "generate_series" || args.length < 2 || args.length > 3) return null;
  const [from, to, step = 1] = args.map(constantOf);
  if (from === null || to === null || step === null || from === undefined || to === undefined) return null;
  // A day more than between two days covers their hours.
  const length = Math.floor((Math.abs(to - from) + (isMoment(args[0]) ? DAY : 0)) / Math.abs(step)) + 1;
  return Number.isFinite(length) ? length : null;
}

const DAY = 86_400;

const isMoment = (node: Node | undefined): boolean => {
  const cast = body(node, "TypeCast");
  return cast === null ? body(node, "A_Const")?.sval !== undefined : isMoment(cast.arg);
};
