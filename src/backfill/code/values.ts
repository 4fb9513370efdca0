import type { ValueForm } from "../../engines/engine.js";
import type { RowValue } from "../../model/backfill-code.js";

/** A value as code gets it, of the exact text that the server has printed. */
export function readValue(form: ValueForm, text: string | null): RowValue {
  if (text === null) return null;
  if (form === "number") return Number(text);
  if (form === "bigint") return BigInt(text);
  if (form === "boolean") return text === "true";
  return form === "bytes" ? new Uint8Array(Buffer.from(text, "hex")) : text;
}

/** Why a value of code cannot be written, for people; the server judges all others. */
export class BadValue extends Error {
  override readonly name = "BadValue";
}

function numberText(value: number, form: ValueForm): string {
  if (Number.isInteger(value) && !Number.isSafeInteger(value) && form !== "number")
    throw new BadValue(`${value} is a number that has lost digits: use a bigint or a text`);
  return Object.is(value, -0) ? "-0" : String(value);
}

function objectText(value: object, form: ValueForm): string {
  if (value instanceof Uint8Array && form === "bytes") return Buffer.from(value).toString("hex");
  if (value instanceof Uint8Array) throw new BadValue("bytes are only for columns of a binary type");
  if (value instanceof Date)
    throw new BadValue("a Date is not taken: write the text that the column takes, with the time zone that you mean");
  throw new BadValue("an object is not taken: write its text, of JSON with JSON.stringify");
}

/** The text that the server reads as the value. @throws BadValue */
export function textOf(form: ValueForm, value: unknown): string | null {
  if (value === null) return null;
  if (typeof value === "object") return objectText(value, form);
  if (form === "bytes") throw new BadValue(`a ${typeof value} is not taken by a binary column: write a Uint8Array`);
  if (typeof value === "string") return value;
  if (typeof value === "number") return numberText(value, form);
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "boolean")
    throw new BadValue(`${typeof value} is no value: leave the column out, or write null`);
  if (form === "text") throw new BadValue("a boolean is not taken by this column: write the text that it takes");
  return form === "boolean" ? String(value) : String(Number(value));
}
