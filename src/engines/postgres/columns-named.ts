import type { GrantStmt, IndexElem, IndexStmt, Node } from "libpg-query";
import type { RelationName } from "../../model/name.js";
import type { Operation } from "../../model/operation.js";
import type { NamedColumn } from "../engine.js";
import { bodies, body, contains, relationOf, strings } from "./parse/ast.js";
import { columnsOfTree, referencesIn } from "./parse/column-refs.js";
import { columnsIn, expressionProblem } from "./parse/columns.js";
import { rawParse } from "./parse/library.js";
import { relationsIn } from "./parse/relations.js";

const on = (relation: RelationName, columns: readonly string[]): NamedColumn[] =>
  columns.filter((column) => column !== "*").map((column) => ({ relation, column }));

/** How often each text stands in a tree, whatever it is: a name, an alias, a string. */
function textsIn(tree: unknown): Map<string, number> {
  const found = new Map<string, number>();
  const stack: unknown[] = [tree];
  while (stack.length > 0) {
    const value = stack.pop();
    if (typeof value === "string") found.set(value, (found.get(value) ?? 0) + 1);
    else if (typeof value === "object" && value !== null) stack.push(...Object.values(value));
  }
  return found;
}

/** The names that are columns wherever they stand in a tree: an alias of the same name could be meant instead. */
function certainIn(tree: unknown): string[] {
  const texts = textsIn(tree);
  const named = referencesIn(tree).map(({ parts, star }) => (star ? "*" : (parts.at(-1) ?? "")));
  return [...new Set(named)].filter((name) => named.filter((n) => n === name).length === texts.get(name));
}

/** A query that reads one table and nothing else. */
function ofQuery(query: unknown): NamedColumn[] {
  const [relation, ...others] = relationsIn(query);
  return relation === undefined || others.length > 0 ? [] : on(relation, certainIn(query));
}

const elements = (nodes: readonly Node[] | undefined): string[] =>
  bodies(nodes, "IndexElem").flatMap(({ name, expr }: IndexElem) => [
    ...(name === undefined ? [] : [name]),
    ...columnsOfTree(expr),
  ]);

const ofIndex = (stmt: IndexStmt): string[] => [
  ...elements(stmt.indexParams),
  ...elements(stmt.indexIncludingParams),
  ...columnsOfTree(stmt.whereClause),
];

function ofGrant({ privileges, objects, objtype }: GrantStmt): NamedColumn[] {
  if (objtype !== "OBJECT_TABLE") return [];
  const columns = bodies(privileges, "AccessPriv").flatMap((p) => strings(p.cols));
  return bodies(objects, "RangeVar").flatMap((range) => on(relationOf(range), columns));
}

const QUERIES: ReadonlySet<string> = new Set(["SelectStmt"]);

/** The rows that are read in it are those of the one table. */
const withoutQueries = (tree: unknown, columns: (tree: unknown) => string[]): string[] =>
  contains(tree, QUERIES) ? [] : columns(tree);

function ofTrigger(when: unknown): string[] {
  return referencesIn(when).flatMap(({ parts: [row = "", column] }) =>
    column !== undefined && /^(?:new|old)$/.test(row) ? [column] : [],
  );
}

function ofChange(node: Node): NamedColumn[] | null {
  const change = body(node, "UpdateStmt") ?? body(node, "DeleteStmt");
  if (change !== null) {
    const { relation, returningClause: _, ...rest } = change as typeof change & { returningClause?: unknown };
    const alone = relation !== undefined && rest.withClause === undefined && relationsIn(rest).length === 0;
    return alone ? on(relationOf(relation), withoutQueries(rest, certainIn)) : [];
  }
  const insert = body(node, "InsertStmt");
  return insert === null ? null : insert.withClause === undefined ? ofQuery(insert.selectStmt) : [];
}

function ofHanging(node: Node): NamedColumn[] {
  const policy = body(node, "CreatePolicyStmt");
  if (policy !== null)
    return on(relationOf(policy.table ?? {}), withoutQueries([policy.qual, policy.with_check], columnsOfTree));
  const trigger = body(node, "CreateTrigStmt");
  if (trigger !== null) return on(relationOf(trigger.relation ?? {}), ofTrigger(trigger.whenClause));
  const statistics = body(node, "CreateStatsStmt");
  const [range] = bodies(statistics?.relations, "RangeVar");
  if (range === undefined) return [];
  const parts = bodies(statistics?.exprs, "StatsElem");
  return on(
    relationOf(range),
    parts.flatMap((p) => [...(p.name === undefined ? [] : [p.name]), ...columnsOfTree(p.expr)]),
  );
}

function ofStatement(sql: string): NamedColumn[] {
  const parsed = rawParse(sql);
  const node = "statements" in parsed ? parsed.statements[0]?.stmt : undefined;
  if (node === undefined) return [];
  const index = body(node, "IndexStmt");
  if (index !== null) return on(relationOf(index.relation ?? {}), ofIndex(index));
  const query = body(node, "ViewStmt")?.query ?? body(node, "CreateTableAsStmt")?.query;
  if (query !== undefined) return ofQuery(query);
  const grant = body(node, "GrantStmt");
  return grant === null ? (ofChange(node) ?? ofHanging(node)) : ofGrant(grant);
}

/**
 * The columns that the expressions and queries of an operation name for certain. Where an alias or another table's column
 * could be meant, it is not among them.
 *
 * @param sql the whole statement that it stands in
 */
export function columnsNamed(operation: Operation, sql: string): readonly NamedColumn[] {
  if (operation.kind !== "add-column") return ofStatement(sql);
  const { generated, checks } = operation.column;
  const texts = [...(generated === null ? [] : [generated.expression]), ...checks.map((c) => c.expression)];
  const named = texts.flatMap((text) => (expressionProblem(text) === null ? columnsIn(text) : []));
  return on(operation.relation, named);
}
