import { ZmigrateError } from "../errors.js";
import type { MigrationRecord, StepRecord } from "../journal/records.js";
import type { Catalog } from "../model/catalog.js";
import { show } from "../model/name.js";
import type { Step } from "../model/step.js";
import { standsIn } from "./carried.js";
import type { Run } from "./run.js";

/** The columns that a rollback takes away, and what is there in their place. */
function columnsOf({ plan }: MigrationRecord, catalog: Catalog) {
  const renamed = plan.retires.flatMap(({ relation, column: kept, parked, replacement }) =>
    replacement === null
      ? []
      : [{ relation, column: replacement, swapped: replacement, kept, parked, keptIn: undefined }],
  );
  return [...renamed, ...(plan.sides ?? [])].map(({ relation, column, swapped, kept, parked, keptIn }) => {
    const isSwapped = standsIn(catalog, keptIn ?? relation, parked);
    const [goes, stays] = isSwapped ? [swapped, parked] : [column, kept];
    const named = (name: string) => (keptIn === undefined ? name : `${show(keptIn)}.${name}`);
    return { column: `${show(relation)}.${goes}`, stays: named(stays), as: named(kept) };
  });
}

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
