import type { ColumnsKept, Engine } from "../engines/engine.js";
import { ZmigrateError } from "../errors.js";
import type { Catalog } from "../model/catalog.js";
import { show } from "../model/name.js";
import type { Step } from "../model/step.js";

/** The steps drop the index themselves. */
const goesFirst = (engine: Engine, { kind, name }: ColumnsKept, steps: readonly Step[], undoing: boolean): boolean =>
  kind !== "storage-engine" &&
  steps.some((s) => (undoing ? s.undo : s.sql).some((sql) => sql.includes(`DROP INDEX ${engine.quote(name)}`)));

/** The statement that takes it out of the way; null where there is none. */
function dropOf({ quote, quoteRelation }: Engine, { relation, kind, name }: ColumnsKept): string | null {
  if (kind === "storage-engine") return null;
  if (kind === "sequence-default")
    return `ALTER TABLE ${quoteRelation(relation)} ALTER COLUMN ${quote(name)} DROP DEFAULT`;
  return `DROP INDEX ${quote(name)} ON ${quoteRelation(relation)}`;
}

/**
 * What has come since the plan and keeps the server from dropping a column, as the steps or what takes them back would; null
 * where nothing does. To be asked before the first of them: the triggers go before the column does.
 */
export function keptProblem(
  engine: Engine,
  id: string,
  steps: readonly Step[],
  catalog: Catalog,
  undoing: boolean,
): ZmigrateError<"columns-kept"> | null {
  const { keepsColumns } = engine;
  if (keepsColumns === undefined) return null;
  for (const { id: step, sql, undo } of steps)
    for (const table of catalog.tables) {
      const kept = keepsColumns(table, undoing ? undo : sql);
      if (kept === null || goesFirst(engine, kept, steps, undoing)) continue;
      const { relation, kind, name, column } = kept;
      const drop = dropOf(engine, kept);
      return new ZmigrateError("columns-kept", { id, table: show(relation), kind, name, column, drop, step, undoing });
    }
  return null;
}
