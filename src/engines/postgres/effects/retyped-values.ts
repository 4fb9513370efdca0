import type { Catalog, Column } from "../../../model/catalog.js";
import type { AlterColumnType } from "../../../model/detail/column.js";
import type { Operation } from "../../../model/operation.js";
import type { EffectContext } from "../../engine.js";
import { expressionTree } from "./trees.js";
import { castsOf, typeChange } from "./type-change.js";
import { type TypeName, typeName, userType } from "./type-names.js";

const INTEGERS: ReadonlySet<string> = new Set(["int2", "int4", "int8"]);

/** A default that has the column's type: a text between quotes, with or without its cast, or a value that is written like one. */
function isOfType(written: string, column: Column): boolean {
  const type = typeName(column.type);
  const [, cast] = /^'(?:[^']|'')*'(?:::(.+))?$/s.exec(written) ?? [];
  if (written.startsWith("'")) return cast === undefined ? /'$/.test(written) : typeName(cast)?.name === type?.name;
  if (type === null || type.array || type.schema !== "pg_catalog") return false;
  return type.name === "bool" ? /^(?:true|false)$/i.test(written) : INTEGERS.has(type.name) && /^-?\d+$/.test(written);
}

/** The same statement takes the default away, or gives another one. */
const isDefaultOf = (one: Operation, column: string): boolean =>
  one.kind === "other" &&
  (one.detail?.kind === "drop-default" || one.detail?.kind === "set-default") &&
  one.detail.column === column;

/**
 * Whether the default of a column that gets another type is in the way: USING is about the rows alone, and the default has to become
 * the new type by itself. Seen on PostgreSQL 18 (42804).
 */
export function keepsDefault(detail: AlterColumnType, column: Column | null, context: EffectContext): boolean {
  const written = column?.default?.trim() ?? null;
  if (column === null || written === null || column.generated !== null || !isOfType(written, column)) return false;
  if ((context.siblings ?? []).some((one) => isDefaultOf(one, detail.column))) return false;
  return typeChange(column.type, detail.type, detail.column, null, context).impossible;
}

function valuesOf(type: TypeName | null, catalog: Catalog): readonly string[] | null {
  const known = type === null ? null : userType(type, catalog);
  return known?.kind === "enum" ? (known.values ?? null) : null;
}

/** The values of an enum that another one lacks, to which a column changes by its texts; null where that is not told. */
export function valuesLost(
  { column: name, type, using }: AlterColumnType,
  column: Column | null,
  catalog: Catalog,
): readonly string[] | null {
  const [old, next] = [typeName(column?.type ?? ""), typeName(type)];
  const path = using === null ? null : castsOf(expressionTree(using), name);
  const [text, last, another] = path ?? [];
  const isByText = text?.schema === "pg_catalog" && /^(?:text|varchar)$/.test(text.name) && text.modifiers === null;
  if (!isByText || another !== undefined || old?.array !== next?.array || text.array !== next?.array) return null;
  if (last !== undefined && (last.name !== next?.name || last.array !== next.array)) return null;
  const [before, after] = [valuesOf(old, catalog), valuesOf(next, catalog)];
  return before === null || after === null ? null : before.filter((value) => !after.includes(value));
}
