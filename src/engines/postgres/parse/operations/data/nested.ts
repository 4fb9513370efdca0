import type { CommonTableExpr, Node } from "libpg-query";
import { kindOf, walk } from "../../ast.js";
import { bracketed, findKeyword, type Run, type Source, tokenAt } from "../../source.js";

const WRITERS: ReadonlySet<string> = new Set(["InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt"]);

/** Whether a node is a statement that writes rows. */
export function isWriter(node: Node): boolean {
  return WRITERS.has(kindOf(node));
}

/** A statement inside WITH, and its tokens. */
export interface Nested {
  readonly node: Node;
  readonly run: Run;
}

/** The statements inside WITH that write rows, in the order of the text. */
export function nestedWriters(tree: unknown, source: Source, run: Run): Nested[] {
  const tables: CommonTableExpr[] = [];
  walk(tree, (kind, node) => {
    if (kind === "CommonTableExpr") tables.push(node as CommonTableExpr);
  });
  return tables
    .toSorted((a, b) => (a.location ?? 0) - (b.location ?? 0))
    .flatMap(({ ctequery, location }) =>
      ctequery !== undefined && isWriter(ctequery)
        ? [{ node: ctequery, run: queryRun(source, run, location ?? 0) }]
        : [],
    );
}

/** `name (columns) AS NOT MATERIALIZED (query)`: what is inside the brackets behind AS. */
function queryRun(source: Source, run: Run, location: number): Run {
  const from = tokenAt(source.tokens, source.at(location));
  const as = findKeyword(source, { from, to: run.to }, "AS");
  return (as === null ? null : bracketed(source, { from: as, to: run.to })) ?? run;
}
