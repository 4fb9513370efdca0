import { ZmigrateError } from "../errors.js";
import type { MigrationRecord } from "../journal/records.js";
import type { Run } from "./run.js";

/** `function public.ff(integer)` is called `ff` where it is made; null for what is no routine. */
const routineIn = (dependent: string): string | null =>
  /^(?:function|procedure) (?:.*[."`])?([^."`(]+)["`]?(?:\(.*\))?$/is.exec(dependent)?.[1]?.trim().toLowerCase() ??
  null;

/** The names of routines are in no plan but as the text of what makes them. */
const makes = ({ plan }: MigrationRecord, routine: string): boolean =>
  plan.steps
    .flatMap((s) => s.sql)
    .some((sql) => /^\s*CREATE\b.*?\b(?:FUNCTION|PROCEDURE)\b/is.test(sql) && sql.toLowerCase().includes(routine));

/**
 * A routine that a later migration has made, whose body names the new column, would fail from the rollback on: the server
 * keeps no such column from being dropped.
 *
 * @throws ZmigrateError rollback-impossible
 */
export async function refuseUnderCode(
  run: Run,
  record: MigrationRecord,
  records: readonly MigrationRecord[],
): Promise<void> {
  const later = records.filter((r) => r.id > record.id && r.status !== "rolled-back");
  if (later.length === 0) return;
  for (const { relation, replacement } of record.plan.retires)
    for (const used of replacement === null
      ? []
      : await run.options.database.dependents(run.main, relation, replacement)) {
      const routine = routineIn(used);
      const maker = routine === null ? undefined : later.find((r) => makes(r, routine));
      if (maker === undefined) continue;
      throw new ZmigrateError("rollback-impossible", {
        id: record.id,
        reason: `the ${used}, which migration ${maker.id} (${maker.name}) has made, names ${relation.name}.${replacement}: it would fail.`,
        help: `Take that one back first: \`zmigrate rollback ${maker.id}\`. Or write a migration that makes it anew without the column.`,
      });
    }
}
