import type { FuncCall, RangeVar } from "libpg-query";
import type { RelationName } from "../../../model/name.js";
import { relationFrom, relationOf, strings } from "./ast.js";

/** Statements that write rows: what stands below one of them is its own. */
const WRITERS: ReadonlySet<string> = new Set(["InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt"]);

interface Found {
  readonly location: number;
  readonly relation: RelationName;
}

interface Place {
  readonly value: unknown;
  /** The names of WITH that are visible here. */
  readonly hidden: ReadonlySet<string>;
}

interface Named {
  readonly ranges: Found[];
  readonly calls: Found[];
}

/**
 * The relations that a tree names, each once, in the order of the text. Names that WITH defines are none, and what a
 * data-changing statement inside it names is left to that statement.
 */
export function relationsIn(tree: unknown): RelationName[] {
  return inOrder(namesIn(tree).ranges);
}

/** The functions that a tree calls, each once, in the order of the text; as `relationsIn` looks for them. */
export function callsIn(tree: unknown): RelationName[] {
  return inOrder(namesIn(tree).calls);
}

function namesIn(tree: unknown): Named {
  const found: Named = { ranges: [], calls: [] };
  const stack: Place[] = [{ value: tree, hidden: new Set() }];
  for (let place = stack.pop(); place !== undefined; place = stack.pop()) {
    const { value } = place;
    if (typeof value !== "object" || value === null) continue;
    if ("withClause" in value) pushWith(value as WithHolder, place.hidden, stack);
    else pushChildren(value, place.hidden, stack, found);
  }
  return found;
}

function pushChildren(value: object, hidden: ReadonlySet<string>, stack: Place[], found: Named): void {
  for (const [key, child] of Object.entries(value)) {
    // FOR UPDATE OF names what FROM has named already.
    if (WRITERS.has(key) || key === "lockedRels") continue;
    if (key === "RangeVar") note(child as RangeVar, hidden, found.ranges);
    if (key === "FuncCall") noteCall(child as FuncCall, found.calls);
    stack.push({ value: child, hidden });
  }
}

interface WithHolder {
  readonly withClause: { readonly recursive?: boolean; readonly ctes?: readonly CommonTable[] };
}

interface CommonTable {
  readonly CommonTableExpr?: { readonly ctename?: string; readonly ctequery?: unknown };
}

/** Each query of WITH sees those before it, with RECURSIVE all of them; so does what WITH belongs to. */
function pushWith(holder: WithHolder, hidden: ReadonlySet<string>, stack: Place[]): void {
  const { withClause, ...rest } = holder;
  const tables = (withClause.ctes ?? []).map((c) => c.CommonTableExpr ?? {});
  const all = new Set([...hidden, ...tables.map((t) => t.ctename ?? "")]);
  const before = new Set(hidden);
  for (const { ctename = "", ctequery } of tables) {
    stack.push({ value: ctequery, hidden: withClause.recursive === true ? all : new Set(before) });
    before.add(ctename);
  }
  stack.push({ value: rest, hidden: all });
}

function note(range: RangeVar, hidden: ReadonlySet<string>, ranges: Found[]): void {
  const defined = range.schemaname === undefined && hidden.has(range.relname ?? "");
  if (!defined) ranges.push({ location: range.location ?? 0, relation: relationOf(range) });
}

function noteCall(call: FuncCall, calls: Found[]): void {
  calls.push({ location: call.location ?? 0, relation: relationFrom(strings(call.funcname)) });
}

function inOrder(found: readonly Found[]): RelationName[] {
  const once = new Map<string, RelationName>();
  for (const { relation } of found.toSorted((a, b) => a.location - b.location)) {
    const key = JSON.stringify(relation);
    if (!once.has(key)) once.set(key, relation);
  }
  return [...once.values()];
}
