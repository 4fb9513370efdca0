import { type Repaired, repair } from "../apply/repair.js";
import type { SettingsFlags } from "../config/given.js";
import { resolveSettings } from "../config/settings.js";
import { ZmigrateError } from "../errors.js";
import { told } from "./apply.js";
import { applyOptions } from "./apply-options.js";
import type { CommandSpec, ExitCode, Io } from "./command.js";
import { withDatabase } from "./database.js";
import { addSettings } from "./settings.js";
import { stoppable } from "./stop.js";
import { viewFor } from "./view.js";

interface RepairFlags extends SettingsFlags {
  readonly reason?: string;
  readonly json?: boolean;
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
    ])
      .requiredOption("--reason <text>", "why its file is another one, or gone: the audit keeps it")
      .option("--json", "print one JSON object"),
  run: (c, io) => runRepair(c.args[0] ?? "", c.opts<RepairFlags>(), io),
};

function textOf(id: string, repaired: Repaired | null): string {
  if (repaired === null) return `Nothing to repair: \`zmigrate apply\` takes the file of ${id} as it is.\n`;
  const { file, was, status, halfBack } = repaired;
  const what =
    was === "missing" ? `migration ${id} goes on without its file ${file}` : `${file} is the file of migration ${id}`;
  const rest =
    status === "contracted"
      ? "It is finished: what it did to the database stays as it is, whatever the file says now."
      : `Its steps stay those that were planned when it began, whatever the file says now. Next: ${
          halfBack ? `\`zmigrate rollback ${id}\`, which was begun` : "`zmigrate status`, then `zmigrate apply`"
        }.`;
  return `Recorded: ${what}. Nothing was run. ${rest}\n`;
}

/**
 * Takes the file of a migration that was begun as it is now, edited or gone, with the reason why.
 *
 * @throws ZmigrateError usage, unknown-migration, cannot-repair, and everything that a run throws before it changes anything
 */
export async function runRepair(id: string, flags: RepairFlags, io: Io): Promise<ExitCode> {
  const reason = flags.reason?.trim() ?? "";
  if (reason === "") throw new ZmigrateError("usage", { reason: "--reason is empty: the audit keeps it." });
  const settings = await resolveSettings(flags, io.env, io.cwd);
  const view = viewFor({ ...io, stdout: io.stderr }, false);
  return stoppable(io, "repair", (signal) =>
    withDatabase<ExitCode>(settings, "repair", async (live) => {
      const repaired = await repair({ ...applyOptions(settings, live, { signal, emit: view.emit }), id, reason });
      io.stdout.write(
        flags.json === true ? `${JSON.stringify({ version: 1, id, repaired }, null, 2)}\n` : textOf(id, repaired),
      );
      return 0;
    }).catch((error: unknown) => told(error, view, false)),
  );
}
