import type { Catalog } from "../../../model/catalog.js";
import type { RelationName } from "../../../model/name.js";
import { findTable, type Named } from "../../engine.js";
import { rawParse } from "../parse/library.js";

/** Something in FROM: what it is called there, and the relation that it is; null for a query or a function. */
export interface Range {
  readonly alias: string;
  readonly relation: RelationName | null;
}

/** The tables that a statement reads or writes, and those of the one that it stands in. */
export interface Scope {
  readonly ranges: readonly Range[];
  readonly outer: Scope | null;
}

type Tree = Readonly<Record<string, unknown>>;

/** Whether a value is a node of a parse tree, or a list of them. */
export const isTree = (value: unknown): value is Tree => typeof value === "object" && value !== null;
/** A list of a parse tree. */
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
/** What a node has under a key; null for no node. */
export const inside = (value: unknown, key: string): Tree | null => {
  const found = isTree(value) ? value[key] : null;
  return isTree(found) ? found : null;
};
/** The texts of a list of String nodes. */
export const stringsOf = (value: unknown): string[] => listOf(value).map((n) => textOf(inside(n, "String")?.sval));

const aliasOf = (node: Tree): string | null => {
  const name = inside(node, "alias")?.aliasname;
  return typeof name === "string" ? name : null;
};

function rangeOf(range: Tree): Range {
  const name = textOf(range.relname);
  const schema = typeof range.schemaname === "string" ? range.schemaname : null;
  return { alias: aliasOf(range) ?? name, relation: { schema, name } };
}

/** What stands in FROM, without what stands in queries there. */
function rangesOf(node: unknown): Range[] {
  const join = inside(node, "JoinExpr");
  if (join !== null) return [...rangesOf(join.larg), ...rangesOf(join.rarg)];
  const table = inside(node, "RangeVar");
  if (table !== null) return [rangeOf(table)];
  const other = isTree(node) ? Object.values(node).find(isTree) : undefined;
  return other === undefined ? [] : [{ alias: aliasOf(other) ?? "", relation: null }];
}

/** Statements that have tables of their own; the sides of a UNION stand there without their name. */
const STATEMENTS: ReadonlySet<string> = new Set(
  "SelectStmt InsertStmt UpdateStmt DeleteStmt MergeStmt larg rarg".split(" "),
);

/** Whether a node is a statement with tables of its own. */
export const isStatement = (key: string, body: Tree): boolean =>
  STATEMENTS.has(key) && !["JoinExpr", "RangeVar", "RangeSubselect", "RangeFunction"].some((kind) => kind in body);

/** The tables of a statement, inside of another one. */
export function scopeOf(body: Tree, outer: Scope | null): Scope {
  const written = isTree(body.relation) ? [rangeOf(body.relation)] : [];
  const from = [...listOf(body.fromClause), ...listOf(body.usingClause), body.sourceRelation].flatMap((n) =>
    rangesOf(n),
  );
  return { ranges: [...written, ...from], outer };
}

/** Columns that are written by their names: lists of INSERT and ON CONFLICT, SET. */
const targetsOf = (value: unknown): string[] =>
  listOf(value).map((n) => textOf((inside(n, "ResTarget") ?? inside(n, "IndexElem"))?.name));

/** Says of a name, where it stands, whether it is the column. */
function meantBy({ relation: own, column }: Named, catalog: Catalog) {
  const is = (relation: RelationName | null): boolean =>
    relation?.name === own.name && (own.schema === null || relation.schema === null || relation.schema === own.schema);
  const has = ({ relation }: Range): boolean =>
    relation !== null && findTable(catalog, relation)?.columns.some((c) => c.name === column) === true;
  /** A name without a table is one of the nearest query that has it. */
  const unqualified = (scope: Scope | null): boolean => {
    for (let at = scope; at !== null; at = at.outer) {
      if (at.ranges.some((r) => is(r.relation))) return true;
      if (at.ranges.some(has)) return false;
    }
    return false;
  };
  const qualified = (qualifier: string, scope: Scope | null): boolean => {
    for (let at = scope; at !== null; at = at.outer) {
      const range = at.ranges.find((r) => r.alias === qualifier);
      if (range !== undefined) return is(range.relation);
    }
    return qualifier === own.name;
  };
  const reference = (parts: readonly string[], scope: Scope | null): boolean => {
    if (parts.at(-1) !== column) return false;
    const qualifier = parts.at(-2);
    return qualifier === undefined ? unqualified(scope) : qualified(qualifier, scope);
  };
  return { is, reference };
}

function writtenIn(body: Tree): string[] {
  const conflict = inside(body, "onConflictClause");
  const set = isTree(body.relation) ? body.targetList : null;
  const merged = listOf(body.mergeWhenClauses).map((c) => inside(c, "MergeWhenClause")?.targetList);
  const lists = [body.cols, set, conflict?.targetList, inside(conflict, "infer")?.indexElems, ...merged];
  return lists.flatMap(targetsOf);
}

/**
 * Whether a query names a column, or with `column` null a table. A name that could be another table's is that table's
 * where the catalog knows it to have such a column; `*` names none.
 *
 * @param sql one statement that parses, as `readQueries` gives it
 */
export function namesColumn(sql: string, target: Named, catalog: Catalog): boolean {
  const parsed = rawParse(sql);
  if (!("statements" in parsed)) return true;
  const { is, reference } = meantBy(target, catalog);
  const { column } = target;
  const names = (key: string, node: Tree, scope: Scope | null): boolean => {
    if (column === null) return (key === "RangeVar" || key === "relation") && is(rangeOf(node).relation);
    if (key === "ColumnRef") return reference(stringsOf(node.fields), scope);
    return key === "JoinExpr" && stringsOf(node.usingClause).some((name) => reference([name], scope));
  };
  const writes = (body: Tree, { ranges: [first] }: Scope): boolean =>
    column !== null && isTree(body.relation) && is(first?.relation ?? null) && writtenIn(body).includes(column);
  const look = (value: unknown, scope: Scope | null): boolean =>
    isTree(value) &&
    Object.entries(value).some(([key, child]) => {
      if (!isTree(child)) return false;
      if (names(key, child, scope)) return true;
      if (!isStatement(key, child)) return look(child, scope);
      const own = scopeOf(child, scope);
      return writes(child, own) || look(child, own);
    });
  return look(parsed.statements, null);
}
