import type { Constraint, IndexStmt, Node } from "libpg-query";
import { bodies, body } from "../parse/ast.js";
import { readExpression, readFragment } from "../parse/fragment.js";

/** A constraint's definition, as a server prints it, as a tree; null when it cannot be read. */
export function constraintTree(definition: string): Constraint | null {
  const fragment = readFragment("ALTER TABLE t ADD ", definition, "");
  if (typeof fragment === "string") return null;
  const commands = bodies(body(fragment.node, "AlterTableStmt")?.cmds, "AlterTableCmd");
  return body(commands[0]?.def, "Constraint");
}

/** An index's whole statement as a tree; null when it cannot be read. */
export function indexTree(definition: string): IndexStmt | null {
  const fragment = readFragment("", definition, "");
  return typeof fragment === "string" ? null : body(fragment.node, "IndexStmt");
}

/** An expression as a tree; null when it is none. */
export function expressionTree(expression: string): Node | null {
  const read = readExpression(expression);
  return typeof read === "string" ? null : read.tree;
}
