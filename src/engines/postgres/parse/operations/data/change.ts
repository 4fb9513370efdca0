import type {
  A_Const,
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
import { BATCH_ROWS } from "../../../../found-by-key.js";
import { givesOf } from "../../../../given-by-query.js";
import { type GivenValue, givenValues } from "../../../../given-values.js";
import { bodies, body, contains, kindOf, relationOf, strings } from "../../ast.js";
import { callsIn, relationsIn } from "../../relations.js";
import { findKeyword, type Run, type Source, textOf } from "../../source.js";
import { isAlwaysTrue } from "./always-true.js";
import { batchOf } from "./batch.js";
import { boundsOf } from "./bounds.js";
import { copiesOf } from "./copies.js";
import { givenParts } from "./given-parts.js";
import { joinsOf, mergeJoins } from "./joins.js";
import { lookupsIn } from "./lookups.js";
import { isWriter } from "./nested.js";
import { changeWalk, insertNames, insertWalk } from "./walk.js";
import { ctesOf, givesSingles, writtenRows } from "./written-rows.js";

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
  const rows = query === null || query.valuesLists !== undefined || isWrittenOut(query, stmt);
  const conflict = CONFLICTS[stmt.onConflictClause?.action ?? ""] ?? null;
  const names = rows ? null : insertNames(stmt);
  return {
    ...common(stmt),
    ...(names === null ? {} : { names }),
    verb: "insert",
    columns: namesOf(stmt.cols),
    ...givenTo(stmt.cols, valuesOf(query)),
    ...givenBy(stmt),
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
function givenBy({ selectStmt, cols, withClause }: InsertStmt): Pick<DataChange, "gives" | "uneven"> {
  const isQuery = body(selectStmt, "SelectStmt")?.valuesLists === undefined && selectStmt !== undefined;
  const parts = bodies(cols, "ResTarget").some(({ indirection }) => indirection !== undefined);
  if (parts || (!isQuery && !contains(selectStmt, STAR))) return {};
  return givesOf(givenParts(selectStmt, bodies(withClause?.ctes, "CommonTableExpr")), namesOf(cols));
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
  if (!givesSingles(query.targetList)) return false;
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

/** `SELECT * FROM (VALUES (1), (2)) v`, `SELECT unnest(ARRAY[1, 2])`: no more rows than a batch, and the text holds them. */
function isWrittenOut(query: SelectStmt, { withClause }: InsertStmt): boolean {
  const { fromClause, op = "SETOP_NONE" } = query;
  if (op !== "SETOP_NONE" || (fromClause === undefined && isOneRow(query))) return false;
  const rows = withClause?.recursive === true ? null : writtenRows(query, ctesOf(withClause));
  return rows !== null && rows <= BATCH_ROWS;
}

/** `SELECT 'a', 'b' WHERE NOT EXISTS (...)`: a row is added unless it is there. */
function isOneRow(query: SelectStmt | null): boolean {
  if (query === null || query.fromClause !== undefined || (query.op ?? "SETOP_NONE") !== "SETOP_NONE") return false;
  return givesSingles(query.targetList);
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
    joins: joinsOf(stmt),
    ...copiesOf(stmt),
  };
}

function deleteOf(stmt: DeleteStmt, source: Source, run: Run): DataChange {
  return {
    ...common(stmt),
    verb: "delete",
    ...conditionOf(stmt.whereClause, source, run),
    ...batchOf(stmt),
    joins: joinsOf(stmt),
  };
}

function mergeOf(stmt: MergeStmt): DataChange {
  const clauses = bodies(stmt.mergeWhenClauses, "MergeWhenClause");
  const inserts = clauses.some((c) => c.commandType === "CMD_INSERT");
  const columns = [...new Set(clauses.flatMap((c) => namesOf(c.targetList)))];
  return {
    ...common(stmt),
    verb: "merge",
    columns: Object.freeze(columns),
    source: inserts ? "query" : null,
    ...mergeJoins(stmt),
  };
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
