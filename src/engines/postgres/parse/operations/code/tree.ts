/** A node of libpg-query's tree of a plpgsql function. */
export type Tree = Readonly<Record<string, unknown>>;

/** What a node holds under a key; undefined where it is no node, or holds nothing there. */
export function at(tree: unknown, key: string): unknown {
  return typeof tree === "object" && tree !== null ? (tree as Tree)[key] : undefined;
}

/** A list of nodes; empty for anything else. */
export const listOf = (tree: unknown): readonly unknown[] => (Array.isArray(tree) ? tree : []);

/** The function that a tree is of. */
export const functionOf = (tree: unknown): unknown => at(at(at(tree, "plpgsql_funcs"), "0"), "PLpgSQL_function");

/** Calls `seen` with what every node below a tree holds under a key. */
export function visit(tree: unknown, key: string, seen: (node: unknown) => void): void {
  const stack: unknown[] = [tree];
  while (stack.length > 0) {
    const value = stack.pop();
    if (typeof value !== "object" || value === null) continue;
    for (const [name, child] of Object.entries(value)) {
      if (name === key) seen(child);
      stack.push(child);
    }
  }
}
