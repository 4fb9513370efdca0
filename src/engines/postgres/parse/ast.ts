import type { Node, RangeVar } from "libpg-query";
import type { RelationName } from "../../../model/name.js";

type KeyOf<N> = N extends unknown ? keyof N : never;

/** The name of a node of PostgreSQL's parse tree: `ColumnRef`, `IndexStmt`. */
export type NodeKind = KeyOf<Node>;

/** What a node of this name holds. */
export type Body<K extends NodeKind> = Extract<Node, { [P in K]: unknown }>[K];

/** The body of a node when it is of this kind, or null. */
export function body<K extends NodeKind>(node: Node | undefined, kind: K): Body<K> | null {
  return node !== undefined && kind in node ? (node as unknown as Record<K, Body<K>>)[kind] : null;
}

/** The node's name. */
export function kindOf(node: Node): string {
  return Object.keys(node)[0] ?? "";
}

/** The bodies of those nodes of a list that are of this kind. */
export function bodies<K extends NodeKind>(nodes: readonly Node[] | undefined, kind: K): Body<K>[] {
  return (nodes ?? []).map((n) => body(n, kind)).filter((b): b is NonNullable<typeof b> => b !== null);
}

/** The texts of a list of String nodes: a dotted name, a list of columns. */
export function strings(nodes: readonly Node[] | undefined): string[] {
  return bodies(nodes, "String").map((s) => s.sval ?? "");
}

/** A relation as the tree names it. */
export function relationOf(range: RangeVar): RelationName {
  return Object.freeze({ schema: range.schemaname ?? null, name: range.relname ?? "" });
}

/** A relation from the parts of a dotted name; a database's name in front is left out. */
export function relationFrom(parts: readonly string[]): RelationName {
  return Object.freeze({ schema: parts.at(-2) ?? null, name: parts.at(-1) ?? "" });
}

/**
 * Calls `visit` with every node below (and including) a tree. It keeps its own stack, since a chain of operators is as
 * deep as it is long.
 *
 * @param without the name of a field that is passed over, with all that is below it
 */
export function walk(tree: unknown, visit: (kind: string, node: unknown) => void, without?: string): void {
  const stack: unknown[] = [tree];
  while (stack.length > 0) {
    const value = stack.pop();
    if (typeof value !== "object" || value === null) continue;
    for (const [key, child] of Object.entries(value)) {
      if (key === without) continue;
      if (/^[A-Z]/.test(key)) visit(key, child);
      stack.push(child);
    }
  }
}

/** Whether a tree holds a node of one of these names. */
export function contains(tree: unknown, kinds: ReadonlySet<string>): boolean {
  let found = false;
  walk(tree, (kind) => {
    found ||= kinds.has(kind);
  });
  return found;
}

/** `AT_SetNotNull` becomes `set-not-null`, `OBJECT_TABLE` becomes `table`, `CreateStmt` becomes `create`. */
export function kebab(name: string): string {
  return name
    .replace(/^(AT|OBJECT|CONSTR|TRANS_STMT)_/, "")
    .replace(/Stmt$/, "")
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replace(/_/g, "-")
    .toLowerCase();
}
