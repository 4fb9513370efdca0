import type { A_Const, FuncCall, LockingClause, Node, SelectStmt } from "libpg-query";
import type { Query, SequenceName } from "../../../../../model/detail/data.js";
import type { RelationName } from "../../../../../model/name.js";
import { partsOfName } from "../../../names.js";
import { bodies, body, relationFrom, relationOf, strings, walk } from "../../ast.js";
import { callsIn, relationsIn } from "../../relations.js";
import { limitOf } from "./batch.js";
import { lookupsIn } from "./lookups.js";
import { writtenRows } from "./written-rows.js";

/** What a SELECT, VALUES or TABLE reads. */
export function queryOf(select: SelectStmt): Query {
  const found = lookupsIn({ SelectStmt: select });
  return {
    kind: "query",
    reads: Object.freeze(relationsIn(select)),
    ...(found === null ? {} : { found }),
    ...mostOf(select),
    locks: locksIn(select),
    into: null,
    calls: Object.freeze(callsIn(select)),
    ...passedTexts(select),
    ...restartsIn(select),
    ...countsIn(select),
    ...setsIn(select),
    ...endsIn(select),
  };
}

function mostOf(select: SelectStmt): Pick<Query, "most"> {
  const most = limitOf(select) ?? writtenRows(select);
  return most === null ? {} : { most };
}

function passedTexts({ targetList, fromClause }: SelectStmt): Pick<Query, "passed"> {
  const calls = bodies(targetList, "ResTarget").map(({ val }) => body(val, "FuncCall"));
  if (fromClause !== undefined || calls.length === 0 || calls.includes(null)) return {};
  return { passed: Object.freeze(calls.map((call) => Object.freeze(textsIn(call)))) };
}

/** `SELECT setval('users_id_seq', 1)`: another number may well be beyond those that are given out. */
function restartsIn({ targetList, fromClause, whereClause }: SelectStmt): Pick<Query, "restarts"> {
  if (fromClause !== undefined || whereClause !== undefined) return {};
  const calls = bodies(targetList, "ResTarget").flatMap(({ val }) => body(val, "FuncCall") ?? []);
  const restarts = calls.flatMap(({ funcname, args = [] }) => {
    const number = body(args[1], "A_Const")?.ival;
    const begins = strings(funcname).at(-1) === "setval" && number !== undefined && (number.ival ?? 0) <= 1;
    return begins ? [textsIn(args[0]).toReversed().join(".")] : [];
  });
  return restarts.length === 0 ? {} : { restarts: Object.freeze(restarts) };
}

/** `SELECT setval('users_id_seq', (SELECT max(id) FROM users))`; what begins again is none. */
function countsIn(select: SelectStmt): Pick<Query, "counts"> {
  if (select.whereClause !== undefined || restartsIn(select).restarts !== undefined) return {};
  const calls = bodies(select.targetList, "ResTarget").flatMap(({ val }) => body(val, "FuncCall") ?? []);
  const set = calls.filter(({ funcname }) => strings(funcname).at(-1) === "setval");
  const counts = set.flatMap(({ args = [] }) => sequenceOf(args[0]) ?? []);
  return counts.length === 0 ? {} : { counts: Object.freeze(counts) };
}

/** `SELECT pg_catalog.setval('public.users_id_seq', 7, true)`, as a dump has it. */
function setsIn({
  targetList = [],
  fromClause,
  whereClause,
  lockingClause,
  op = "SETOP_NONE",
}: SelectStmt): Pick<Query, "sets"> {
  if (fromClause !== undefined || whereClause !== undefined || lockingClause !== undefined || op !== "SETOP_NONE")
    return {};
  const sets = bodies(targetList, "ResTarget").flatMap(({ val }) => {
    const call = body(val, "FuncCall");
    return strings(call?.funcname).at(-1) === "setval" ? (sequenceOf(call?.args?.[0]) ?? []) : [];
  });
  return sets.length === 0 || sets.length < targetList.length ? {} : { sets: Object.freeze(sets) };
}

