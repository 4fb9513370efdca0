import type { MigrationFile } from "../model/migration.js";
import type { PlanRefusal } from "../model/plan.js";
import type { PlannedMigration, PlanReport } from "../model/plan-report.js";
import type { QueryCompatibility, QueryStage } from "../model/query.js";
import { type ReadQuery, recorderOf } from "../queries/record.js";
import { withOwners } from "./owners.js";

/** Phases that old code runs through: the new code is deployed behind them. */
const EARLY: readonly QueryStage[] = ["expand", "backfill"];

/** Queries that a refusal names. */
const NAMED = 3;
/** Characters of one that it shows. */
const SHOWN = 200;

function brokenText({ query, outcomes }: QueryCompatibility): string {
  const stage = EARLY.find((s) => outcomes[s].verdict === "breaks") ?? "expand";
  const text = query.text.replace(/\s+/g, " ");
  const shown = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
  return `in ${stage} \`${shown}\` (${query.source}): ${outcomes[stage].reason ?? ""}`;
}

/**
 * A plan that breaks what running code sends before the next code is there is refused.
 *
 * @returns none, or one that names the first of the queries
 */
export function brokenEarly(
  { id, slug, file }: MigrationFile,
  matrix: readonly QueryCompatibility[],
): readonly PlanRefusal[] {
  const broken = matrix.filter((q) => q.owner === "old" && EARLY.some((s) => q.outcomes[s].verdict === "breaks"));
  if (broken.length === 0) return [];
  const [count, verb] = broken.length === 1 ? ["A query", "breaks"] : [`${broken.length} queries`, "break"];
  const more = broken.length > NAMED ? `; and ${broken.length - NAMED} more` : "";
  const reason = `${count} of running code ${verb}: ${broken.slice(0, NAMED).map(brokenText).join("; ")}${more}.`;
  const help =
    "Running code still sends it then. Put what breaks it into a later migration, behind the release that stops sending it; a query that nothing sends any more belongs out of --queries.";
  return [Object.freeze({ id, name: slug, file, line: 1, column: 1, reason, help })];
}

/** True where `apply` has not begun it. */
export const isPending = ({ status }: PlannedMigration): boolean => status === "pending" || status === "rolled-back";

/** A migration with its matrix: refused where it breaks running code's queries; what has begun is shown and no more. */
export function refusedBy(
  planned: PlannedMigration,
  migration: MigrationFile,
  compatibility: readonly QueryCompatibility[],
): PlannedMigration {
  const refusals = isPending(planned) ? brokenEarly(migration, compatibility) : [];
  if (refusals.length === 0) return { ...planned, compatibility };
  return { ...planned, plan: null, gates: [], refusals: [...planned.refusals, ...refusals], compatibility };
}

/**
 * A row for every query in every migration: unknown where no schema could be asked, which is shown, since a query left out would
 * seem to work.
 */
export function withUnknown(report: PlanReport, queries: readonly ReadQuery[], reason: string): PlanReport {
  if (queries.length === 0) return report;
  const compatibility = recorderOf(queries).matrix(reason);
  const asked = (m: PlannedMigration): PlannedMigration =>
    m.compatibility === undefined ? { ...m, compatibility } : m;
  return { ...report, migrations: withOwners(report.migrations.map(asked)) };
}
