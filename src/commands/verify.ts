import { countMismatches } from "../backfill/verify.js";
import { resolveSettings, type SettingsFlags } from "../config/settings.js";
import { ZmigrateError } from "../errors.js";
import { knownRecords, refuseDrift } from "../journal/drift.js";
import { journalOf } from "../journal/journal.js";
import type { MigrationRecord } from "../journal/records.js";
import { count } from "../report/format.js";
import type { CommandSpec, ExitCode, Io } from "./command.js";
import { type Live, withDatabase } from "./database.js";
import { addSettings } from "./settings.js";
import { stoppable } from "./stop.js";

interface VerifyFlags extends SettingsFlags {
  readonly json?: boolean;
}

export const command: CommandSpec = {
  configure: (c) =>
    addSettings(c.argument("[id]", "one migration's 14 digits"), [
      "config",
      "engine",
      "migrations",
      "databaseUrl",
      "batchTarget",
    ]).option("--json", "print one JSON object"),
  run: (c, io) => runVerify(c.args[0] ?? null, c.opts<VerifyFlags>(), io),
};

interface Verified {
  readonly migration: string;
  readonly step: string;
  readonly rows: number;
  readonly mismatches: number;
  readonly examples: readonly string[];
}

/** Old and new side stand beside each other from the sync trigger to the swap. */
const comparable = (record: MigrationRecord): boolean =>
  record.expandedAt !== null &&
  record.swappedAt === null &&
  record.finishedAt === null &&
  record.status !== "rolled-back";

async function begunIn(live: Live, id: string | null): Promise<MigrationRecord[]> {
  const session = await live.database.open();
  try {
    const { database, migrations } = live;
    const records = await knownRecords({ database, session }, journalOf(database), migrations);
    const asked = records.filter((r) => id === null || r.id === id);
    if (id !== null && asked.length === 0) throw new ZmigrateError("unknown-migration", { id });
    refuseDrift(migrations, asked);
    return asked.filter(comparable);
  } finally {
    await session.close();
  }
}

/** Compares old and new side row by row, in chunks, and tells how many differ. Changes nothing. @throws ZmigrateError verify-failed */
export async function runVerify(id: string | null, flags: VerifyFlags, io: Io): Promise<ExitCode> {
  const settings = await resolveSettings(flags, io.env, io.cwd);
  return stoppable(io, (signal) =>
    withDatabase<ExitCode>(settings, "verify", async (live) => {
      const results: Verified[] = [];
      for (const record of await begunIn(live, id))
        for (const step of record.plan.steps)
          if (step.verify !== null && step.phase !== "contract")
            results.push({
              migration: record.id,
              step: step.id,
              ...(await countMismatches(
                { database: live.database, signal, targetMs: settings.batchTargetMs },
                step.verify,
              )),
            });
      io.stdout.write(flags.json === true ? `${JSON.stringify({ version: 1, verified: results })}\n` : text(results));
      const bad = results.find((r) => r.mismatches > settings.maxMismatches);
      if (bad === undefined) return 0;
      throw new ZmigrateError("verify-failed", { ...bad, examples: `Keys of some: ${bad.examples.join(" | ")}.` });
    }),
  );
}

const text = (results: readonly Verified[]): string =>
  results.length === 0
    ? "Nothing to compare: no migration is between its expand and its swap.\n"
    : results
        .map((r) => `${r.migration} ${r.step}: ${count(r.rows)} rows compared, ${count(r.mismatches)} differ\n`)
        .join("");
