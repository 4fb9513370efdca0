import type { Settings } from "../config/settings.js";
import type { Database, Engine } from "../engines/engine.js";
import { ZmigrateError } from "../errors.js";
import type { ReadQuery } from "../queries/record.js";
import type { Io } from "./command.js";

/** Why no query can be asked about with the shadow left out. */
export const NO_SHADOW = "there is no shadow to prepare it in (--no-shadow, ZMIGRATE_SHADOW or `shadow` leaves it out)";

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
  if (database.statistics === undefined)
    throw new ZmigrateError("not-available", {
      what: `The statistics of ${database.engine.name} cannot be read yet.`,
      help: "Name a folder of .sql files or an export.",
    });
  const session = await database.open();
  try {
    return await database.statistics(session);
  } finally {
    await session.close();
  }
}
