import type { Node, RangeVar, SelectStmt } from "libpg-query";
import type { Bound } from "../../../../../model/detail/bound.js";
import type { Lookup } from "../../../../../model/detail/data.js";
import { body, relationOf, walk } from "../../ast.js";
import { boundsOf } from "./bounds.js";

/** The tables that a tree reads, where each is read under a WHERE, by itself or in inner joins; else null. */
export function lookupsIn(tree: unknown): readonly Lookup[] | null {
  const found: Lookup[] = [];
  let [tables, others] = [0, false];
  walk(tree, (kind, node) => {
    if (kind === "RangeVar") tables += 1;
    // Functions in FROM give any number of rows, and a name of WITH may mean any.
    others ||= kind === "RangeFunction" || kind === "WithClause" || kind === "CommonTableExpr";
    if (kind === "SelectStmt") found.push(...lookupsOf(node as SelectStmt));
  });
  return others || found.length !== tables ? null : Object.freeze(found);
}

function lookupsOf({ fromClause = [], whereClause }: SelectStmt): readonly Lookup[] {
  const joined = fromClause.map(joinedIn);
  const tables = joined.flatMap((one) => one?.tables ?? []);
  if (joined.includes(null)) return [];
  const bounds = [whereClause, ...joined.flatMap((one) => one?.conditions ?? [])].flatMap(boundsOf);
  return tables.map((table) => {
    // Of several tables a bare column may be any one's.
    const alias = tables.length === 1 ? null : (table.alias?.aliasname ?? table.relname ?? "");
    const isOwn = (bound: Bound) => bound.kind === "never" || alias === null || bound.column.table === alias;
    return Object.freeze({ relation: relationOf(table), bounds: Object.freeze(bounds.filter(isOwn)) });
  });
}

interface Joined {
  readonly tables: readonly RangeVar[];
  readonly conditions: readonly Node[];
}

/** Tables, and inner joins of them with their conditions; null for anything else. */
function joinedIn(node: Node): Joined | null {
  const table = body(node, "RangeVar");
  if (table !== null) return { tables: [table], conditions: [] };
  const join = body(node, "JoinExpr");
  if (join === null || (join.jointype ?? "JOIN_INNER") !== "JOIN_INNER" || join.alias !== undefined) return null;
  const sides = [join.larg, join.rarg].map((side) => (side === undefined ? null : joinedIn(side)));
  if (sides.includes(null)) return null;
  return {
    tables: sides.flatMap((side) => side?.tables ?? []),
    conditions: [...sides.flatMap((side) => side?.conditions ?? []), ...(join.quals === undefined ? [] : [join.quals])],
  };
}
