import type { ColumnRef, FuncCall, Node, RangeTableSample, SelectStmt, SubLink } from "libpg-query";
import type { Asked, Lookup, TakesSome, Walk } from "../../../../../model/detail/data.js";
import { type RelationName, show } from "../../../../../model/name.js";
import { body, relationFrom, relationOf, strings, walk } from "../../ast.js";
import { boundsOf } from "./bounds.js";
import { givesSingles } from "./written-rows.js";

/** What one query does itself: those in it are others. */
const QUERY = "SelectStmt";

/** Every node of these kinds, with those in queries unless `without` is given. */
function nodes<T>(tree: unknown, of: string, without?: string): T[] {
  const found: T[] = [];
  walk(
    tree,
    (kind, node) => {
      if (kind === of) found.push(node as T);
    },
    without,
  );
  return found;
}

/** Whether something in a tree is called like the table that is gone over, so that its columns may be that one's. */
const callsSo = (tree: unknown, alias: string): boolean => {
  let found = false;
  walk({ Tree: tree }, (_, node) => {
    const {
      relname,
      alias: own,
      ctename,
    } = node as {
      relname?: string;
      ctename?: string;
      alias?: { aliasname?: string };
    };
    found ||= (own?.aliasname ?? relname) === alias || ctename === alias;
  });
  return found;
};

/** `t.a`, and `s.t.a`. */
const namesColumnOf = (tree: unknown, alias: string): boolean =>
  nodes<ColumnRef>(tree, "ColumnRef").some(({ fields = [] }) => fields.length > 1 && qualifier(fields) === alias);

const qualifier = (fields: readonly Node[]): string | undefined => strings(fields.slice(0, -1)).at(-1);

/**
 * Whether all of a query is asked anew for each row in the one statement, too: what it finds depends on the row. What it gives may do so
 * without that: it is computed from rows that are found once.
 */
function dependsOn(select: SelectStmt, alias: string): boolean {
  const { op = "SETOP_NONE", fromClause, whereClause } = select;
  if (op !== "SETOP_NONE") return false;
  return namesColumnOf(fromClause === undefined ? select : { fromClause, whereClause }, alias);
}

const callsIn = (tree: unknown): RelationName[] =>
  nodes<FuncCall>(tree, "FuncCall", QUERY).map(({ funcname }) => relationFrom(strings(funcname)));

/** Rows of a table that are chosen by chance. */
const sampled = (tree: unknown, without?: string): boolean =>
  nodes<RangeTableSample>(tree, "RangeTableSample", without).some(({ repeatable }) => repeatable === undefined);

function takesSome(select: SelectStmt): string | null {
  if (sampled(select, QUERY)) return "TABLESAMPLE";
  if (select.sortClause !== undefined) return null;
  if (select.limitCount !== undefined) return "LIMIT";
  // DISTINCT alone is a list with nothing in it.
  if (select.distinctClause?.some((node) => Object.keys(node).length > 0) === true) return "DISTINCT ON";
  return select.limitOffset === undefined ? null : "OFFSET";
}

/** The table of `SELECT v FROM cfg WHERE k = 'b'`, of which each row gives one. */
function onlyTable({ fromClause = [], whereClause, targetList, op = "SETOP_NONE" }: SelectStmt): Lookup | null {
  const [from, another] = fromClause;
  const table = body(from, "RangeVar");
  if (table === null || another !== undefined || op !== "SETOP_NONE" || !givesSingles(targetList)) return null;
  const alias = table.alias?.aliasname ?? table.relname;
  const isOwn = ({ table: of }: { readonly table: string | null }) => of === null || of === alias;
  const bounds = boundsOf(whereClause).filter((bound) => bound.kind !== "never" && isOwn(bound.column));
  return { relation: relationOf(table), bounds };
}

/** The queries behind EXISTS: which of their rows are there does not matter. */
const onlyExist = (tree: unknown): ReadonlySet<unknown> =>
  new Set(
    nodes<SubLink>(tree, "SubLink").flatMap(({ subLinkType, subselect }) =>
      subLinkType === "EXISTS_SUBLINK" && subselect !== undefined && QUERY in subselect ? [subselect.SelectStmt] : [],
    ),
  );

/**
 * What the queries of a statement do that do not plainly depend on the row.
 *
 * @param rest the statement without the table that is gone over
 * @param alias what it calls that table
 */
export function askedIn(rest: object, alias: string): Pick<Walk, "asked"> {
  const hidden = callsSo(rest, alias);
  const selects = nodes<SelectStmt>(rest, QUERY).filter((select) => hidden || !dependsOn(select, alias));
  const exist = onlyExist(rest);
  // What stands in FROM itself is asked once, as a query there.
  const inFrom = nodes<unknown>(rest, "RangeFunction", QUERY);
  const calls = [...selects, ...inFrom].flatMap(callsIn);
  // A name of WITH may mean any rows.
  const named = nodes<unknown>(rest, "CommonTableExpr").length > 0;
  const someOf = (select: SelectStmt): readonly TakesSome[] => {
    const by = exist.has(select) ? null : takesSome(select);
    const of = named ? null : onlyTable(select);
    return by === null ? [] : [{ by, ...(of === null ? {} : { of }) }];
  };
  const some = [...selects.flatMap(someOf), ...(sampled(rest, QUERY) ? [{ by: "TABLESAMPLE" }] : [])];
  if (calls.length === 0 && some.length === 0) return {};
  const each = new Map(calls.map((call) => [show(call), call]));
  const asked: Asked = { calls: Object.freeze([...each.values()]), ...(some.length === 0 ? {} : { some }) };
  return { asked: Object.freeze(asked) };
}
