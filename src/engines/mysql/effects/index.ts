import type { Effect } from "../../../model/effect.js";
import type { Operation } from "../../../model/operation.js";
import type { EffectContext } from "../../engine.js";
import type { MysqlDialect } from "../parse/dialect.js";
import { addColumnChange } from "./add-column.js";
import type { Change } from "./change.js";
import { createIndexChange } from "./create-index.js";
import { createTableChange } from "./create-table.js";
import { dropColumnChange } from "./drop-column.js";
import { otherChange } from "./other.js";
import { renameColumnChange } from "./rename-column.js";
import type { Server } from "./server.js";
import { effectInStatement } from "./statement.js";
import { onItsEngine } from "./storage-engine.js";
import { versionsIn, worstOf } from "./version-range.js";

/**
 * What an operation does to a table of MySQL (5.7 to 9) or MariaDB (10.6 to 11) and to running code. What the
 * catalog does not tell is taken as the worse case and named in `assumes`; what it can not tell (the row format, the
 * count of row versions) is left to the ALGORITHM clause with which every step of ours asserts the answer. Proved by
 * what servers accept: test/engines/mysql/effects.
 *
 * With `context.siblings` the way is that of the whole statement, in which the worst part decides. With
 * `context.newestVersion` the answer is the worst of the range.
 *
 * @example
 * mysqlEffects(addColumn, { catalog, version }, "mysql").algorithm // "INSTANT"
 */
export function mysqlEffects(operation: Operation, context: EffectContext, dialect: MysqlDialect): Effect {
  const [oldest = context.version, ...newer] = versionsIn(context.version, context.newestVersion, dialect);
  const on = (version: EffectContext["version"]) => ({
    version,
    effect: effectInStatement(operation, { ...context, version, dialect }, (o, server) =>
      onItsEngine(o, changeOf(o, server), server),
    ),
  });
  return worstOf([on(oldest), ...newer.map(on)]);
}

function changeOf(operation: Operation, server: Server): Change {
  switch (operation.kind) {
    case "create-table":
      return createTableChange(operation, server);
    case "add-column":
      return addColumnChange(operation, server);
    case "rename-column":
      return renameColumnChange(operation, server);
    case "create-index":
      return createIndexChange(operation, server);
    case "drop-column":
      return dropColumnChange(operation, server);
    case "other":
      return otherChange(operation, server);
  }
}
