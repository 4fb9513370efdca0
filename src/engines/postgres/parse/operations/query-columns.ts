import type { A_Const, ColumnRef, JoinExpr, Node, RangeVar, ResTarget, SelectStmt, TypeCast } from "libpg-query";
import type { RelationName } from "../../../../model/name.js";
import type { TakenColumn } from "../../../../model/operation.js";
import { bodies, body, relationOf, strings } from "../ast.js";
import { outputOf } from "./object/view-outputs.js";
import { typeText } from "./type-text.js";

/** A relation of FROM, and what the query calls it. */
interface Ranged {
  readonly relation: RelationName;
  readonly schema: string | null;
  readonly alias: string;
}

interface From {
  readonly tables: readonly Ranged[];
  /** Columns of several tables are shown as one: NATURAL and USING. */
  readonly merges: boolean;
}

/**
 * Of which columns a table is that is made of a query, in order: columns of the tables that it reads, casts and constants. Null
 * where its text does not tell: for other expressions, inner queries, WITH, UNION.
 *
 * @param given the names that are written in front of AS
 */
export function queryColumns(
  query: Node | undefined,
  given: readonly Node[] | undefined,
): readonly TakenColumn[] | null {
  const select = body(query, "SelectStmt");
  const from = select === null || !isPlain(select) ? null : fromOf(select.fromClause ?? []);
  if (select === null || from === null) return null;
  const columns = bodies(select.targetList, "ResTarget").map((target) => taken(target, from));
  const names = strings(given);
  const told = columns.filter((column) => column !== null);
  if (told.length < columns.length || (names.length > 0 && told.some(({ name }) => name === "*"))) return null;
  return Object.freeze(told.map((column, at) => Object.freeze({ ...column, name: names[at] ?? column.name })));
}

const isPlain = ({ op = "SETOP_NONE", withClause, valuesLists }: SelectStmt): boolean =>
  op === "SETOP_NONE" && withClause === undefined && valuesLists === undefined;

function fromOf(items: readonly Node[]): From | null {
  const each = items.map(itemOf);
  const told = each.filter((one) => one !== null);
  if (told.length < each.length) return null;
  return { tables: told.flatMap(({ tables }) => tables), merges: told.some(({ merges }) => merges) };
}

function itemOf(item: Node): From | null {
  const range = body(item, "RangeVar");
  if (range !== null) return range.alias?.colnames === undefined ? { tables: [ranged(range)], merges: false } : null;
  const join = body(item, "JoinExpr");
  return join === null || join.alias !== undefined ? null : joined(join);
}

function joined({ larg, rarg, isNatural, usingClause }: JoinExpr): From | null {
  const sides = larg === undefined || rarg === undefined ? null : fromOf([larg, rarg]);
  const merges = isNatural === true || usingClause !== undefined;
  return sides === null ? null : { ...sides, merges: sides.merges || merges };
}

const ranged = (range: RangeVar): Ranged => ({
  relation: relationOf(range),
  schema: range.alias === undefined ? (range.schemaname ?? null) : null,
  alias: range.alias?.aliasname ?? range.relname ?? "",
});

function taken(target: ResTarget, from: From): TakenColumn | null {
  const name = outputOf(target);
  const ref = body(target.val, "ColumnRef");
  if (name === null || target.indirection !== undefined) return null;
  if (ref !== null) return referred(name, ref, from);
  const cast = body(target.val, "TypeCast");
  if (cast !== null) return castTo(name, cast, from);
  const constant = body(target.val, "A_Const");
  const type = constant && typeOfConstant(constant);
  return type === null ? null : { name, type };
}

/** Types whose values have no collation. */
const UNCOLLATED =
  /^(smallint|integer|bigint|real|double precision|numeric|boolean|date|time|timestamp|uuid|jsonb?|bytea|inet|cidr)\b/;

/** A text that is cast has the collation that it had. */
function castTo(name: string, { arg, typeName }: TypeCast, from: From): TakenColumn | null {
  const type = typeName === undefined ? null : typeText(typeName);
  if (type === null) return null;
  if (UNCOLLATED.test(type) || body(arg, "A_Const") !== null) return { name, type };
  const ref = body(arg, "ColumnRef");
  const source = ref === null ? null : referred(name, ref, from);
  return source === null || "type" in source ? null : { ...source, type };
}

function referred(name: string, { fields = [] }: ColumnRef, { tables, merges }: From): TakenColumn | null {
  const parts = strings(fields);
  const isAll = fields.some((field) => "A_Star" in field);
  const column = isAll ? "*" : parts.pop();
  if (column === undefined || parts.length > 2) return null;
  const [table, schema = null] = parts.toReversed();
  if (table === undefined) return merges ? null : { name, column, of: tables.map(({ relation }) => relation) };
  const meant = tables.filter((one) => one.alias === table && (schema === null || one.schema === schema));
  return meant.length === 1 ? { name, column, of: meant.map(({ relation }) => relation) } : null;
}

/** As PostgreSQL types a constant that nothing else decides about. */
function typeOfConstant({ ival, fval, boolval, sval, isnull }: A_Const): string | null {
  if (ival !== undefined) return "integer";
  if (boolval !== undefined) return "boolean";
  if (sval !== undefined || isnull === true) return "text";
  const digits = fval?.fval ?? "";
  if (digits === "") return null;
  return /^\d+$/.test(digits) && BigInt(digits) < 2n ** 63n ? "bigint" : "numeric";
}
