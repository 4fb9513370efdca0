import type { Column } from "../../../../model/catalog.js";
import type { AlterColumnType } from "../../../../model/detail/column.js";
import type { StrategyContext } from "../../../engine.js";
import { isWider } from "../../effects/changes/column-type.js";
import { expressionTree } from "../../effects/trees.js";
import { typeChange } from "../../effects/type-change.js";
import { fromTree, type TypeName, typeName, userType } from "../../effects/type-names.js";
import { quote } from "../../names.js";
import { body, strings } from "../../parse/ast.js";

const INTEGERS: Readonly<Record<string, number>> = Object.freeze({ int2: 16, int4: 32, int8: 64 });

/** How many bits an integer type has; null for any other type. */
export function bitsOf(type: string): number | null {
  const read = typeName(type);
  if (read === null || read.array || read.schema !== "pg_catalog") return null;
  return INTEGERS[read.name] ?? null;
}

const ZONED: ReadonlySet<string> = new Set(["timestamptz", "timetz"]);
const isZoned = (type: TypeName | null): boolean => type?.schema === "pg_catalog" && ZONED.has(type.name);

/** The value depends on the TimeZone of whose session converts it. */
export function asksZone(from: string, to: string): boolean {
  const [old, next] = [typeName(from), typeName(to)];
  if (old === null || next === null) return false;
  return isZoned(old) !== isZoned(next) || (isZoned(old) && old.name !== next.name);
}

const LOSES = new Set(["date", "time", "timetz", "citext"]);

/** Every value becomes one of the other type, and no two the same. */
export function isSure(from: string, to: string): boolean {
  const [old, next] = [typeName(from), typeName(to)];
  if (old === null || next === null || old.array || next.array) return false;
  return isWider(old.name, next) && !(LOSES.has(next.name) && next.name !== old.name);
}

/** `c::bigint`, `CAST(c AS bigint)`: no more than the change itself says. */
export function isBareCast(using: string, { column, type }: Pick<AlterColumnType, "column" | "type">): boolean {
  const cast = body(expressionTree(using) ?? undefined, "TypeCast");
  const reference = body(cast?.arg, "ColumnRef");
  if (cast?.typeName === undefined || reference === null) return false;
  const same = JSON.stringify(fromTree(cast.typeName)) === JSON.stringify(typeName(type));
  return same && strings(reference.fields).at(-1) === column;
}

const isString = (type: string): boolean => {
  const read = typeName(type);
  return read !== null && !read.array && ["text", "varchar", "bpchar", "citext", "name"].includes(read.name);
};

const isEnum = (type: string, { catalog }: StrategyContext): boolean => {
  const read = typeName(type);
  return read !== null && !read.array && userType(read, catalog)?.kind === "enum";
};

/** PostgreSQL converts between the types when a value is assigned; null where that is not known. */
export function isAssigned(from: string, to: string, context: StrategyContext): boolean | null {
  const change = typeChange(from, to, "c", null, context);
  if (change.impossible) return false;
  return change.assumes.length > 0 ? null : true;
}

/** `c AT TIME ZONE 'UTC'` is its own way back between the two timestamp types. */
const AT_ZONE = /^\(*\s*("(?:[^"]|"")+"|\w+)\s+at\s+time\s+zone\s+('[^']+')\s*\)*$/i;

function zoneBack(using: string | null, old: Column, type: string): string | null {
  const zone = AT_ZONE.exec(using ?? "")?.[2];
  const names = [typeName(old.type)?.name, typeName(type)?.name];
  const both = names.includes("timestamp") && names.includes("timestamptz");
  return zone !== undefined && both ? `${quote(old.name)} AT TIME ZONE ${zone}` : null;
}

/**
 * The way back from the new type where PostgreSQL has one that the author need not write: a cast, through text between
 * two enums. Null where there is none.
 */
export function wayBack(using: string | null, old: Column, type: string, context: StrategyContext): string | null {
  const zone = zoneBack(using, old, type);
  if (zone !== null) return zone;
  if (asksZone(old.type, type)) return null;
  const column = quote(old.name);
  if (isEnum(type, context) && isEnum(old.type, context)) return `${column}::text::${old.type}`;
  if (isString(type) || isAssigned(type, old.type, context) === true) return `${column}::${old.type}`;
  return null;
}
