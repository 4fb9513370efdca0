import { history } from "../apply/history.js";
import type { SettingsFlags } from "../config/given.js";
import { resolveSettings } from "../config/settings.js";
import { ZmigrateError } from "../errors.js";
import { historyJson } from "../report/history/json.js";
import { historyText } from "../report/history/text.js";
import type { CommandSpec, ExitCode, Io } from "./command.js";
import { withConnection } from "./database.js";
import { paintFor } from "./paint.js";
import { addSettings } from "./settings.js";

interface HistoryFlags extends SettingsFlags {
  readonly json?: boolean;
  readonly limit?: string;
}

const LIMIT = 100;

export const command: CommandSpec = {
  configure: (c) =>
    addSettings(c.argument("[id]", "one migration's 14 digits (default: all)"), ["config", "engine", "databaseUrl"])
      .option("--limit <number>", `how many of the last entries (default: ${LIMIT})`)
      .option("--json", "print one JSON object"),
  run: (c, io) => runHistory(c.args[0] ?? null, c.opts<HistoryFlags>(), io),
};

function limitOf({ limit }: HistoryFlags): number {
  if (limit === undefined) return LIMIT;
  const count = /^[1-9]\d{0,8}$/.test(limit) ? Number(limit) : 0;
  if (count === 0) throw new ZmigrateError("usage", { reason: `--limit: "${limit}" is not a number of entries.` });
  return count;
}

/**
 * Prints what was done in the database: the audit, which is only ever added to.
 *
 * @throws ZmigrateError usage
 */
export async function runHistory(migrationId: string | null, flags: HistoryFlags, io: Io): Promise<ExitCode> {
  const limit = limitOf(flags);
  if (migrationId !== null && !/^\d{14}$/.test(migrationId))
    throw new ZmigrateError("unknown-migration", { id: migrationId });
  const settings = await resolveSettings(flags, io.env, io.cwd);
  const entries = await withConnection(settings, "history", (database) => history(database, { migrationId, limit }));
  io.stdout.write(flags.json === true ? historyJson(entries) : historyText(entries, paintFor(io.stdout)));
  return 0;
}
