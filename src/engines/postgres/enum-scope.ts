import type { Node, RangeVar, TypeName as TypeNode } from "libpg-query";
import type { Catalog } from "../../model/catalog.js";
import type { RelationName } from "../../model/name.js";
import { findTable, sameRelation } from "../engine.js";
import { knownView } from "../table-lookup.js";
import { fromTree, type TypeName, typeName, userType } from "./effects/type-names.js";
import { bodies, body, relationOf, strings, walk } from "./parse/ast.js";

/** What is of an enum's type: a value, or an array of values; `unknown` of a table that no file makes. */
export type Reads = "value" | "array" | "unknown";

/** Columns by their names, and which of them are of the enum. */
type Columns = ReadonlyMap<string, Reads | null>;

/** Rows that a statement may name columns of. */
interface Range {
  readonly called: string;
  /** `unknown` of a table that no file makes; null where the statement, or a view, makes them up. */
  readonly columns: Columns | "unknown" | null;
}

/** What of a statement is of one enum, as far as that is certain. */
export interface Scope {
  typeOf(type: TypeNode | undefined): Reads | null;
  readsOf(expression: Node | undefined): Reads | null;
  /** Of a column that the statement names by its table. */
  columnOf(range: unknown, column: string): Reads | null;
  /** All columns of a table, in order; none where it is not known. */
  columnsOf(range: unknown): readonly string[];
  partitionKeyOf(range: unknown): readonly string[];
}

/** @param type the enum */
export function enumScope(statement: Node | undefined, type: RelationName, catalog: Catalog): Scope {
  const reads = (read: TypeName | null): Reads | null => {
    if (read === null) return null;
    const isIt = sameRelation({ schema: read.schema, name: read.name }, type, catalog.defaultSchema);
    if (isIt) return read.array ? "array" : "value";
    const domain = read.array ? null : userType(read, catalog);
    return domain?.kind === "domain" && domain.base !== null ? reads(typeName(domain.base)) : null;
  };
  const typeOf = (node: TypeNode | undefined) => (node === undefined ? null : reads(fromTree(node)));
  const tableOf = (range: unknown) => (isRange(range) ? findTable(catalog, relationOf(range)) : null);
  const known = (range: RangeVar): Range["columns"] => {
    const columns = tableOf(range)?.columns ?? [];
    if (columns.length > 0) return new Map(columns.map((c) => [c.name, reads(typeName(c.type))]));
    return knownView(catalog, relationOf(range)) === null ? "unknown" : null;
  };
  const ranges = rangesOf(statement, known, typeOf);
  const readsOf = (expression: Node | undefined): Reads | null => {
    const cast = body(expression, "TypeCast");
    if (cast !== null) return typeOf(cast.typeName);
    const fields = body(expression, "ColumnRef")?.fields;
    return fields === undefined || fields.some((f) => "A_Star" in f) ? null : resolved(strings(fields), ranges);
  };
  return {
    typeOf,
    readsOf,
    columnOf: (range, column) => (isRange(range) ? inColumns(known(range), column) : null),
    columnsOf: (range) => tableOf(range)?.columns.map(({ name }) => name) ?? [],
    partitionKeyOf: (range) => tableOf(range)?.partitionKey ?? [],
  };
}

const isRange = (value: unknown): value is RangeVar =>
  typeof value === "object" && value !== null && "relname" in value;

const inColumns = (columns: Range["columns"], column: string): Reads | null =>
  columns === "unknown" ? columns : (columns?.get(column) ?? null);

/** All that may have a column of the name, and be meant, must agree. */
function resolved(parts: readonly string[], ranges: readonly Range[]): Reads | null {
  const column = parts.at(-1) ?? "";
  const table = parts.at(-2);
  const meant = ranges.filter(({ called }) => table === undefined || called === table);
  if (meant.some(({ columns }) => columns === null)) return null;
  const having = meant.filter(({ columns }) => columns === "unknown" || columns?.has(column));
  const [first, ...others] = new Set(having.map(({ columns }) => inColumns(columns, column)));
  if (first === undefined) return null;
  if (others.length === 0) return first;
  return having.some(({ columns }) => columns === "unknown") ? "unknown" : null;
}

/** Rows whose columns the tree itself makes up. */
const MADE: ReadonlySet<string> = new Set([
  "RangeSubselect",
  "RangeFunction",
  "RangeTableFunc",
  "JsonTable",
  "JoinExpr",
]);
/** What is made, or pointed at: no column of it is named. */
const UNREAD: ReadonlySet<string> = new Set(["view", "rel", "pktable", "inhRelations"]);

function rangesOf(
  statement: Node | undefined,
  known: (range: RangeVar) => Range["columns"],
  typeOf: (type: TypeNode | undefined) => Reads | null,
): readonly Range[] {
  const found: Range[] = [];
  const made = new Set<string>();
  walk(statement, (kind, node) => {
    if (kind === "CommonTableExpr") made.add((node as { ctename?: string }).ctename ?? "");
    const alias = (node as { alias?: { aliasname?: string } }).alias?.aliasname;
    if (MADE.has(kind) && (kind !== "JoinExpr" || alias !== undefined))
      found.push({ called: alias ?? "", columns: null });
  });
  const note = (range: RangeVar, own: readonly Node[]) => {
    const { relname = "", schemaname, alias } = range;
    const columns = schemaname === undefined && made.has(relname) ? null : known(range);
    const renamed = alias?.colnames !== undefined;
    const defined = bodies(own, "ColumnDef").map((d) => [d.colname ?? "", typeOf(d.typeName)] as const);
    const all = defined.length === 0 ? columns : new Map([...(columns instanceof Map ? columns : []), ...defined]);
    found.push({ called: alias?.aliasname ?? relname, columns: renamed ? null : all });
    return all;
  };
  const stack: unknown[] = [statement];
  for (let value = stack.pop(); value !== undefined; value = stack.pop()) {
    if (typeof value !== "object" || value === null) continue;
    for (const [key, child] of Object.entries(value)) {
      if (UNREAD.has(key)) continue;
      if (isRange(child)) found.push(...rowsOf(key, note(child, definitionsOf(value))));
      else stack.push(child);
    }
  }
  const domain = body(statement, "CreateDomainStmt");
  const value = domain === null ? [] : [{ called: "", columns: new Map([["value", typeOf(domain.typeName)]]) }];
  return [...found, ...value];
}

/** The rows of a trigger and a rule, and the one that ON CONFLICT has met, are of the statement's own table. */
const rowsOf = (key: string, columns: Range["columns"]): readonly Range[] =>
  key === "relation" ? ["new", "old", "excluded"].map((called) => ({ called, columns })) : [];

/** The columns that CREATE TABLE and ALTER TABLE define. */
function definitionsOf(statement: object): readonly Node[] {
  const { tableElts, cmds } = statement as { tableElts?: readonly Node[]; cmds?: readonly Node[] };
  return [...(tableElts ?? []), ...bodies(cmds, "AlterTableCmd").flatMap(({ def }) => def ?? [])];
}
