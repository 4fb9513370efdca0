import { refuseGone } from "../apply/gone.js";
import { refuseGoneColumns } from "../apply/gone-columns.js";
import { closeVerified } from "../apply/reopen.js";
import { clashOf, verifyFailed } from "../backfill/clash.js";
import type { CompareContext } from "../backfill/compare.js";
import { countSparing } from "../backfill/elsewhere.js";
import type { Comparing } from "../backfill/teller.js";
import type { SettingsFlags } from "../config/given.js";
import { resolveSettings } from "../config/settings.js";
import { isError, ZmigrateError } from "../errors.js";
import { knownRecords, refuseDrift } from "../journal/drift.js";
import { journalOf } from "../journal/journal.js";
import type { MigrationRecord } from "../journal/records.js";
import type { VerifyWork } from "../model/step.js";
import { countRows, differing } from "../report/format.js";
import type { CommandSpec, ExitCode, Io } from "./command.js";
import { type Live, withDatabase } from "./database.js";
import { addSettings } from "./settings.js";
import { stoppable } from "./stop.js";
import { viewFor } from "./view.js";

interface VerifyFlags extends SettingsFlags {
  readonly json?: boolean;
}

export const command: CommandSpec = {
  configure: (c) =>
    addSettings(c.argument("[id]", "one migration's 14 digits (default: all that are between expand and swap)"), [
      "config",
      "engine",
      "migrations",
      "databaseUrl",
      "replicaUrl",
      "batchTarget",
      "maxMismatches",
    ]).option("--json", "print one JSON object"),
  run: (c, io) => runVerify(c.args[0] ?? null, c.opts<VerifyFlags>(), io),
};

interface Verified {
  readonly migration: string;
  readonly step: string;
  readonly rows: number;
  readonly mismatches: number;
  readonly examples: readonly string[];
  /** The replica that was read in the primary's place; absent where none was. */
  readonly on?: string;
}

/** Old and new side stand beside each other from the sync trigger to the swap. */
const comparable = (record: MigrationRecord): boolean =>
  record.expandedAt !== null &&
  record.swappedAt === null &&
  record.finishedAt === null &&
  record.status !== "rolled-back";

async function begunIn(live: Live, id: string | null, replicaUrls: readonly string[]): Promise<MigrationRecord[]> {
  const session = await live.database.open();
  try {
    const { database, migrations } = live;
    await database.mustKeepSession?.(session);
    await database.checkReplicas(session, replicaUrls);
    const journal = journalOf(database);
    const records = await knownRecords({ database, session }, journal, migrations);
    const asked = records.filter((r) => id === null || r.id === id);
    if (id !== null && asked.length === 0) throw new ZmigrateError("unknown-migration", { id });
    refuseDrift(migrations, asked);
    const compared = asked.filter(comparable);
    const catalog = compared.length === 0 ? null : await database.introspect(session);
    for (const record of compared) {
      const steps = await journal.steps(session, record.id);
      await refuseGone({ database, session }, record, steps);
      if (catalog !== null) refuseGoneColumns(database.engine, record, steps, catalog);
    }
    return compared;
  } finally {
    await session.close();
  }
}

interface Comparison extends Verified {
  readonly record: MigrationRecord;
  readonly work: VerifyWork;
}

const shown = ({ record: _, work: __, ...verified }: Comparison): Verified => verified;

/** Each comparison of the migrations, one after the other. How far one is goes to standard error. */
async function compare(
  context: CompareContext,
  replicaUrls: readonly string[],
  records: readonly MigrationRecord[],
  io: Io,
): Promise<Comparison[]> {
  const results: Comparison[] = [];
  const view = viewFor({ ...io, stdout: io.stderr }, false);
  for (const record of records)
    for (const { id: step, phase, verify: work } of record.plan.steps) {
      if (work === null || phase === "contract") continue;
      const migration = record.id;
      const tell = (progress: Comparing) => view.emit({ event: "comparing", migration, step, ...progress });
      const waits = (reason: string, forMs: number) =>
        view.emit({ event: "waiting-for-replica", migration, step, reason, forMs });
      const found = await countSparing({ ...context, tell }, { replicaUrls, waits }, work).finally(view.end);
      results.push({ migration, step, record, work, ...found });
    }
  return results;
}

/** The error for rows that differ. The gate is closed first; where that cannot be, it is said. */
async function failure(
  context: CompareContext,
  { record, ...found }: Comparison,
  allowed: number,
  io: Io,
): Promise<ZmigrateError> {
  const { database } = context;
  const clash = await clashOf(context, found.work);
  const error = verifyFailed(database.engine, { ...found, found, clash, allowed, untried: true });
  if (isError(error, "verify-failed"))
    await closeVerified(database, record, error.data).catch((reason: unknown) =>
      io.stderr.write(`The gate "verified" could not be closed: ${database.describe(reason)}\n`),
    );
  return error;
}

/**
 * Compares old and new side row by row, in chunks, and tells how many differ. Of the database it changes nothing but
 * the journal: where rows differ, the gate `verified` is closed until `apply` has compared again.
 *
 * @throws ZmigrateError verify-failed, table-gone, pooled-session, replica-unusable
 */
export async function runVerify(id: string | null, flags: VerifyFlags, io: Io): Promise<ExitCode> {
  const settings = await resolveSettings(flags, io.env, io.cwd);
  return stoppable(io, "verify", (signal) =>
    withDatabase<ExitCode>(settings, "verify", async (live) => {
      const context = { database: live.database, signal, targetMs: settings.batchTargetMs };
      const { replicaUrls, maxMismatches } = settings;
      const results = await compare(context, replicaUrls, await begunIn(live, id, replicaUrls), io);
      const verified = results.map(shown);
      io.stdout.write(flags.json === true ? `${JSON.stringify({ version: 1, verified })}\n` : text(verified));
      const failed: ZmigrateError[] = [];
      for (const result of results)
        if (result.mismatches > maxMismatches) failed.push(await failure(context, result, maxMismatches, io));
      const [first] = failed;
      if (first !== undefined) throw first;
      return 0;
    }),
  );
}

const text = (results: readonly Verified[]): string =>
  results.length === 0
    ? "Nothing to compare: no migration is between its expand and its swap.\n"
    : results
        .map(
          ({ migration, step, rows, mismatches, examples, on }) =>
            `${migration} ${step}: ${countRows(rows)} compared${on === undefined ? "" : ` on ${on}`}, ${differing(mismatches)}${
              mismatches === 0 ? "" : ` (${mismatches > examples.length ? "among them " : ""}${examples.join(" | ")})`
            }\n`,
        )
        .join("");
