import type { ColumnRef, FuncCall, Node, TypeCast } from "libpg-query";
import type { Column } from "../../../model/catalog.js";
import type { RelationName } from "../../../model/name.js";
import type { CreateIndex } from "../../../model/operation.js";
import type { EffectContext } from "../../engine.js";
import { knownRoutines } from "../../table-lookup.js";
import { body, strings, walk } from "../parse/ast.js";
import { readFragment } from "../parse/fragment.js";
import { expressionTree } from "./trees.js";
import { fromTree, typeName } from "./type-names.js";

/** No overload is IMMUTABLE (pg_proc.provolatile, PostgreSQL 18); unaccent is the extension's. */
const UNSTEADY: ReadonlySet<string> = new Set(
  `array_to_string clock_timestamp concat concat_ws currval current_setting format gen_random_uuid json_build_object
  jsonb_build_object nextval now random row_to_json statement_timestamp timeofday to_char to_date to_json to_jsonb
  to_number transaction_timestamp unaccent uuidv4 uuidv7`.split(/\s+/),
);
/** STABLE of a moment with a time zone, and IMMUTABLE of one without. */
const BY_ZONE: ReadonlySet<string> = new Set(["date", "date_part", "date_trunc", "extract"]);
/** What a time zone, or DateStyle, has a say in. */
const CASTS: Readonly<Record<string, ReadonlySet<string>>> = Object.freeze({
  timestamptz: new Set(["date", "time", "timestamp", "timetz", "text", "varchar", "bpchar"]),
  timestamp: new Set(["timestamptz", "text", "varchar", "bpchar"]),
  date: new Set(["timestamptz", "text", "varchar", "bpchar"]),
  text: new Set(["date", "time", "timestamp", "timestamptz", "timetz", "interval"]),
  varchar: new Set(["date", "time", "timestamp", "timestamptz", "timetz", "interval"]),
});

interface Asked extends Pick<EffectContext, "catalog"> {
  /** The columns whose values an expression is computed from; null where they are not known. */
  readonly table: { readonly columns: readonly Pick<Column, "name" | "type">[] } | null;
}

/** What in an index's expressions or predicate is not IMMUTABLE for certain, so that the server refuses it; null where nothing is. */
export function unsteadyPart(operation: CreateIndex, asked: Asked): string | null {
  if (operation.where === null && operation.keys.every(({ column }) => column !== null)) return null;
  const read = readFragment("CREATE INDEX ON t ", operation.definition, "");
  const index = typeof read === "string" ? null : body(read.node, "IndexStmt");
  let found: string | null = null;
  walk({ keys: index?.indexParams, where: index?.whereClause }, (kind, node) => {
    found ??= partOf(kind, node, asked);
  });
  return found;
}

/** What in an expression is not IMMUTABLE for certain: a generated column takes no such thing, either (42P17). */
export function unsteadyIn(expression: string, asked: Asked): string | null {
  let found: string | null = null;
  walk(expressionTree(expression), (kind, node) => {
    found ??= partOf(kind, node, asked);
  });
  return found;
}

function partOf(kind: string, node: unknown, asked: Asked): string | null {
  if (kind === "SQLValueFunction") return "the time or the user of now";
  if (kind === "FuncCall") return callOf(node as FuncCall, asked);
  return kind === "TypeCast" ? castOf(node as TypeCast, asked) : null;
}

function callOf({ funcname, args = [] }: FuncCall, asked: Asked): string | null {
  const parts = strings(funcname);
  const name: RelationName = { schema: parts.at(-2) ?? null, name: parts.at(-1) ?? "" };
  const own = name.schema === null || name.schema === "pg_catalog" || name.name === "unaccent";
  if (!own || knownRoutines(asked.catalog, name) !== null) return null;
  const zoned = BY_ZONE.has(name.name) && columnType(args.at(-1), asked) === "timestamptz";
  // With one argument it goes by default_text_search_config.
  const search = name.name === "to_tsvector" && args.length === 1;
  return UNSTEADY.has(name.name) || zoned || search ? name.name : null;
}

function castOf({ arg, typeName: to }: TypeCast, asked: Asked): string | null {
  const from = columnType(arg, asked);
  const target = to === undefined ? null : fromTree(to);
  if (from === null || target === null || target.array) return null;
  return CASTS[from]?.has(target.name) === true ? `the cast from ${from} to ${target.name}` : null;
}

/** The type of a column that stands by itself; null for anything else. */
function columnType(node: Node | undefined, { table }: Asked): string | null {
  const fields = (body(node, "ColumnRef") as ColumnRef | null)?.fields;
  const name = strings(fields).at(-1);
  const column = name === undefined ? undefined : table?.columns.find((c) => c.name === name);
  const type = column === undefined ? null : typeName(column.type);
  return type === null || type.array || type.schema !== "pg_catalog" ? null : type.name;
}
