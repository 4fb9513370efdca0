import type { Type } from "./type.js";

/** More values at the end, in as many bytes as before: old rows mean what they meant. */
export function appendsValues(from: Type, to: Type): boolean {
  if (from.base !== to.base || (from.base !== "enum" && from.base !== "set")) return false;
  const kept = from.values.every((v, at) => to.values[at] === v);
  return kept && to.values.length > from.values.length && bytes(from) === bytes(to);
}

/** An enum takes one byte up to 255 values, a set a byte for each 8 up to 4 bytes, then 8. */
function bytes({ base, values }: Type): number {
  if (base === "enum") return values.length < 256 ? 1 : 2;
  const whole = Math.ceil(values.length / 8);
  return whole > 4 ? 8 : whole;
}

/** Values that there are no more. */
export function removedValues(from: Type, to: Type): string[] {
  return from.base === to.base ? from.values.filter((v) => !to.values.includes(v)) : [];
}

const INTEGERS: Readonly<Record<string, number>> = Object.freeze({
  tinyint: 1,
  smallint: 2,
  mediumint: 3,
  int: 4,
  bigint: 8,
});
const TEXTS: Readonly<Record<string, number>> = Object.freeze({ tinytext: 1, text: 2, mediumtext: 3, longtext: 4 });
const BLOBS: Readonly<Record<string, number>> = Object.freeze({ tinyblob: 1, blob: 2, mediumblob: 3, longblob: 4 });

/** Every value of the old type fits into the new one, unchanged. */
export function holdsAll(from: Type, to: Type): boolean {
  if (to.json && !from.json) return false;
  const [old, now] = [INTEGERS[from.base], INTEGERS[to.base]];
  if (old !== undefined && now !== undefined) {
    return from.unsigned === to.unsigned ? now >= old : from.unsigned && now > old;
  }
  for (const sizes of [TEXTS, BLOBS]) {
    const [a, b] = [sizes[from.base], sizes[to.base]];
    if (a !== undefined && b !== undefined) return b >= a;
  }
  if (from.base === "varchar" && (to.base === "mediumtext" || to.base === "longtext")) return true;
  if (from.base === "float" && to.base === "double") return true;
  if (from.base !== to.base || from.unsigned !== to.unsigned) return false;
  return holdsNumbers(from, to) && removedValues(from, to).length === 0;
}

function holdsNumbers(from: Type, to: Type): boolean {
  const [a = 0, scaleA = 0] = from.numbers;
  const [b = 0, scaleB = 0] = to.numbers;
  return from.base === "decimal" ? b - scaleB >= a - scaleA && scaleB >= scaleA : b >= a;
}
