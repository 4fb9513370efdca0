import type { CommonTableExpr, DeleteStmt, MergeStmt, Node, SelectStmt, UpdateStmt } from "libpg-query";
import type { Bound } from "../../../../../model/detail/bound.js";
import type { DataChange, Joined, Joins } from "../../../../../model/detail/data.js";
import { BATCH_ROWS } from "../../../../found-by-key.js";
import { bodies, body, contains, relationOf } from "../../ast.js";
import { boundsOf } from "./bounds.js";
import { lookupsIn } from "./lookups.js";
import { ctesOf, givesSingles, rowsOf, writtenRows } from "./written-rows.js";

type Change = Pick<UpdateStmt & DeleteStmt, "relation" | "whereClause" | "withClause" | "fromClause" | "usingClause">;

/** What a statement has in front of it: what it names, and whether that is all told. */
interface Names {
  readonly ctes: readonly CommonTableExpr[];
  readonly names: ReadonlySet<string>;
}

const namesOf = ({ withClause }: Pick<Change, "withClause">): Names => ({
  ctes: ctesOf(withClause),
  names: new Set(bodies(withClause?.ctes, "CommonTableExpr").flatMap(({ ctename }) => ctename ?? [])),
});

/** The tables of FROM or USING, and the conditions that hold of all rows. */
export function joinsOf(stmt: Change): Joins {
  const names = namesOf(stmt);
  const parts = (stmt.fromClause ?? stmt.usingClause ?? []).map((node) => partOf(node, names));
  return joins(stmt, parts, stmt.whereClause, names);
}

interface Part {
  readonly others: readonly Joined[];
  readonly conditions: readonly Node[];
}

function joins({ relation, ...rest }: Change, parts: readonly Part[], where: Node | undefined, names: Names): Joins {
  const conditions = [...parts.flatMap((part) => part.conditions), ...(where === undefined ? [] : [where])];
  return Object.freeze({
    alias: relation?.alias?.aliasname ?? relation?.relname ?? "",
    others: Object.freeze(parts.flatMap(({ others }) => others)),
    bounds: Object.freeze(conditions.flatMap(boundsOf).filter((bound) => !asksWith(bound, names))),
    ...(contains(rest, QUERIES) ? { more: true as const } : {}),
  });
}

const QUERIES: ReadonlySet<string> = new Set(["SubLink"]);

/** What is looked up in a name of WITH is no table's. */
const asksWith = (bound: Bound, { names }: Names): boolean =>
  bound.kind === "is" &&
  bound.values.some((v) => "relation" in v && v.relation.schema === null && names.has(v.relation.name));

const UNKNOWN: Part = { others: [{ alias: "" }], conditions: [] };

function partOf(node: Node | undefined, names: Names): Part {
  const table = body(node, "RangeVar");
  const inner = body(node, "RangeSubselect");
  const alias = (table ?? inner)?.alias?.aliasname ?? table?.relname ?? "";
  if (inner !== null) return queryPart(alias, body(inner.subquery, "SelectStmt"), names);
  if (table !== null) {
    // Its columns may be called otherwise.
    if (table.alias?.colnames !== undefined) return { others: [{ alias }], conditions: [] };
    const named = table.schemaname === undefined && names.names.has(table.relname ?? "");
    if (!named) return { others: [{ alias, relation: relationOf(table) }], conditions: [] };
    const cte = names.ctes.find(({ ctename }) => ctename === table.relname);
    return queryPart(alias, body(cte?.ctequery, "SelectStmt"), names);
  }
  const join = body(node, "JoinExpr");
  if (join !== null) {
    if ((join.jointype ?? "JOIN_INNER") !== "JOIN_INNER" || join.alias !== undefined) return UNKNOWN;
    const sides = [partOf(join.larg, names), partOf(join.rarg, names)];
    const own = join.quals === undefined ? [] : [join.quals];
    return { others: sides.flatMap((s) => s.others), conditions: [...sides.flatMap((s) => s.conditions), ...own] };
  }
  const rows = rowsOf(node, []);
  const name = body(node, "RangeFunction")?.alias?.aliasname;
  return name === undefined || rows === null || rows > BATCH_ROWS
    ? UNKNOWN
    : { others: [{ alias: name, found: [] }], conditions: [] };
}

/** Of rows that are written out nothing is read. */
function queryPart(alias: string, query: SelectStmt | null, { ctes, names }: Names): Part {
  const rows = writtenRows(query, ctes);
  if (rows !== null) return { others: [rows <= BATCH_ROWS ? { alias, found: [] } : { alias }], conditions: [] };
  const found = query === null || !givesSingles(query.targetList) ? null : lookupsIn({ SelectStmt: query });
  const isRead = found?.every(({ relation, bounds }) => {
    const own = relation.schema === null && names.has(relation.name);
    return !own && !bounds.some((bound) => asksWith(bound, { ctes, names }));
  });
  return { others: [found !== null && found.length > 0 && isRead ? { alias, found } : { alias }], conditions: [] };
}

const WRITES: ReadonlySet<string> = new Set(["CMD_UPDATE", "CMD_DELETE"]);

/** Not told where it writes rows that nothing is merged with. */
export function mergeJoins(stmt: MergeStmt): Pick<DataChange, "joins"> {
  const clauses = bodies(stmt.mergeWhenClauses, "MergeWhenClause");
  const writing = clauses.filter(({ commandType }) => WRITES.has(commandType ?? ""));
  if (writing.some(({ matchKind }) => matchKind === "MERGE_WHEN_NOT_MATCHED_BY_SOURCE")) return {};
  const names = namesOf(stmt);
  const found = joins(stmt, [partOf(stmt.sourceRelation, names)], stmt.joinCondition, names);
  return { joins: writing.length === 0 ? { ...found, alias: null } : found };
}
