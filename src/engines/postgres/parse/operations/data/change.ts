import type {
  A_Const,
  CommonTableExpr,
  DeleteStmt,
  InsertStmt,
  MergeStmt,
  Node,
  RangeVar,
  SelectStmt,
  UpdateStmt,
  WithClause,
} from "libpg-query";
import type { DataChange, Walk } from "../../../../../model/detail/data.js";
import { type GivenValue, givenValues } from "../../../../given-values.js";
import { bodies, body, contains, kindOf, relationOf, strings, walk } from "../../ast.js";
import { callsIn, relationsIn } from "../../relations.js";
import { findKeyword, type Run, type Source, textOf } from "../../source.js";
import { isAlwaysTrue } from "./always-true.js";
import { batchOf, writtenRows } from "./batch.js";
import { boundsOf } from "./bounds.js";
import { copiesOf } from "./copies.js";
import { givenParts } from "./given-parts.js";
import { lookupsIn } from "./lookups.js";
import { isWriter } from "./nested.js";
import { changeWalk, insertNames, insertWalk } from "./walk.js";

/** A statement that writes rows; null for any other. `run` holds it and nothing else. */
export function dataChange(node: Node, source: Source, run: Run): DataChange | null {
  const insert = body(node, "InsertStmt");
  if (insert !== null) return withWalk(insertOf(insert), insertWalk(insert, source, run));
  const update = body(node, "UpdateStmt");
  if (update !== null) return withWalk(updateOf(update, source, run), changeWalk(update, source, run));
  const remove = body(node, "DeleteStmt");
  if (remove !== null) return withWalk(deleteOf(remove, source, run), changeWalk(remove, source, run));
  const merge = body(node, "MergeStmt");
  return merge === null ? null : mergeOf(merge);
}

const withWalk = (change: DataChange, walk: Walk | null): DataChange => (walk === null ? change : { ...change, walk });

/** What all of them have. */
interface Common {
  readonly relation?: RangeVar;
  readonly withClause?: WithClause;
  readonly returningClause?: unknown;
}

function common<S extends Common>(stmt: S) {
  const { relation, ...others } = stmt;
  const found = lookupsIn(others);
  return {
    kind: "data-change" as const,
    writes: Object.freeze([relationOf(relation ?? {})]),
    reads: Object.freeze(relationsIn(others)),
    ...(found === null ? {} : { found }),
    columns: Object.freeze([] as string[]),
    filtered: false,
    where: null,
    calls: Object.freeze(callsIn(others)),
    ordered: false,
    limited: false,
    source: null,
    conflict: null,
    returning: stmt.returningClause !== undefined,
    cte: stmt.withClause !== undefined,
  };
}

function insertOf(stmt: InsertStmt): DataChange {
  const query = body(stmt.selectStmt, "SelectStmt");
  const rows = query === null || query.valuesLists !== undefined || isWrittenOut(query, ctesOf(stmt, query));
  const conflict = CONFLICTS[stmt.onConflictClause?.action ?? ""] ?? null;
  const names = rows ? null : insertNames(stmt);
  return {
    ...common(stmt),
    ...(names === null ? {} : { names }),
    verb: "insert",
    columns: namesOf(stmt.cols),
    ...givenTo(stmt.cols, valuesOf(query)),
    ...givesOf(stmt),
    ...textsIn(bodies(query?.valuesLists, "List").map(({ items = [] }) => items)),
    ...(stmt.override === undefined || stmt.override === "OVERRIDING_NOT_SET" ? {} : { overriding: true as const }),
    source: rows ? "rows" : "query",
    ...(!rows && isOneRow(query) ? { oneRow: true } : {}),
    ...(!rows && movesWritten(stmt, query) ? { movesWritten: true as const } : {}),
    conflict,
    ...conflictOn(stmt),
    ordered: query?.sortClause !== undefined,
    limited: query?.limitCount !== undefined,
  };
}

/** The rows of VALUES; DEFAULT VALUES is one without a value. Null for another query, and where a `*` stands for several. */
function valuesOf(query: SelectStmt | null): readonly (readonly GivenValue[])[] | null {
  if (query === null) return [[]];
  if (query.valuesLists === undefined || contains(query.valuesLists, STAR)) return null;
  return bodies(query.valuesLists, "List").map(({ items = [] }) => items.map(valueKind));
}

const STAR: ReadonlySet<string> = new Set(["A_Star"]);

/** What depends on the columns of a table. */
function givesOf({ selectStmt, cols, withClause }: InsertStmt): Pick<DataChange, "gives"> {
  const isQuery = body(selectStmt, "SelectStmt")?.valuesLists === undefined && selectStmt !== undefined;
  if (!(isQuery && cols === undefined) && !contains(selectStmt, STAR)) return {};
  const gives = givenParts(selectStmt, bodies(withClause?.ctes, "CommonTableExpr"));
  return gives === null || (cols !== undefined && gives.every((part) => part === "value")) ? {} : { gives };
}

/** More texts of a column than that are not an enum's. */
const MOST_TEXTS = 20;

