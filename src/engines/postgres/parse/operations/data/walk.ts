import type { DeleteStmt, FuncCall, InsertStmt, Node, RangeVar, SelectStmt, UpdateStmt } from "libpg-query";
import type { Walk } from "../../../../../model/detail/data.js";
import type { RelationName } from "../../../../../model/name.js";
import { bodies, body, contains, relationOf, strings, walk } from "../../ast.js";
import { relationsIn } from "../../relations.js";
import { findKeyword, type Run, type Source, textOf } from "../../source.js";
import { askedIn } from "./asked.js";
import { carriedIn, momentIn, tellerIn } from "./of-statement.js";

/** Where in its tokens a statement has its condition and what is behind it. */
interface Cut {
  readonly source: Source;
  readonly run: Run;
  /** The index of WHERE; null without one. */
  readonly where: number | null;
  /** The index of what is behind the condition. */
  readonly end: number;
  /** The end of what is behind the condition; RETURNING is left out. */
  readonly to: number;
}

function walkOf(range: RangeVar, rest: object, written: RelationName, { source, run, where, end, to }: Cut): Walk {
  const relation = relationOf(range);
  return Object.freeze({
    relation,
    alias: range.alias?.aliasname ?? relation.name,
    head: textOf(source, { from: run.from, to: where ?? end }),
    where: where === null ? null : textOf(source, { from: where + 1, to: end }),
    tail: end === to ? "" : textOf(source, { from: end, to }),
    readsItself: relationsIn(rest).some((read) => mayBeSame(read, written)),
    only: range.inh !== true,
    variables: false,
    names: Object.freeze(namesIn(rest)),
    ...momentIn(rest),
    ...tellerIn(rest),
    ...carriedIn(rest),
    ...askedIn(rest, range.alias?.aliasname ?? relation.name),
  });
}

const mayBeSame = (a: RelationName, b: RelationName): boolean =>
  a.name === b.name && (a.schema === null || b.schema === null || a.schema === b.schema);

/** Columns that a tree names, and those that it assigns. A whole row is called `*`. */
function namesIn(tree: unknown): string[] {
  const names: string[] = [];
  walk(tree, (kind, node) => {
    if (kind === "ResTarget") names.push((node as { name?: string }).name ?? "");
    if (kind !== "ColumnRef") return;
    const { fields } = node as { fields?: readonly Node[] };
    names.push(strings(fields).at(-1) ?? "*");
  });
  return [...new Set(names.filter((name) => name !== ""))];
}

/** What a FROM calls its tables: a column of that name may as well be the whole row. */
function tablesCalled(tree: unknown): ReadonlySet<string> {
  const names = new Set<string>();
  walk(tree, (_, node) => {
    const { relname, alias } = node as { relname?: string; alias?: { aliasname?: string } };
    for (const name of [relname, alias?.aliasname]) if (name !== undefined) names.add(name);
  });
  return names;
}

/** The columns that an INSERT may name; null where it reads all columns of a table, or joins tables by those that they share. */
export function insertNames({ relation: _, ...stmt }: InsertStmt): readonly string[] | null {
  const names = namesIn(stmt);
  const joined: string[] = [];
  let natural = stmt.cols === undefined;
  walk(stmt.selectStmt, (kind, node) => {
    if (kind !== "JoinExpr") return;
    const { isNatural, usingClause } = node as { isNatural?: boolean; usingClause?: readonly Node[] };
    natural ||= isNatural === true;
    joined.push(...strings(usingClause));
  });
  const tables = tablesCalled(stmt.selectStmt);
  if (natural || names.some((name) => name === "*" || tables.has(name))) return null;
  return Object.freeze([...new Set([...names, ...joined])]);
}

/** The rows of an UPDATE or DELETE are those of the table that it writes. */
export function changeWalk(stmt: UpdateStmt | DeleteStmt, source: Source, run: Run): Walk | null {
  const { relation, ...rest } = stmt;
  if (relation === undefined || stmt.withClause !== undefined || body(stmt.whereClause, "CurrentOfExpr") !== null)
    return null;
  const to = findKeyword(source, run, "RETURNING") ?? run.to;
  const where = stmt.whereClause === undefined ? null : findKeyword(source, run, "WHERE");
  if (stmt.whereClause !== undefined && where === null) return null;
  return walkOf(relation, rest, relationOf(relation), { source, run, where, end: to, to });
}