function sequenceOf(node: Node | undefined): SequenceName | null {
  const given = body(node, "TypeCast")?.arg ?? node;
  const text = body(given, "A_Const")?.sval?.sval;
  if (text !== undefined) return { sequence: relationFrom(partsOfName(text)) };
  const call = body(given, "FuncCall");
  const [of, column] = (call?.args ?? []).map((arg) => body(body(arg, "TypeCast")?.arg ?? arg, "A_Const")?.sval?.sval);
  if (strings(call?.funcname).at(-1) !== "pg_get_serial_sequence" || of === undefined || column === undefined)
    return null;
  return { of: relationFrom(partsOfName(of)), column };
}

/** With an index PostgreSQL reads one row for each of them. */
const ENDS: ReadonlySet<string> = new Set(["min", "max"]);
/** What may stand around them. */
const AROUND: ReadonlySet<string> = new Set(["setval", "pg_get_serial_sequence"]);

function endsIn(select: SelectStmt): Pick<Query, "ends"> {
  const ends: { relation: RelationName; column: string }[] = [];
  let [tables, others] = [0, false];
  walk(select, (kind, node) => {
    if (kind === "RangeVar") tables += 1;
    others ||= OTHER_READS.has(kind) || (kind === "FuncCall" && isOtherCall(node as FuncCall));
    if (kind === "SelectStmt") ends.push(...endsOf(node as SelectStmt));
  });
  // The outermost has no name in front of it.
  ends.push(...endsOf(select));
  const isAll = !others && tables > 0 && new Set(ends.map(({ relation }) => relation)).size === tables;
  return isAll ? { ends: Object.freeze(ends) } : {};
}

const OTHER_READS: ReadonlySet<string> = new Set(["WithClause", "RangeFunction", "RangeSubselect", "JoinExpr"]);

function isOtherCall({ funcname, agg_filter, over }: FuncCall): boolean {
  const name = strings(funcname).at(-1) ?? "";
  return agg_filter !== undefined || over !== undefined || !(ENDS.has(name) || AROUND.has(name));
}

/** Of one SELECT, whose columns all stand in min() and max(). */
function endsOf(select: SelectStmt): { relation: RelationName; column: string }[] {
  const { fromClause = [], whereClause, groupClause, targetList } = select;
  const table = fromClause.length === 1 ? body(fromClause[0], "RangeVar") : null;
  if (table === null || whereClause !== undefined || groupClause !== undefined) return [];
  const relation = relationOf(table);
  const columns: string[] = [];
  let all = 0;
  walk(targetList, (kind, node) => {
    if (kind === "ColumnRef") all += 1;
    const { funcname, args } = kind === "FuncCall" ? (node as FuncCall) : {};
    if (ENDS.has(strings(funcname).at(-1) ?? ""))
      columns.push(...bodies(args, "ColumnRef").map(({ fields }) => strings(fields).at(-1) ?? ""));
  });
  return all === columns.length ? columns.map((column) => ({ relation, column })) : [];
}

function textsIn(tree: unknown): string[] {
  const texts: string[] = [];
  walk(tree, (kind, node) => {
    const text = kind === "A_Const" ? (node as A_Const).sval?.sval : undefined;
    if (text !== undefined) texts.push(text);
  });
  return texts;
}

/** FOR UPDATE and FOR NO KEY UPDATE keep out writers of a row; FOR SHARE and FOR KEY SHARE only some of them. */
function locksIn(select: SelectStmt): Query["locks"] {
  const strengths = new Set<string>();
  walk(select, (kind, node) => {
    if (kind === "LockingClause") strengths.add((node as LockingClause).strength ?? "");
  });
  if (strengths.has("LCS_FORUPDATE") || strengths.has("LCS_FORNOKEYUPDATE")) return "update";
  return strengths.size === 0 ? null : "share";
}