/** The texts among values, by their places in the rows. */
function textsIn(rows: readonly (readonly Node[])[]): Pick<DataChange, "texts"> {
  const found = new Map<number, Set<string>>();
  for (const row of rows)
    for (const [at, value] of row.entries()) {
      const text = body(value, "A_Const")?.sval?.sval;
      if (text === undefined) continue;
      const texts = found.get(at) ?? new Set<string>();
      if (texts.size < MOST_TEXTS) found.set(at, texts.add(text));
    }
  const texts = [...found].map(([at, values]) => Object.freeze({ at, values: Object.freeze([...values]) }));
  return texts.length === 0 ? {} : { texts: Object.freeze(texts) };
}

/** Not told where a part of a column is written: `a[1]`, `a.b`. */
function givenTo(
  targets: readonly Node[] | undefined,
  rows: ReturnType<typeof valuesOf>,
): Pick<DataChange, "given" | "extremes"> {
  const parts = bodies(targets, "ResTarget").some(({ indirection }) => indirection !== undefined);
  return rows === null || parts ? {} : givenValues(namesOf(targets), rows);
}

/** `NULL`, also with a cast; `DEFAULT`; `NEW.a`; a text or a number. */
function valueKind(node: Node | undefined): GivenValue {
  if (node !== undefined && kindOf(node) === "SetToDefault") return "default";
  // `SET (a, b) = (1, DEFAULT)`.
  const assigned = body(node, "MultiAssignRef");
  if (assigned !== null) return valueKind(body(assigned.source, "RowExpr")?.args?.[(assigned.colno ?? 1) - 1]);
  const cast = body(node, "TypeCast");
  if (cast !== null) return valueKind(cast.arg) === "null" ? "null" : "other";
  const [row, column] = strings(body(node, "ColumnRef")?.fields);
  if (column !== undefined && (row === "new" || row === "old")) return row;
  return constantOf(body(node, "A_Const")) ?? "other";
}

function constantOf(value: A_Const | null): GivenValue | null {
  if (value === null) return null;
  const { isnull, sval, ival, fval } = value;
  if (isnull === true) return "null";
  if (sval !== undefined) return { constant: sval.sval ?? "" };
  if (ival !== undefined) return { constant: ival.ival ?? 0 };
  return fval === undefined ? null : { constant: Number(fval.fval) };
}

/** `SELECT ... FROM m`, where m is a statement of WITH that writes: no more rows than that one writes. */
function movesWritten({ withClause }: InsertStmt, query: SelectStmt | null): boolean {
  const [from, another] = query?.fromClause ?? [];
  const table = body(from, "RangeVar");
  if (query === null || table === null || another !== undefined || table.schemaname !== undefined) return false;
  if (!callsIn({ targetList: query.targetList }).every(({ name }) => SINGLE.has(name))) return false;
  const source = bodies(withClause?.ctes, "CommonTableExpr").find(({ ctename }) => ctename === table.relname);
  return source?.ctequery !== undefined && isWriter(source.ctequery);
}

/** The plain columns of `ON CONFLICT (a, b)`, or the name of `ON CONSTRAINT c`. */
function conflictOn({ onConflictClause }: InsertStmt): Pick<DataChange, "conflictOn" | "conflictConstraint"> {
  const asked = onConflictClause?.infer;
  if (asked?.conname !== undefined) return { conflictConstraint: asked.conname };
  const elements = bodies(asked?.indexElems, "IndexElem");
  const plain = elements.every((e) => e.collation === undefined && e.opclass === undefined);
  const names = elements.flatMap(({ name }) => name ?? []);
  if (asked?.whereClause !== undefined || !plain || names.length === 0 || names.length < elements.length) return {};
  return { conflictOn: Object.freeze(names) };
}

/** `SELECT * FROM (VALUES (1), (2)) v`, `SELECT unnest(ARRAY[1, 2])`: no more rows than the text has values. */
function isWrittenOut({ fromClause = [], targetList, op = "SETOP_NONE" }: SelectStmt, ctes: Ctes): boolean {
  if (op !== "SETOP_NONE") return false;
  const listed = bodies(targetList, "ResTarget").map(({ val }) => body(val, "FuncCall"));
  const spread = listed.filter((call) => strings(call?.funcname).at(-1) === "unnest");
  if (spread.some((call) => body(call?.args?.[0], "A_ArrayExpr") === null)) return false;
  const calls = callsIn({ targetList }).filter(({ name }) => name !== "unnest");
  if (!calls.every(({ name }) => SINGLE.has(name))) return false;
  if (fromClause.length === 0) return spread.length > 0 && spread.length === countOf(targetList, "unnest");
  return spread.length === 0 && fromClause.every((one) => isWritten(one, ctes));
}

type Ctes = readonly CommonTableExpr[];

/** What WITH names, in front of the INSERT or of its query. */
const ctesOf = ({ withClause }: InsertStmt, query: SelectStmt): Ctes =>
  [withClause, query.withClause].flatMap((clause) => bodies(clause?.ctes, "CommonTableExpr"));

