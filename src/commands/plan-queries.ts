import type { Settings } from "../config/settings.js";
import { parseVersion } from "../config/version.js";
import type { Database, Engine } from "../engines/engine.js";
import type { Shadow } from "../engines/shadow.js";
import type { Migration } from "../model/migration.js";
import type { PlanReport } from "../model/plan-report.js";
import type { InFlight } from "../plan/in-flight.js";
import type { ReadQuery } from "../queries/record.js";
import type { Io } from "./command.js";

/** Why no query can be asked about with the shadow left out. */
export const NO_SHADOW =
  "there is no shadow to prepare it in (--no-shadow, ZMIGRATE_SHADOW or `shadow` leaves it out; MySQL and MariaDB need --shadow-url)";

/** What is no query is counted: nobody should miss it without knowing. */
const NAMED = 3;

function leftOutText(leftOut: readonly string[]): string {
  const named =
    leftOut.slice(0, NAMED).join("; ") + (leftOut.length > NAMED ? `; and ${leftOut.length - NAMED} more` : "");
  const [what, were] = leftOut.length === 1 ? ["statement", "was"] : ["statements", "were"];
  return `note: ${leftOut.length} ${what} of --queries ${were} left out: ${named}.\n`;
}

/**
 * The queries that the settings name; none where they name nothing.
 *
 * @param database where `database` reads statistics; null without one
 * @throws ZmigrateError as `collectQueries`
 */
export async function queriesFor(
  { queries: sources }: Settings,
  engine: Engine,
  database: Database | null,
  io: Io,
): Promise<readonly ReadQuery[]> {
  if (sources.length === 0) return [];
  const { collectQueries } = await import("../queries/collect.js");
  const statistics = database === null ? null : () => statisticsOf(database);
  const { queries, leftOut } = await collectQueries(sources, engine, statistics);
  if (leftOut.length > 0) io.stderr.write(leftOutText(leftOut));
  return queries;
}

async function statisticsOf(database: Database) {
  const session = await database.open();
  try {
    return await database.statistics(session);
  } finally {
    await session.close();
  }
}

/** Why a query was not asked about. */
export function unasked(tried: PlanReport | null, shadow: Engine["openShadow"]): string {
  if (shadow === null) return NO_SHADOW;
  return tried === null ? "the history cannot be replayed in the shadow" : "the plan was refused before";
}

type Open = () => Promise<Shadow>;

/** A shadow for a folder and the version that a plan was made for; null where there is none. */
export function opener(report: PlanReport, folder: readonly Migration[], open: Engine["openShadow"]): Open | null {
  const version = parseVersion(report.version);
  if (open === null || version === null) return null;
  const texts = folder.map((m) => m.text);
  return () => open(texts, version);
}

/** The matrix with what several migrations do together; most often there is nothing that it does not say already. */
export async function together(
  report: PlanReport,
  given: Omit<InFlight, "open"> & { readonly open: Open | null },
): Promise<PlanReport> {
  const { open, queries } = given;
  if (open === null || queries.length === 0 || report.migrations.length < 2) return report;
  const { withInFlight } = await import("../plan/in-flight.js");
  return withInFlight(report, { ...given, open });
}
