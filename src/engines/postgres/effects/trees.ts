import type { Constraint, IndexStmt, Node } from "libpg-query";
import { bodies, body } from "../parse/ast.js";
import { readExpression, readFragment } from "../parse/fragment.js";
import { remembered } from "./remember.js";

/** A constraint's definition, as a server prints it, as a tree; null when it cannot be read. */
export const constraintTree = remembered(readConstraint);

function readConstraint(definition: string): Constraint | null {
  const fragment = readFragment("ALTER TABLE t ADD ", definition, "");
  if (typeof fragment === "string") return null;
  const commands = bodies(body(fragment.node, "AlterTableStmt")?.cmds, "AlterTableCmd");
  return body(commands[0]?.def, "Constraint");
}

/** An index's whole statement as a tree; null when it cannot be read. */
export const indexTree = remembered(readIndex);

function readIndex(definition: string): IndexStmt | null {
  const fragment = readFragment("", definition, "");
  return typeof fragment === "string" ? null : body(fragment.node, "IndexStmt");
}

/** An expression as a tree; null when it is none. */
export const expressionTree = remembered(readTree);

function readTree(expression: string): Node | null {
  const read = readExpression(expression);
  return typeof read === "string" ? null : read.tree;
}
