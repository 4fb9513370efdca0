import { ZmigrateError } from "../errors.js";
import type { BackfillCode } from "../model/backfill-code.js";
import type { Migration } from "../model/migration.js";
import type { Step } from "../model/step.js";

/**
 * The code that computes what a step writes; null where SQL does.
 *
 * @throws ZmigrateError bad-backfill
 */
export async function codeOf(
  migrations: readonly Migration[],
  id: string,
  { backfill }: Step,
): Promise<BackfillCode | null> {
  if (backfill?.code === undefined) return null;
  const { code } = migrations.find((m) => m.id === id) ?? {};
  if (code === undefined) throw new ZmigrateError("internal", { reason: `the file of the backfill ${id} is not here` });
  return code.load();
}
