import type { MigrationRecord } from "../journal/records.js";
import type { ExecOrder } from "../model/exec-order.js";
import type { Migration } from "../model/migration.js";
import type { PlanRefusal } from "../model/plan.js";

/** What stands before what has run. */
export interface OutOfOrder {
  /** Ids of those that are left out. */
  readonly skipped: ReadonlySet<string>;
  /** Why the others cannot run, by id. */
  readonly refused: ReadonlyMap<string, PlanRefusal>;
}

type Named = Pick<Migration, "id" | "slug" | "file">;

/** Why it is refused, and how it is run all the same. */
const refusalOf = ({ id, slug: name, file }: Named, last: MigrationRecord): PlanRefusal => ({
  ...{ id, name, file, line: 1, column: 1 },
  reason: `${id} has not run, and stands before ${last.id} (${last.name}), which has: \`execOrder\` is linear.`,
  help: `Give it digits behind ${last.id} (\`zmigrate new\` names a file so), or run it all the same: --exec-order non-linear.`,
});

/**
 * The migrations that have not begun although one behind them has, as far as they may not run for it. One that was rolled
 * back has not begun.
 *
 * @example
 * const { skipped } = outOfOrder(folder, records, "linear-skip");
 */
export function outOfOrder(
  folder: readonly Named[],
  records: readonly MigrationRecord[],
  order: ExecOrder = "non-linear",
): OutOfOrder {
  const begun = records.filter(({ status }) => status !== "rolled-back");
  const last = begun.reduce<MigrationRecord | null>((a, b) => (a === null || b.id > a.id ? b : a), null);
  const ids = new Set(begun.map(({ id }) => id));
  const late = last === null || order === "non-linear" ? [] : folder.filter((m) => m.id < last.id && !ids.has(m.id));
  if (last === null || order === "linear-skip") return { skipped: new Set(late.map((m) => m.id)), refused: new Map() };
  return { skipped: new Set(), refused: new Map(late.map((m) => [m.id, refusalOf(m, last)])) };
}
