import type { Shadow } from "../engines/shadow.js";
import { ZmigrateError } from "../errors.js";
import { positionOf } from "../files/position.js";
import type { Migration } from "../model/migration.js";
import type { Statement } from "../model/statement.js";

/** Where transactions begin and end: each statement is run in one of its own. */
const isTransaction = ({ operations }: Statement): boolean =>
  operations.length > 0 && operations.every((o) => o.kind === "other" && o.detail?.kind === "transaction");

/**
 * Runs migrations as they are written.
 *
 * @throws ZmigrateError shadow-failed at the first statement that the shadow refuses
 */
export async function replay(migrations: readonly Migration[], shadow: Shadow): Promise<void> {
  for (const { file, text, statements } of migrations)
    for (const statement of statements) {
      if (isTransaction(statement)) continue;
      const { failed } = await (shadow.replay?.(statement.sql) ?? shadow.run([statement.sql]));
      if (failed === null) continue;
      const { line, column } = positionOf(text, statement.span.start);
      throw new ZmigrateError("shadow-failed", { file, line, column, shadow: shadow.name, reason: failed });
    }
}