/** Each row that is read makes one that is inserted, whatever the others are. */
const BY_ROW = (select: SelectStmt): boolean =>
  (select.op === undefined || select.op === "SETOP_NONE") &&
  select.distinctClause === undefined &&
  select.groupClause === undefined &&
  select.havingClause === undefined &&
  select.windowClause === undefined &&
  select.valuesLists === undefined &&
  select.limitCount === undefined &&
  select.limitOffset === undefined &&
  select.sortClause === undefined &&
  select.lockingClause === undefined &&
  select.withClause === undefined &&
  select.intoClause === undefined;

/** PostgreSQL's own: one value out of many rows. walk.test.ts compares the list with a server's. */
export const AGGREGATES: ReadonlySet<string> = new Set(
  `any_value array_agg avg bit_and bit_or bit_xor bool_and bool_or corr count covar_pop covar_samp cume_dist dense_rank
  every json_agg json_agg_strict json_object_agg json_object_agg_strict json_object_agg_unique
  json_object_agg_unique_strict jsonb_agg jsonb_agg_strict jsonb_object_agg jsonb_object_agg_strict
  jsonb_object_agg_unique jsonb_object_agg_unique_strict max min mode percent_rank percentile_cont percentile_disc
  range_agg range_intersect_agg rank regr_avgx regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy
  regr_syy stddev stddev_pop stddev_samp string_agg sum var_pop var_samp variance xmlagg`.split(/\s+/),
);

const AGGREGATE_NODES: ReadonlySet<string> = new Set(["JsonObjectAgg", "JsonArrayAgg", "GroupingFunc"]);

function gathers(select: SelectStmt): boolean {
  let found = contains(select.targetList, AGGREGATE_NODES);
  walk(select.targetList, (kind, node) => {
    if (kind !== "FuncCall") return;
    const call = node as FuncCall;
    found ||= call.over !== undefined || call.agg_star === true || AGGREGATES.has(strings(call.funcname).at(-1) ?? "");
  });
  return found;
}

/** The only table of a FROM, under its own columns' names. */
function onlyTable(select: SelectStmt): RangeVar | null {
  const [table, ...more] = bodies(select.fromClause, "RangeVar");
  const alone = more.length === 0 && select.fromClause?.length === 1 && table?.alias?.colnames === undefined;
  return alone ? (table ?? null) : null;
}

/** The index of the ON of ON CONFLICT; behind a query that joins nothing there is no other one. */
const conflictAt = (source: Source, run: Run): number | null => findKeyword(source, run, "ON");

/** The rows of an INSERT ... SELECT are those of the one table that it reads. */
export function insertWalk(stmt: InsertStmt, source: Source, run: Run): Walk | null {
  const select = body(stmt.selectStmt, "SelectStmt");
  if (select === null || stmt.relation === undefined || stmt.withClause !== undefined) return null;
  const table = onlyTable(select);
  const from = findKeyword(source, run, "SELECT");
  if (table === null || from === null || !BY_ROW(select) || gathers(select)) return null;
  const to = findKeyword(source, run, "RETURNING") ?? run.to;
  const behind = { from, to };
  const end = stmt.onConflictClause === undefined ? to : (conflictAt(source, behind) ?? to);
  const where = select.whereClause === undefined ? null : findKeyword(source, { from, to: end }, "WHERE");
  if (select.whereClause !== undefined && where === null) return null;
  const written = relationOf(stmt.relation);
  const { fromClause: _, ...selected } = select;
  const self = mayBeSame(relationOf(table), written);
  const rest = { cols: stmt.cols, selected, conflict: stmt.onConflictClause };
  const walked = walkOf(table, rest, written, { source, run, where, end, to });
  return self ? { ...walked, readsItself: true } : walked;
}
