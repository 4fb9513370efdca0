import { setTimeout as sleep } from "node:timers/promises";
import { status } from "../apply/status.js";
import type { SettingsFlags } from "../config/given.js";
import { secretsOf } from "../config/redact.js";
import { resolveSettings } from "../config/settings.js";
import { ZmigrateError } from "../errors.js";
import type { StatusReport } from "../model/status-report.js";
import { statusJson } from "../report/status/json.js";
import { statusText } from "../report/status/text.js";
import type { CommandSpec, ExitCode, Io } from "./command.js";
import { withDatabase } from "./database.js";
import { withoutSecrets } from "./failure.js";
import { paintFor } from "./paint.js";
import { addSettings } from "./settings.js";

interface StatusFlags extends SettingsFlags {
  readonly json?: boolean;
  readonly watch?: boolean;
}

/** How often `--watch` looks, milliseconds. */
const EVERY_MS = 2_000;

/** To the first line, and what is below it goes. */
const HOME = "\u001b[H\u001b[J";

export const command: CommandSpec = {
  configure: (c) =>
    addSettings(c, [
      "config",
      "engine",
      "migrations",
      "databaseUrl",
      "release",
      "replicaUrl",
      "park",
      "soak",
      "execOrder",
    ])
      .option(
        "--watch",
        `look every ${EVERY_MS / 1_000} s, until it is stopped; off a terminal only changes are printed`,
      )
      .option("--json", "print one JSON object; with --watch one a line"),
  run: (c, io) => runStatus(c.opts<StatusFlags>(), io),
};

const textOf = (report: StatusReport, flags: StatusFlags, io: Io): string =>
  flags.json === true ? statusJson(report, flags.watch === true) : statusText(report, paintFor(io.stdout));

/** Draws on a terminal what has changed or not; elsewhere prints what has. */
function watching(flags: StatusFlags, io: Io): (report: StatusReport) => void {
  const draws = io.stdout.isTTY && io.stdout.color && flags.json !== true;
  let before = "";
  return (report) => {
    const text = textOf(report, flags, io);
    if (draws) io.stdout.write(`${HOME}${new Date().toISOString()}\n\n${text}`);
    else if (text !== before) io.stdout.write(text);
    before = text;
  };
}

/** A server that restarts is looked at again. @throws whatever else it is */
function said(error: unknown, io: Io, secrets: readonly string[]): null {
  if (!(error instanceof ZmigrateError) || error.exitCode !== 3) throw error;
  io.stderr.write(`${withoutSecrets(error, secrets).message}\n`);
  return null;
}

/** Prints how every migration stands, what it waits for and what to do next. Changes nothing. */
export async function runStatus(flags: StatusFlags, io: Io): Promise<ExitCode> {
  const settings = await resolveSettings(flags, io.env, io.cwd, flags.watch === true ? "database" : "databases");
  if (settings.fleet !== null)
    return (await import("./fleet-status.js")).fleetStatus(settings, settings.fleet, flags.json === true, io);
  const look = () =>
    withDatabase(settings, "status", ({ database, migrations }) => status({ ...settings, database, migrations }));
  if (flags.watch !== true) {
    io.stdout.write(textOf(await look(), flags, io));
    return 0;
  }
  const secrets = secretsOf([settings.databaseUrl ?? "", ...settings.replicaUrls]);
  const show = watching(flags, io);
  show(await look());
  // Whoever stops it ends the process: there is nothing to save.
  for (;;) {
    await sleep(EVERY_MS);
    const report = await look().catch((error: unknown) => said(error, io, secrets));
    if (report !== null) show(report);
  }
}
