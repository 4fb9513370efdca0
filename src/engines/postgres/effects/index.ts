import type { Effect, Lock } from "../../../model/effect.js";
import type { Operation } from "../../../model/operation.js";
import type { EffectContext } from "../../engine.js";
import { addColumnEffect } from "./add-column.js";
import { underStatement } from "./combine.js";
import { createIndexEffect } from "./create-index.js";
import { createTableEffect } from "./create-table.js";
import { dropColumnEffect } from "./drop-column.js";
import { merged } from "./locks.js";
import { otherEffect } from "./other.js";
import { sameRelation } from "./relations.js";
import { renameColumnEffect } from "./rename-column.js";

/**
 * What an operation does to a PostgreSQL database (14 to 18) and to running code. What the catalog does not tell is
 * taken as the worse case and named in `assumes`. Call `loadParser` before: defaults and types are read.
 *
 * With `context.siblings` the locks are those that the whole statement takes at once.
 *
 * @example
 * postgresEffects(addColumn, { catalog, version }).rewrite // true for DEFAULT gen_random_uuid()
 */
export function postgresEffects(operation: Operation, context: EffectContext): Effect {
  const own = aloneEffects(operation, context);
  const siblings = context.siblings ?? [];
  return siblings.length < 2 ? own : underStatement(own, statementLocks(operation, siblings, context), context);
}

/** Locks of a whole statement by its operations: worked out once, since a statement may have thousands of them. */
const STATEMENTS = new WeakMap<readonly Operation[], readonly Lock[]>();

/** The locks that a statement takes together, in the catalog before its first operation. */
function statementLocks(operation: Operation, siblings: readonly Operation[], context: EffectContext): readonly Lock[] {
  const known = STATEMENTS.get(siblings);
  if (known !== undefined && operation !== siblings[0]) return known;
  const all = siblings.flatMap((o) => aloneEffects(o, context).locks);
  const locks = merged(all, (a, b) => sameRelation(context.catalog, a, b));
  STATEMENTS.set(siblings, locks);
  return locks;
}

function aloneEffects(operation: Operation, context: EffectContext): Effect {
  switch (operation.kind) {
    case "create-table":
      return createTableEffect(operation, context);
    case "add-column":
      return addColumnEffect(operation, context);
    case "rename-column":
      return renameColumnEffect(operation, context);
    case "create-index":
      return createIndexEffect(operation, context);
    case "drop-column":
      return dropColumnEffect(operation, context);
    case "other":
      return otherEffect(operation, context, postgresEffects);
  }
}
