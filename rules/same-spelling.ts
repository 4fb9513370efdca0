import { typeName } from "./written-columns.js";

const SAME: Readonly<Record<string, string>> = {
  int: "integer",
  int4: "integer",
  int8: "bigint",
  int2: "smallint",
  bool: "boolean",
  varchar: "character varying",
  timestamptz: "timestamp with time zone",
  float8: "double precision",
  decimal: "numeric",
};

/** A type so that two spellings of it are equal: its name and what stands in its parentheses. */
function spelled(type: string): string {
  const name = typeName(type);
  const [, inside = ""] = /\(([^)]*)\)/.exec(type) ?? [];
  const width = /^(?:tiny|small|medium|big)?int(?:eger)?$/.test(name) ? "" : inside;
  return `${SAME[name] ?? name}(${width.replace(/\s+/g, "")})${type.includes("[") ? "[]" : ""}`;
}

/** Whether two texts say the same type: `int` and `integer`, `varchar(10)` and `character varying (10)`. */
export const sameSpelling = (a: string, b: string): boolean => spelled(a) === spelled(b);
