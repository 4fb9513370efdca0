import type { A_ArrayExpr, A_Const, CommonTableExpr, FuncCall, Node, SelectStmt, WithClause } from "libpg-query";
import { bodies, body, contains, strings, walk } from "../../ast.js";
import { callsIn } from "../../relations.js";
import { seriesLength } from "./series.js";

/** What WITH names. */
export type Ctes = readonly CommonTableExpr[];

/** Of clauses that a query sees; what refers to itself gives any number of rows. */
export const ctesOf = (...clauses: readonly (WithClause | undefined)[]): Ctes =>
  clauses.flatMap((clause) => (clause?.recursive === true ? [] : bodies(clause?.ctes, "CommonTableExpr")));

/** Functions of one value: any other one may give thousands. */
const SINGLE: ReadonlySet<string> = new Set(
  "now clock_timestamp gen_random_uuid uuid_generate_v4 nextval currval lower upper md5 concat length to_timestamp".split(
    " ",
  ),
);

/** Whether a tree calls nothing that may give more than one row. */
export const givesSingles = (tree: unknown): boolean => callsIn(tree).every(({ name }) => SINGLE.has(name));

/** How many rows at most a query gives whose rows the text holds: `VALUES (1), (2)`, `SELECT 1 UNION ALL SELECT 2`; null for any other. */
export function writtenRows(query: SelectStmt | null | undefined, ctes: Ctes = []): number | null {
  if (query === null || query === undefined) return null;
  if (query.withClause?.recursive === true) return null;
  const known = [...ctes, ...ctesOf(query.withClause)];
  if (query.valuesLists !== undefined) return query.valuesLists.length;
  if ((query.op ?? "SETOP_NONE") !== "SETOP_NONE") {
    const [left, right] = [writtenRows(query.larg, known), writtenRows(query.rarg, known)];
    return left === null || right === null ? null : left + right;
  }
  return product([spreadRows(query.targetList), ...(query.fromClause ?? []).map((item) => rowsOf(item, known))]);
}

const product = (counts: readonly (number | null)[]): number | null =>
  counts.reduce((all, one) => (all === null || one === null ? null : all * one), 1);

/** What functions among the columns make of one row. */
function spreadRows(targetList: SelectStmt["targetList"]): number | null {
  const listed = bodies(targetList, "ResTarget").map(({ val }) => body(val, "FuncCall"));
  const spread = listed.flatMap((call) => (call === null || !SPREADS.has(nameOf(call)) ? [] : [call]));
  const others = callsIn({ targetList }).filter(({ name }) => !SPREADS.has(name));
  if (!others.every(({ name }) => SINGLE.has(name)) || spread.length !== countOf(targetList)) return null;
  return product(spread.map(partsOf));
}

const SPREADS: ReadonlySet<string> = new Set(["unnest", "generate_series"]);

const nameOf = ({ funcname }: FuncCall): string => strings(funcname).at(-1) ?? "";

/** How many rows an item of FROM has at most, where the text holds them: VALUES, a name of WITH for them, a text or an array taken apart, a series, joins of such; null for any other. */
export function rowsOf(node: Node | undefined, ctes: Ctes): number | null {
  const join = body(node, "JoinExpr");
  if (join !== null) {
    const [left, right] = [rowsOf(join.larg, ctes), rowsOf(join.rarg, ctes)];
    // An outer one has those that find none, too.
    return left === null || right === null ? null : (left + 1) * (right + 1);
  }
  const inner = body(node, "RangeSubselect");
  if (inner !== null) return writtenRows(body(inner.subquery, "SelectStmt"), ctes);
  const table = body(node, "RangeVar");
  if (table !== null) return namedRows(table.schemaname === undefined ? table.relname : undefined, ctes);
  const calls = bodies(body(node, "RangeFunction")?.functions, "List").map(({ items }) => body(items?.[0], "FuncCall"));
  const counts = calls.map((call) => (call === null ? null : partsOf(call)));
  return calls.length === 0
    ? null
    : counts.reduce((most, one) => (most === null || one === null ? null : Math.max(most, one)));
}

/** A name of WITH sees those in front of it. */
function namedRows(name: string | undefined, ctes: Ctes): number | null {
  const at = ctes.findLastIndex(({ ctename }) => ctename === name);
  return name === undefined || at === -1
    ? null
    : writtenRows(body(ctes[at]?.ctequery, "SelectStmt"), ctes.slice(0, at));
}

/** Functions that give as many rows as their argument has parts. */
const PARTS: ReadonlySet<string> = new Set(
  "json_array_elements json_array_elements_text json_each json_each_text json_populate_recordset json_to_recordset jsonb_array_elements jsonb_array_elements_text jsonb_each jsonb_each_text jsonb_populate_recordset jsonb_to_recordset regexp_split_to_table string_to_table unnest".split(
    " ",
  ),
);

const NOT_CONSTANT: ReadonlySet<string> = new Set(["ColumnRef", "SubLink", "FuncCall", "ParamRef"]);

/** How many rows a function gives at most: a column or a query may have any number of parts. */
function partsOf(call: FuncCall): number | null {
  const name = nameOf(call);
  const listed = name === "unnest" ? elementsIn(call.args) : null;
  if (listed !== null || !PARTS.has(name)) return listed ?? seriesLength(call);
  if (contains(call.args, NOT_CONSTANT)) return null;
  let parts = 1;
  walk(call.args, (kind, node) => {
    const text = kind === "A_Const" ? ((node as A_Const).sval?.sval ?? "") : "";
    parts += /^(json|unnest)/.test(name) ? text.split(",").length : text.length;
  });
  return parts;
}

/** The elements of `ARRAY[1, 2]`, of those in it, too; null where the arguments are others. */
function elementsIn(args: readonly Node[] | undefined): number | null {
  if (body(args?.[0], "A_ArrayExpr") === null || args?.length !== 1) return null;
  if (contains(args, NO_ELEMENTS) || !givesSingles(args)) return null;
  let elements = 0;
  walk(args, (kind, node) => {
    if (kind === "A_ArrayExpr") elements += (node as A_ArrayExpr).elements?.length ?? 0;
  });
  return elements;
}

const NO_ELEMENTS: ReadonlySet<string> = new Set(["SubLink", "ColumnRef"]);

/** How often a tree calls functions that give rows. */
function countOf(tree: unknown): number {
  let count = 0;
  walk(tree, (kind, node) => {
    if (kind === "FuncCall" && SPREADS.has(nameOf(node as FuncCall))) count += 1;
  });
  return count;
}
