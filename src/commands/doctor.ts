import type { SettingsFlags } from "../config/given.js";
import { resolveSettings } from "../config/settings.js";
import { type Examined, examine } from "../doctor/index.js";
import { printableLine } from "../report/lint/printable.js";
import type { Paint } from "../report/run/text.js";
import type { CommandSpec, ExitCode, Io } from "./command.js";
import { withDatabase } from "./database.js";
import { paintFor } from "./paint.js";
import { addSettings } from "./settings.js";

interface DoctorFlags extends SettingsFlags {
  readonly json?: boolean;
}

export const command: CommandSpec = {
  configure: (c) =>
    addSettings(c, ["config", "engine", "migrations", "databaseUrl", "replicaUrl", "release"]).option(
      "--json",
      "print one JSON object",
    ),
  run: (c, io) => runDoctor(c.opts<DoctorFlags>(), io),
};

const WIDTH = 16;

function lineOf({ name, health, found, way }: Examined, paint: Paint): string {
  const color = { ok: paint.green, advice: paint.yellow, problem: paint.red }[health];
  const line = `${color(health.padEnd(8))} ${name.padEnd(WIDTH)} ${printableLine(found)}\n`;
  return way === undefined ? line : `${line}${" ".repeat(9 + WIDTH + 1)}${paint.dim(printableLine(way))}\n`;
}

function sumOf(examined: readonly Examined[]): string {
  const count = (health: Examined["health"]) => examined.filter((e) => e.health === health).length;
  const [problems, advice] = [count("problem"), count("advice")];
  if (problems > 0)
    return `${problems} ${problems === 1 ? "problem" : "problems"}: mend them before \`zmigrate apply\`.\n`;
  return advice === 0 ? "Nothing is in the way.\n" : "Nothing is in the way; the advice makes it better.\n";
}

/** Says what a server, a role and a folder lack for migrations, and what to run for it. Changes nothing; 1 for a problem. */
export async function runDoctor(flags: DoctorFlags, io: Io): Promise<ExitCode> {
  const settings = await resolveSettings(flags, io.env, io.cwd);
  const examined = await withDatabase(settings, "doctor", async ({ engine, database, migrations }) => {
    const session = await database.open();
    return examine({ ...settings, engine, database, migrations, session }).finally(() => session.close());
  });
  const fit = examined.every(({ health }) => health !== "problem");
  const paint = paintFor(io.stdout);
  io.stdout.write(
    flags.json === true
      ? `${JSON.stringify({ version: 1, fit, checks: examined }, null, 2)}\n`
      : examined.map((e) => lineOf(e, paint)).join("") + sumOf(examined),
  );
  return fit ? 0 : 1;
}
