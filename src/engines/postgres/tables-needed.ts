import type { Node } from "libpg-query";
import type { RelationName } from "../../model/name.js";
import type { Operation } from "../../model/operation.js";
import type { DetailKind } from "../../model/operation-detail.js";
import { relationFrom, relationOf, strings, walk } from "./parse/ast.js";
import { rawParse } from "./parse/library.js";
import { relationsIn } from "./parse/relations.js";

/** They read and write rows, which a view takes too, or are text that is looked into when it runs. */
const OF_ROWS: ReadonlySet<DetailKind> = new Set<DetailKind>([
  "data-change",
  "explain",
  "opaque",
  "prepare-statement",
  "query",
]);

/** It leaves nothing behind that hangs on what it names. */
function leavesNothing(operation: Operation): boolean {
  if (operation.kind === "create-table") return operation.form === "as";
  if (operation.kind !== "other") return false;
  const { detail, harmless } = operation;
  return detail === undefined ? harmless : OF_ROWS.has(detail.kind) || (harmless && detail.kind !== "comment");
}

/** What a dotted name may be: that of a relation, or of something that hangs on one. */
const ofDotted = (parts: readonly string[]): RelationName[] =>
  parts.length < 2 ? [relationFrom(parts)] : [relationFrom(parts), relationFrom(parts.slice(0, -1))];

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};

/** A statement inside another one, as a body of BEGIN ATOMIC holds it, is a tree of its own for what WITH names. */
const STATEMENT = /^(?:Insert|Update|Delete|Merge)Stmt$/;

/** The relations of a tree: those that a query reads, those that the statement itself names, and rows as types. */
function namedIn(tree: unknown): RelationName[] {
  const found = relationsIn(tree);
  const stack: unknown[] = [tree];
  while (stack.length > 0) {
    const value = stack.pop();
    for (const child of Object.values(record(value))) {
      const { relname, names, items } = record(child);
      // A name of FROM stands below a key of its own, and may be one of WITH.
      if (typeof relname === "string" && !("RangeVar" in record(value))) found.push(relationOf(record(child)));
      if (Array.isArray(names)) found.push(...ofDotted(strings(names as Node[])));
      if (Array.isArray(items)) found.push(...ofDotted(strings(items as Node[])));
      stack.push(child);
    }
  }
  walk(tree, (kind, node) => {
    if (STATEMENT.test(kind)) found.push(...relationsIn(node));
  });
  return found.filter(({ name }) => name !== "");
}

/**
 * The relations that an operation names and that a view cannot stand in for: what it does needs a table, or what it makes,
 * or says, would hang on the view and go with it.
 *
 * @param sql the whole statement that it stands in
 */
export function tablesNeeded(operation: Operation, sql: string): readonly RelationName[] {
  if (leavesNothing(operation)) return [];
  const parsed = rawParse(sql);
  return "statements" in parsed ? parsed.statements.flatMap(({ stmt }) => namedIn(stmt)) : [];
}
