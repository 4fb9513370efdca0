import { type GatesNow, gatesNow } from "../apply/gates-now.js";
import type { SettingsFlags } from "../config/given.js";
import { resolveSettings } from "../config/settings.js";
import { isPassed } from "../model/gate.js";
import { gateLines } from "../report/run/text.js";
import { gateJson } from "../report/status/json.js";
import type { CommandSpec, ExitCode, Io } from "./command.js";
import { withDatabase } from "./database.js";
import { paintFor } from "./paint.js";
import { addSettings } from "./settings.js";

interface GatesFlags extends SettingsFlags {
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
      "replicaUrl",
      "park",
      "soak",
    ]).option("--json", "print one JSON object"),
  run: (c, io) => runGates(c.args[0] ?? "", c.opts<GatesFlags>(), io),
};

/** Where all are open, and there is a stage that they are of. */
const isOpen = ({ stage, gates }: GatesNow): boolean => stage !== null && gates.every(isPassed);

function textOf(now: GatesNow, io: Io): string {
  const { id, name, status, stage, gates } = now;
  if (stage === null) return `${id} ${name} is ${status}: no stage of its contract comes next, so no gate is asked.\n`;
  const sum = isOpen(now) ? "all gates are open" : "waits for its gates";
  return `${id} ${name}  contract ${stage}: ${sum}\n${gateLines(gates, paintFor(io.stdout))}`;
}

/**
 * Prints the gates of the contract stage that comes next, each with what it has found. Changes nothing.
 *
 * @throws ZmigrateError usage
 */
export async function runGates(id: string, flags: GatesFlags, io: Io): Promise<ExitCode> {
  const settings = await resolveSettings(flags, io.env, io.cwd);
  const now = await withDatabase(settings, "gates", ({ database, migrations }) =>
    gatesNow({ ...settings, database, migrations }, id),
  );
  const { name, status, stage, gates } = now;
  const json = { version: 1, migration: id, name, status, stage, open: isOpen(now), gates: gates.map(gateJson) };
  io.stdout.write(flags.json === true ? `${JSON.stringify(json, null, 2)}\n` : textOf(now, io));
  return 0;
}
