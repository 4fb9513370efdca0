import { ZmigrateError } from "../errors.js";
import type { MigrationRecord, StepRecord } from "../journal/records.js";
import type { Catalog } from "../model/catalog.js";
import { show } from "../model/name.js";
import type { Step } from "../model/step.js";
import { standsIn } from "./carried.js";
import type { Run } from "./run.js";

/** The columns that a rollback takes away, and what is there in their place. */
const columnsOf = ({ plan }: MigrationRecord, catalog: Catalog) =>
  plan.retires.flatMap(({ relation, column, parked, replacement }) => {
    if (replacement === null || !standsIn(catalog, relation, replacement)) return [];
    const stays = standsIn(catalog, relation, parked) ? parked : column;
    return [{ column: `${show(relation)}.${replacement}`, stays, as: column }];
  });

/**
 * Before anything is undone: the server drops nothing that a view, a policy, a publication or anything else is built on, and
 * would say so in the middle.
 *
 * @throws ZmigrateError undo-held
 */
export async function refuseHeld(
  run: Run,
  record: MigrationRecord,
  steps: readonly StepRecord[],
  undone: readonly Step[],
  catalog: Catalog,
): Promise<void> {
  const { id } = record;
  const holders =
    (await run.options.database.holders?.(
      run.main,
      undone.flatMap((s) => s.undo),
    )) ?? [];
  if (holders.length === 0) return;
  const begun = steps.some((s) => s.status === "undone");
  throw new ZmigrateError("undo-held", { id, holders, columns: columnsOf(record, catalog), begun });
}
