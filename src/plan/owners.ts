import type { PlannedMigration } from "../model/plan-report.js";
import { QUERY_STAGES, type QueryCompatibility } from "../model/query.js";

const keyOf = ({ query }: QueryCompatibility): string => JSON.stringify([query.source, query.text]);

const worksSomewhere = ({ outcomes }: QueryCompatibility): boolean =>
  QUERY_STAGES.some((s) => outcomes[s].verdict === "works" || outcomes[s].verdict === "changes");

/** The first and the last of the migrations in which each query works. */
function reachOf(migrations: readonly PlannedMigration[]): ReadonlyMap<string, readonly [number, number]> {
  const reach = new Map<string, readonly [number, number]>();
  for (const [i, { compatibility = [] }] of migrations.entries())
    for (const row of compatibility.filter(worksSomewhere)) reach.set(keyOf(row), [reach.get(keyOf(row))?.[0] ?? i, i]);
  return reach;
}

/**
 * A query that works nowhere in one migration may be of the code that an earlier one of the same plan has ended, or of code
 * that a later one begins: `gone`, `later`.
 */
export function withOwners(migrations: readonly PlannedMigration[]): readonly PlannedMigration[] {
  const reach = reachOf(migrations);
  const owned = (row: QueryCompatibility, i: number): QueryCompatibility => {
    const [first, last] = reach.get(keyOf(row)) ?? [];
    if (row.owner !== "none" || first === undefined || last === undefined) return row;
    return { ...row, owner: last < i ? "gone" : "later" };
  };
  return migrations.map((m, i) =>
    m.compatibility === undefined ? m : { ...m, compatibility: m.compatibility.map((row) => owned(row, i)) },
  );
}
