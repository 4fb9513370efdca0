import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { notReached } from "../apply/reached.js";
import type { SettingsFlags } from "../config/given.js";
import { resolveSettings, type Settings } from "../config/settings.js";
import type { Database } from "../engines/engine.js";
import { isError, ZmigrateError } from "../errors.js";
import { DURATION_FORM, formatDuration, parseDuration } from "../files/duration.js";
import { parseBackfillName, parseMigrationName } from "../files/name.js";
import { migrationFilesIn } from "../files/read.js";
import { journalOf } from "../journal/journal.js";
import type { MigrationRecord } from "../journal/records.js";
import { folderWith } from "../journal/without-file.js";
import type { ExecOrder } from "../model/exec-order.js";
import type { Migration } from "../model/migration.js";
import type { PhaseName } from "../model/phase.js";
import { outOfOrder } from "../plan/out-of-order.js";
import type { CommandSpec, ExitCode, Io } from "./command.js";
import { CONNECT_TIMEOUT_MS, withConnection } from "./database.js";
import { phaseOf } from "./phase.js";
import { addSettings } from "./settings.js";

/** A migration by its file alone, which is not read. */
type Named = Pick<Migration, "id" | "slug" | "file">;

interface WaitFlags extends SettingsFlags {
  readonly to?: string;
  readonly phase?: string;
  readonly timeout?: string;
}

/** How often the journal is read, milliseconds. */
const EVERY_MS = 1_000;

const TIMEOUT = "60s";

export const command: CommandSpec = {
  configure: (c) =>
    addSettings(c, ["config", "engine", "migrations", "databaseUrl", "execOrder"])
      .option("--phase <phase>", "the phase that must be done: expand, backfill or contract (default: expand)")
      .option("--to <id>", "the last migration that must have come so far (default: the last of the folder)")
      .option("--timeout <duration>", `how long to wait (default: ${TIMEOUT})`),
  run: (c, io) => runWait(c.opts<WaitFlags>(), io),
};

const usage = (reason: string): ZmigrateError => new ZmigrateError("usage", { reason });

function timeoutOf({ timeout = TIMEOUT }: WaitFlags): number {
  const ms = parseDuration(timeout);
  if (ms === null) throw usage(`--timeout: "${timeout}" is not a duration (${DURATION_FORM}).`);
  return ms;
}

/** The migrations of the folder. An image of the application may have none: then the one that is named. */
function namedIn({ migrations: folder }: Settings, { to }: WaitFlags): readonly Named[] {
  if (!existsSync(folder)) {
    if (to !== undefined && /^\d{14}$/.test(to)) return [{ id: to, slug: "", file: "" }];
    throw new ZmigrateError("folder-not-found", { folder });
  }
  return migrationFilesIn(folder).flatMap((file) => {
    const name = parseMigrationName(file) ?? parseBackfillName(file);
    return name === null ? [] : [{ id: name.id, slug: name.slug, file }];
  });
}

/**
 * Those that `apply` is about: what goes on without its file is, and what it leaves out is not.
 *
 * @throws ZmigrateError unknown-migration
 */
function awaited({ named, to, execOrder }: Waiting, records: readonly MigrationRecord[]): readonly string[] {
  const ids = folderWith(named, records).map(({ id }) => id);
  if (to !== undefined && !ids.includes(to)) throw new ZmigrateError("unknown-migration", { id: to });
  const { skipped } = outOfOrder(named, records, execOrder);
  return ids.filter((id) => (to === undefined || id <= to) && !skipped.has(id));
}

/** What is waited for, and until when. */
interface Waiting {
  readonly named: readonly Named[];
  readonly to: string | undefined;
  readonly execOrder: ExecOrder;
  readonly phase: PhaseName;
  readonly timeoutMs: number;
  readonly deadline: number;
  tell(what: string): void;
}

const isOver = ({ deadline }: Waiting): boolean => performance.now() >= deadline;

/** @returns the last of those that were waited for. @throws ZmigrateError wait-timeout, unknown-migration */
async function watch(database: Database, waiting: Waiting): Promise<string | undefined> {
  const { phase, timeoutMs } = waiting;
  const journal = journalOf(database);
  const session = await database.open();
  try {
    for (;;) {
      const records = (await journal.exists(session)) ? await journal.migrations(session) : [];
      const ids = awaited(waiting, records);
      const late = notReached(records, ids, phase);
      if (late === null) return ids.at(-1);
      if (isOver(waiting)) throw new ZmigrateError("wait-timeout", { late, phase, after: formatDuration(timeoutMs) });
      waiting.tell(`${late}: waiting for its ${phase}`);
      await sleep(EVERY_MS);
    }
  } finally {
    await session.close();
  }
}

/** A server that is not there yet, or goes away, is waited for as well; one that refuses the user or has no such database is there. */
const mayCome = (error: unknown): error is ZmigrateError =>
  (isError(error, "cannot-connect") && error.data.refused !== true) || isError(error, "connection-lost");

/**
 * Waits until the migrations have come as far as an application needs, and changes nothing: for init containers and start
 * scripts.
 *
 * @throws ZmigrateError usage, folder-not-found, unknown-migration, no-database-url, wait-timeout; no-server-yet where none was
 *   there all the time; cannot-connect where one refuses
 */
export async function runWait(flags: WaitFlags, io: Io): Promise<ExitCode> {
  const [phase, timeoutMs] = [phaseOf(flags.phase ?? "expand"), timeoutOf(flags)];
  const settings = await resolveSettings(flags, io.env, io.cwd);
  const named = namedIn(settings, flags);
  let told = "";
  const tell = (what: string) => {
    if (what !== told) io.stderr.write(`${what}\n`);
    told = what;
  };
  const { execOrder } = settings;
  const deadline = performance.now() + timeoutMs;
  const waiting: Waiting = { named, to: flags.to, execOrder, phase, timeoutMs, deadline, tell };
  for (;;) {
    try {
      // A server that is silent is not waited for beyond the deadline, and is asked once where that is at once.
      const patience = Math.min(CONNECT_TIMEOUT_MS, Math.max(EVERY_MS, deadline - performance.now()));
      const last = await withConnection(settings, "wait", (database) => watch(database, waiting), patience);
      io.stdout.write(
        last === undefined ? "There are no migrations to wait for.\n" : `Up to ${last}: ${phase} is done.\n`,
      );
      return 0;
    } catch (error) {
      if (!mayCome(error)) throw error;
      const after = formatDuration(timeoutMs);
      if (isOver(waiting)) throw new ZmigrateError("no-server-yet", { after, reason: error.message }, { cause: error });
      tell(`${error.message} Trying again.`);
      await sleep(EVERY_MS);
    }
  }
}
