import type { A_Const, A_Expr, Node } from "libpg-query";
import { type Body, body, kindOf, type NodeKind, strings } from "./parse/ast.js";
import { readExpression } from "./parse/fragment.js";

/**
 * Whether a condition lets through no row but those in which a column of a table is NULL, as one of its parts joined by AND says.
 *
 * @param table what the condition calls the table
 * @example
 * asksForNull("a > 0 AND t.b IS NULL", "b", "t") // true
 */
export function asksForNull(condition: string, column: string, table: string): boolean {
  const expression = readExpression(condition);
  if (typeof expression === "string") return false;
  const asks = (node: Node | undefined): boolean => {
    const both = body(node, "BoolExpr");
    if (both !== null) return both.boolop === "AND_EXPR" && (both.args ?? []).some(asks);
    const test = body(node, "NullTest");
    const names = strings(body(test?.arg, "ColumnRef")?.fields);
    return (
      test?.nulltesttype === "IS_NULL" && names.at(-1) === column && (names.length === 1 || names.at(-2) === table)
    );
  };
  return asks(expression.tree);
}

/** What a part of a condition is: null is NULL, and undefined is what cannot be told. */
type Value = boolean | number | null | undefined;
type Reader = (node: Node | undefined) => Value;

/**
 * Whether a condition is sure to be false where some columns are NULL, whatever the rest of the row is.
 *
 * @example
 * failsForNull("a IS NOT NULL AND b > 0", (column) => column === "a") // true
 */
export function failsForNull(condition: string, isNull: (column: string) => boolean): boolean {
  const expression = readExpression(condition);
  const read: Reader = (node) => {
    const column = body(node, "ColumnRef");
    if (column !== null) return isNull(strings(column.fields).at(-1) ?? "") ? null : undefined;
    return node === undefined ? undefined : partOf(node, read);
  };
  return typeof expression !== "string" && read(expression.tree) === false;
}

type Parts = { readonly [K in NodeKind]?: (part: Body<K>, read: Reader) => Value };

const PARTS: Parts = {
  A_Const: (constant) => constantOf(constant),
  A_Expr: compared,
  TypeCast: ({ arg }, read) => (read(arg) === null ? null : undefined),
  NullTest: ({ arg, nulltesttype }, read) => {
    const value = read(arg);
    return value === undefined ? undefined : (value === null) === (nulltesttype === "IS_NULL");
  },
  BooleanTest: ({ arg, booltesttype = "IS_TRUE" }, read) => {
    const value = read(arg);
    const asked = TESTS[booltesttype.replace("_NOT", "")];
    return value === undefined || asked === undefined ? undefined : (value === asked) !== booltesttype.includes("_NOT");
  },
  BoolExpr: ({ boolop, args = [] }, read) => {
    const values = args.map(read);
    if (boolop === "NOT_EXPR") return typeof values[0] === "boolean" ? !values[0] : values[0];
    const decides = boolop === "OR_EXPR";
    if (values.includes(decides)) return decides;
    return values.includes(undefined) ? undefined : values.includes(null) ? null : !decides;
  },
  CoalesceExpr: ({ args = [] }, read) => {
    const values = args.map(read);
    const first = values.findIndex((value) => value !== null);
    return first < 0 ? null : values[first];
  },
  FuncCall: ({ funcname, args = [] }, read) => {
    const values = args.map(read);
    const nulls = values.filter((value) => value === null).length;
    if (values.includes(undefined)) return undefined;
    return { num_nulls: nulls, num_nonnulls: values.length - nulls }[strings(funcname).at(-1) ?? ""];
  },
};

const TESTS: Readonly<Record<string, Value>> = { IS_TRUE: true, IS_FALSE: false, IS_UNKNOWN: null };

function partOf(node: Node, read: Reader): Value {
  const kind = kindOf(node) as NodeKind;
  const readPart = PARTS[kind] as ((part: unknown, read: Reader) => Value) | undefined;
  return readPart?.(body(node, kind), read);
}

function constantOf({ isnull, ival, boolval }: A_Const): Value {
  if (isnull === true) return null;
  if (boolval !== undefined) return boolval.boolval ?? false;
  return ival === undefined ? undefined : (ival.ival ?? 0);
}

/** Operators make NULL of NULL; IS DISTINCT FROM does not. */
function compared({ kind, name, lexpr, rexpr }: A_Expr, read: Reader): Value {
  const [left, right] = [read(lexpr), read(rexpr)];
  if (kind === "AEXPR_DISTINCT" || kind === "AEXPR_NOT_DISTINCT") {
    if (left === undefined || right === undefined) return undefined;
    return (left === right) === (kind === "AEXPR_NOT_DISTINCT");
  }
  if (left === null || right === null) return null;
  if (kind !== "AEXPR_OP" || left === undefined || right === undefined) return undefined;
  return COMPARISONS[strings(name).at(-1) ?? ""]?.(Number(left), Number(right));
}

const COMPARISONS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  "=": (a, b) => a === b,
  "<>": (a, b) => a !== b,
  "!=": (a, b) => a !== b,
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
};
