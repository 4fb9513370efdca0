import { status } from "../apply/status.js";
import type { SettingsFlags } from "../config/given.js";
import { resolveSettings } from "../config/settings.js";
import { statusJson } from "../report/status/json.js";
import { statusText } from "../report/status/text.js";
import type { CommandSpec, ExitCode, Io } from "./command.js";
import { withDatabase } from "./database.js";
import { paintFor } from "./paint.js";
import { addSettings } from "./settings.js";

interface StatusFlags extends SettingsFlags {
  readonly json?: boolean;
}

export const command: CommandSpec = {
  configure: (c) =>
    addSettings(c, ["config", "engine", "migrations", "databaseUrl", "release", "replicaUrl", "park", "soak"]).option(
      "--json",
      "print one JSON object",
    ),
  run: (c, io) => runStatus(c.opts<StatusFlags>(), io),
};

/** Prints how every migration stands, what it waits for and what to do next. Changes nothing. */
export async function runStatus(flags: StatusFlags, io: Io): Promise<ExitCode> {
  const settings = await resolveSettings(flags, io.env, io.cwd);
  const report = await withDatabase(settings, "status", ({ database, migrations }) =>
    status({ ...settings, database, migrations }),
  );
  io.stdout.write(flags.json === true ? statusJson(report) : statusText(report, paintFor(io.stdout)));
  return 0;
}
