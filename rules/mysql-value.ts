export const INTEGER = /^(?:tiny|small|medium|big)?int(?:eger)?\b|^bool(?:ean)?$/i;
export const FRACTION = /^(?:decimal|dec|numeric|fixed|float|double|real)\b/i;
export const MOMENT = /^(?:date|datetime|timestamp)\b/i;
/** What a server may read as a number, from its first character to its last. */
export const NUMBER = /^\s*[-+]?[\d.]+(?:e[-+]?\d+)?\s*$/i;

/** The values of `enum('a','b')`; null for another type, and where something in it is escaped. */
function valuesOf(type: string): readonly string[] | null {
  const list = /^enum\s*\(([^\\]*)\)\s*$/i.exec(type)?.[1];
  return list === undefined ? null : [...list.matchAll(/'((?:[^']|'')*)'/g)].map(([, value = ""]) => value);
}

/** Letters that a collation takes for the same are no reason to speak. */
const plain = (text: string): string => text.trimEnd().replaceAll("''", "'").toLowerCase();

/** Whether a text is one of the values of an enum; null for another type, and where that is not told. */
export function isOfEnum(text: string, type: string): boolean | null {
  const values = valuesOf(type);
  if (values === null) return null;
  if (values.some((one) => plain(one) === plain(text))) return true;
  return [text, ...values].every((one) => /^[\x20-\x7e]*$/.test(one)) ? false : null;
}

/** Of the ways to write a day the one with hyphens; whether zeros are days is up to the mode. */
export function isNoDay(text: string): boolean {
  if (!/\d/.test(text)) return true;
  const [, month = "", day = ""] = /^\s*\d{4}-(\d\d)-(\d\d)(?!\d)/.exec(text) ?? [];
  return month > "12" || day > "31";
}

/** Whether a text is no value of a type, and is neither cut nor rounded to one, in a strict mode. A number's text may be the place of an enum's value. */
export function isNoValue(text: string, type: string): boolean {
  if (INTEGER.test(type) || FRACTION.test(type)) return !NUMBER.test(text);
  if (MOMENT.test(type)) return isNoDay(text);
  return isOfEnum(text, type) === false && !/^\s*\d+\s*$/.test(text);
}

/** What the servers say of such a text. */
export function codeOf(text: string, type: string): number {
  if (MOMENT.test(type)) return 1292;
  const isNumber = !/^enum\b/i.test(type);
  return isNumber && !/^\s*[-+]?\.?\d/.test(text) ? 1366 : 1265;
}