/** Rows of FROM that the text holds: VALUES, a name of WITH for them, a JSON text or an array taken apart, and joins of such. */
function isWritten(node: Node | undefined, ctes: Ctes): boolean {
  const join = body(node, "JoinExpr");
  if (join !== null) return isWritten(join.larg, ctes) && isWritten(join.rarg, ctes);
  const inner = body(node, "RangeSubselect");
  if (inner !== null) return writtenRows(body(inner.subquery, "SelectStmt")) !== null;
  const table = body(node, "RangeVar");
  if (table !== null) {
    const named = table.schemaname === undefined ? ctes.find(({ ctename }) => ctename === table.relname) : undefined;
    return writtenRows(body(named?.ctequery, "SelectStmt")) !== null;
  }
  const items = bodies(body(node, "RangeFunction")?.functions, "List").map((list) => list.items?.[0]);
  return items.length > 0 && items.every(isTakenApart);
}

/** Functions that give as many rows as their argument has parts. */
const PARTS: ReadonlySet<string> = new Set(
  "json_array_elements json_array_elements_text json_each json_each_text json_populate_recordset json_to_recordset jsonb_array_elements jsonb_array_elements_text jsonb_each jsonb_each_text jsonb_populate_recordset jsonb_to_recordset regexp_split_to_table string_to_table unnest".split(
    " ",
  ),
);

/** Of constants; a column or a query may have any number of parts. */
function isTakenApart(node: Node | undefined): boolean {
  const call = body(node, "FuncCall");
  if (call === null || !PARTS.has(strings(call.funcname).at(-1) ?? "")) return false;
  return !contains(call.args, NOT_CONSTANT);
}

const NOT_CONSTANT: ReadonlySet<string> = new Set(["ColumnRef", "SubLink", "FuncCall", "ParamRef"]);

/** How often a tree calls a function. */
function countOf(tree: unknown, name: string): number {
  let count = 0;
  walk(tree, (kind, node) => {
    if (kind === "FuncCall" && strings((node as { funcname?: readonly Node[] }).funcname).at(-1) === name) count += 1;
  });
  return count;
}

/** Functions of one value: any other one may give thousands, as `generate_series` does. */
const SINGLE: ReadonlySet<string> = new Set(
  "now clock_timestamp gen_random_uuid uuid_generate_v4 nextval currval lower upper md5 concat length to_timestamp".split(
    " ",
  ),
);

/** `SELECT 'a', 'b' WHERE NOT EXISTS (...)`: a row is added unless it is there. */
function isOneRow(query: SelectStmt | null): boolean {
  if (query === null || query.fromClause !== undefined || (query.op ?? "SETOP_NONE") !== "SETOP_NONE") return false;
  return callsIn({ targetList: query.targetList }).every(({ name }) => SINGLE.has(name));
}

const CONFLICTS: Readonly<Record<string, DataChange["conflict"]>> = Object.freeze({
  ONCONFLICT_UPDATE: "update",
  ONCONFLICT_NOTHING: "ignore",
});

function updateOf(stmt: UpdateStmt, source: Source, run: Run): DataChange {
  const condition = conditionOf(stmt.whereClause, source, run);
  const columns = namesOf(stmt.targetList);
  const values = bodies(stmt.targetList, "ResTarget").map(({ val }) => valueKind(val));
  const parts = bodies(stmt.targetList, "ResTarget");
  const isPart = parts.some(({ indirection }) => indirection !== undefined);
  const texts = isPart ? {} : textsIn([parts.flatMap(({ val }) => val ?? [])]);
  const given = givenTo(stmt.targetList, [values]);
  return {
    ...common(stmt),
    verb: "update",
    columns,
    ...given,
    ...texts,
    ...condition,
    ...batchOf(stmt),
    ...copiesOf(stmt),
  };
}

function deleteOf(stmt: DeleteStmt, source: Source, run: Run): DataChange {
  return { ...common(stmt), verb: "delete", ...conditionOf(stmt.whereClause, source, run), ...batchOf(stmt) };
}

function mergeOf(stmt: MergeStmt): DataChange {
  const clauses = bodies(stmt.mergeWhenClauses, "MergeWhenClause");
  const inserts = clauses.some((c) => c.commandType === "CMD_INSERT");
  const columns = [...new Set(clauses.flatMap((c) => namesOf(c.targetList)))];
  return { ...common(stmt), verb: "merge", columns: Object.freeze(columns), source: inserts ? "query" : null };
}

function namesOf(targets: readonly Node[] | undefined): readonly string[] {
  const names = bodies(targets, "ResTarget").map((t) => t.name ?? "");
  return Object.freeze([...new Set(names)]);
}

function conditionOf(
  where: Node | undefined,
  source: Source,
  run: Run,
): Pick<DataChange, "filtered" | "where" | "bounds"> {
  const at = where === undefined ? null : findKeyword(source, run, "WHERE");
  const bounds = boundsOf(where);
  if (at === null) return { filtered: where !== undefined && !isAlwaysTrue(where), where: null, bounds };
  const returning = findKeyword(source, { from: at, to: run.to }, "RETURNING");
  const text = textOf(source, { from: at + 1, to: returning ?? run.to });
  return { filtered: !isAlwaysTrue(where), where: text, bounds };
}
