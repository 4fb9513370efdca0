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
  readonly scope: Scope | null;
}

/** The names of a WITH: those in front of `limit` are visible, and those of what is around it. */
interface Scope {
  readonly names: ReadonlyMap<string, number>;
  readonly limit: number;
  readonly outer: Scope | null;
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
  const stack: Place[] = [{ value: tree, scope: null }];
  for (let place = stack.pop(); place !== undefined; place = stack.pop()) {
    const { value } = place;
    if (typeof value !== "object" || value === null) continue;
    if ("withClause" in value) pushWith(value as WithHolder, place.scope, stack);
    else pushChildren(value, place.scope, stack, found);
  }
  return found;
}

function pushChildren(value: object, scope: Scope | null, stack: Place[], found: Named): void {
  for (const [key, child] of Object.entries(value)) {
    // FOR UPDATE OF names what FROM has named already.
    if (WRITERS.has(key) || key === "lockedRels") continue;
    if (key === "RangeVar") note(child as RangeVar, scope, found.ranges);
    if (key === "FuncCall") noteCall(child as FuncCall, found.calls);
    stack.push({ value: child, scope });
  }
}

interface WithHolder {
  readonly withClause: { readonly recursive?: boolean; readonly ctes?: readonly CommonTable[] };
}

interface CommonTable {
  readonly CommonTableExpr?: { readonly ctename?: string; readonly ctequery?: unknown };
}

/** Each query of WITH sees those before it, with RECURSIVE all of them; so does what WITH belongs to. */
function pushWith(holder: WithHolder, scope: Scope | null, stack: Place[]): void {
  const { withClause, ...rest } = holder;
  const tables = (withClause.ctes ?? []).map((c) => c.CommonTableExpr ?? {});
  const names = new Map(tables.map((t, i) => [t.ctename ?? "", i]));
  const seen = (limit: number): Scope => ({ names, limit, outer: scope });
  for (const [i, { ctequery }] of tables.entries()) {
    stack.push({ value: ctequery, scope: seen(withClause.recursive === true ? tables.length : i) });
  }
  stack.push({ value: rest, scope: seen(tables.length) });
}

function isDefined(name: string, scope: Scope | null): boolean {
  for (let at = scope; at !== null; at = at.outer) {
    if ((at.names.get(name) ?? at.limit) < at.limit) return true;
  }
  return false;
}

function note(range: RangeVar, scope: Scope | null, ranges: Found[]): void {
  const defined = range.schemaname === undefined && isDefined(range.relname ?? "", scope);
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
