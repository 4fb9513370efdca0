import { rollback } from "../apply/rollback.js";
import type { SettingsFlags } from "../config/given.js";
import { resolveSettings } from "../config/settings.js";
import { told } from "./apply.js";
import { applyOptions } from "./apply-options.js";
import type { CommandSpec, ExitCode, Io } from "./command.js";
import { withDatabase } from "./database.js";
import { addSettings } from "./settings.js";
import { stoppable } from "./stop.js";
import { viewFor } from "./view.js";

interface RollbackFlags extends SettingsFlags {
  readonly json?: boolean;
  readonly acceptLoss?: boolean;
}

export const command: CommandSpec = {
  configure: (c) =>
    addSettings(c.argument("<id>", "the migration's 14 digits"), [
      "config",
      "engine",
      "migrations",
      "databaseUrl",
      "release",
      "lockTimeout",
      "lockWait",
      "batchTarget",
    ])
      .option("--accept-loss", "go on when values that only the new column has would be lost")
      .option("--json", "print one JSON object for each event"),
  run: (c, io) => runRollback(c.args[0] ?? "", c.opts<RollbackFlags>(), io),
};

/** @throws ZmigrateError unknown-migration, rollback-impossible, rollback-loses, and what a step's undo throws */
export async function runRollback(id: string, flags: RollbackFlags, io: Io): Promise<ExitCode> {
  const settings = await resolveSettings(flags, io.env, io.cwd);
  const view = viewFor(io, flags.json === true);
  return stoppable(io, `rollback ${id}`, (signal) =>
    withDatabase<ExitCode>(settings, "rollback", async (live) => {
      await rollback(applyOptions(settings, live, { signal, emit: view.emit }), id, flags.acceptLoss === true);
      return 0;
    }).catch((error: unknown) => told(error, view, flags.json === true)),
  );
}
