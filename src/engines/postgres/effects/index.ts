import type { Effect } from "../../../model/effect.js";
import type { Operation } from "../../../model/operation.js";
import type { EffectContext } from "../../engine.js";
import { addColumnEffect } from "./add-column.js";
import { createIndexEffect } from "./create-index.js";
import { createTableEffect } from "./create-table.js";
import { dropColumnEffect } from "./drop-column.js";
import { otherEffect } from "./other.js";
import { renameColumnEffect } from "./rename-column.js";

/**
 * What an operation does to a PostgreSQL database (14 to 18) and to running code. What the catalog does not tell is
 * taken as the worse case and named in `assumes`. Call `loadParser` before: defaults and types are read.
 *
 * @example
 * postgresEffects(addColumn, { catalog, version }).rewrite // true for DEFAULT gen_random_uuid()
 */
export function postgresEffects(operation: Operation, context: EffectContext): Effect {
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
      return otherEffect(operation);
  }
}
