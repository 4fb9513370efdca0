import { rawParse } from "../parse/library.js";

/**
 * The tree of what the server prints of a query.
 *
 * @throws Error where it does not parse
 */
export function treeOf(meaning: string): unknown {
  const parsed = rawParse(meaning);
  if ("statements" in parsed) return parsed.statements;
  throw new Error(`what the server makes of it does not parse: ${parsed.rejection.message}`);
}

/** Every node of a kind in a tree of PostgreSQL's grammar, wherever it stands. */
export function* nodesIn(tree: unknown, kind: string): Generator<unknown> {
  if (tree === null || typeof tree !== "object") return;
  for (const [key, value] of Object.entries(tree)) {
    if (key === kind) yield value;
    yield* nodesIn(value, kind);
  }
}

/** A table as a tree names it. */
export interface TableTree {
  readonly schemaname?: string;
  readonly relname?: string;
  readonly alias?: { readonly aliasname?: string };
}
