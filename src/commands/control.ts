import { askBackfill, type ControlRequest, type ControlResult } from "../apply/control.js";
import type { SettingsFlags } from "../config/given.js";
import { resolveSettings } from "../config/settings.js";
import type { CommandSpec, ExitCode, Io } from "./command.js";
import { withDatabase } from "./database.js";
import { addSettings } from "./settings.js";

/** The flags of `pause`, `resume` and `cancel`. */
export interface ControlFlags extends SettingsFlags {
  readonly reason?: string;
  readonly json?: boolean;
}

/** Adds what the three commands have in common. */
export const configureControl = (
  command: Parameters<CommandSpec["configure"]>[0],
  ...more: readonly ("maxLag" | "batchTarget")[]
) =>
  addSettings(command.argument("<id>", "the migration's 14 digits"), [
    "config",
    "engine",
    "migrations",
    "databaseUrl",
    "release",
    ...more,
  ])
    .option("--reason <text>", "why: `status` shows it")
    .option("--json", "print one JSON object");

/** One of the three commands. */
export interface Controlling {
  readonly wish: ControlRequest["wish"];
  /** What is said afterwards: a sentence for a backfill that is under way, and one for one that has not begun. */
  said(result: ControlResult): string;
}

/**
 * Writes into the journal what is asked, and says what follows.
 *
 * @throws ZmigrateError usage, journal-locked
 */
export async function runControl(id: string, flags: ControlFlags, io: Io, how: Controlling): Promise<ExitCode> {
  const settings = await resolveSettings(flags, io.env, io.cwd);
  const { maxLagMs, batchTargetMs, release } = settings;
  const request: ControlRequest = {
    ...{ id, wish: how.wish, reason: flags.reason ?? null, release },
    ...(flags.maxLag === undefined ? {} : { maxLagMs }),
    ...(flags.batchTarget === undefined ? {} : { batchTargetMs }),
  };
  const result = await withDatabase(settings, how.wish, ({ database }) => askBackfill(database, request));
  const { wish, maxLagMs: maxLag, batchTargetMs: batchTarget, reason } = result.control;
  const json = {
    version: 1,
    migration: id,
    wish,
    maxLagMs: maxLag,
    batchTargetMs: batchTarget,
    reason,
    running: result.running,
  };
  io.stdout.write(flags.json === true ? `${JSON.stringify(json)}\n` : `${how.said(result)}\n`);
  return 0;
}
