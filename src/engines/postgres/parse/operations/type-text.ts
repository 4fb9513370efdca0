import type { TypeName } from "libpg-query";
import { body, strings } from "../ast.js";

/** How PostgreSQL prints types of its own: in front of a length, and behind it. */
const PRINTED: Readonly<Record<string, readonly [string, string]>> = Object.freeze({
  int2: ["smallint", ""],
  int4: ["integer", ""],
  int8: ["bigint", ""],
  float4: ["real", ""],
  float8: ["double precision", ""],
  bool: ["boolean", ""],
  bpchar: ["character", ""],
  varchar: ["character varying", ""],
  varbit: ["bit varying", ""],
  time: ["time", " without time zone"],
  timetz: ["time", " with time zone"],
  timestamp: ["timestamp", " without time zone"],
  timestamptz: ["timestamp", " with time zone"],
});

/** A type as PostgreSQL prints it; null where its length is not written as a number. */
export function typeText({ names, typmods = [], arrayBounds = [], pct_type }: TypeName): string | null {
  const lengths = typmods.map((each) => body(each, "A_Const")?.ival?.ival ?? null);
  const parts = strings(names);
  if (parts.length === 0 || pct_type === true || lengths.includes(null)) return null;
  // The fields of INTERVAL are counted in front of its digits.
  if (parts.at(-1) === "interval" && lengths.length > 0) return null;
  const shown = parts.length === 2 && parts[0] === "pg_catalog" ? parts.slice(1) : parts;
  const name = shown.map(written).join(".");
  const [front, behind] = PRINTED[name] ?? [name, ""];
  return `${front}${lengths.length === 0 ? "" : `(${lengths.join(",")})`}${behind}${"[]".repeat(arrayBounds.length)}`;
}

/** `char` without quotes is another type. */
const written = (part: string): string =>
  /^(?!char$)[a-z_][a-z0-9_]*$/.test(part) ? part : `"${part.replaceAll('"', '""')}"`;
