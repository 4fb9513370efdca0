import type { Effect } from "../../../model/effect.js";
import type { Operation } from "../../../model/operation.js";
import type { EffectContext } from "../../engine.js";
import type { MysqlDialect } from "../parse/dialect.js";
import { addColumnEffect } from "./add-column.js";
import { createIndexEffect } from "./create-index.js";
import { createTableEffect } from "./create-table.js";
import { dropColumnEffect } from "./drop-column.js";
import { otherEffect } from "./other.js";
import { renameColumnEffect } from "./rename-column.js";
import type { Server } from "./server.js";

/**
 * What an operation, as a statement of its own without ALGORITHM and LOCK, does to an InnoDB table of MySQL (8.0 to 9)
 * or MariaDB (10.6 to 11) and to running code. What the catalog does not tell is taken as the worse case and named in
 * `assumes`; what it can not tell (the row format, the count of row versions) is left to the ALGORITHM clause with which
 * every step of ours asserts the answer. Proved by what servers accept: test/engines/mysql/effects.
 *
 * @example
 * mysqlEffects(addColumn, { catalog, version }, "mysql").algorithm // "INSTANT"
 */
export function mysqlEffects(operation: Operation, context: EffectContext, dialect: MysqlDialect): Effect {
  const server: Server = { ...context, dialect };
  switch (operation.kind) {
    case "create-table":
      return createTableEffect(operation, server);
    case "add-column":
      return addColumnEffect(operation, server);
    case "rename-column":
      return renameColumnEffect(operation, server);
    case "create-index":
      return createIndexEffect(operation, server);
    case "drop-column":
      return dropColumnEffect(operation, server);
    case "other":
      return otherEffect(operation);
  }
}
