import { type ApplyResult, apply } from "../apply/apply.js";
import { endRelease, nameRelease } from "../apply/release.js";
import { engineFor } from "../config/engine.js";
import type { SettingsFlags } from "../config/given.js";
import { resolveSettings, type Settings } from "../config/settings.js";
import { ZmigrateError } from "../errors.js";
import type { Acceptance } from "../gates/accept.js";
import { GATES } from "../gates/index.js";
import { loadMigrations } from "../history/load.js";
import type { Emit } from "../model/event.js";
import { applyOptions } from "./apply-options.js";
import type { CommandSpec, ExitCode, Io } from "./command.js";
import { withConnection } from "./database.js";
import type { EachDatabase } from "./fleet.js";
import type { MetricsServer } from "./metrics.js";
import { phaseOf } from "./phase.js";
import { plan } from "./plan.js";
import { addSettings, collect } from "./settings.js";
import { stoppable } from "./stop.js";
import { type View, viewFor } from "./view.js";

export interface ApplyFlags extends SettingsFlags {
  readonly contract?: boolean;
  readonly requireContract?: boolean;
  readonly phase?: string;
  readonly to?: string;
  readonly accept?: readonly string[];
  readonly reason?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

export const command: CommandSpec = {
  configure: (c) =>
    addSettings(c, [
      "config",
      "engine",
      "migrations",
      "databaseUrl",
      "release",
      "replicaUrl",
      "maxLag",
      "lockTimeout",
      "lockWait",
      "batchTarget",
      "workers",
      "metricsPort",
      "park",
      "soak",
      "maxBadRows",
      "maxRate",
      "maxMismatches",
      "execOrder",
    ])
      .option("--contract", "also contract the migrations whose gates are open")
      .option(
        "--require-contract",
        "as --contract, and exit 4 when closed gates let nothing of a migration be contracted",
      )
      .option("--phase <phase>", "go no further than expand or backfill; contract is the same as --contract")
      .option("--to <id>", "go no further than the migration with these 14 digits")
      .option(
        "--accept <gate>",
        "take a gate for open that cannot tell, or that you have asked for; repeatable",
        collect,
      )
      .option("--reason <text>", "why a gate is accepted: the audit keeps it")
      .option("--dry-run", "show what would run, as plan does, and change nothing")
      .option("--json", "print one JSON object a line for each event; with --dry-run what plan --format json prints"),
  run: (c, io) => runApply(c.opts<ApplyFlags>(), io),
};

/** @throws ZmigrateError usage, and everything that applying throws */
export async function runApply(flags: ApplyFlags, io: Io): Promise<ExitCode> {
  const settings = await resolveSettings(flags, io.env, io.cwd, flags.dryRun === true ? "database" : "databases");
  const asked = askedFor(flags);
  const json = flags.json === true;
  if (flags.dryRun === true) return plan({ ...flags, format: json ? "json" : "text" }, [], io);
  const engine = await engineFor(settings.engine, settings.osc);
  const migrations = await loadMigrations(settings.migrations, engine);
  const move: EachDatabase<ApplyResult> = (one, around) =>
    withConnection(one, "apply", async (database) => {
      const options = { ...applyOptions(one, { engine, database, migrations }, around), ...asked };
      const result = await apply({ ...options, ...(settings.fleet === null ? {} : { partOfFleet: true }) });
      if (asked.requireContract && result.blocked.length > 0)
        throw new ZmigrateError("gates-closed", { migrations: result.blocked });
      return result;
    });
  const { fleet } = settings;
  if (fleet === null) return applyOne(settings, move, json, io);
  if (settings.metricsPort !== null)
    throw new ZmigrateError("usage", {
      reason: "Metrics are those of one database: leave metricsPort out, or name one with --only.",
    });
  const { eachInWaves } = await import("./fleet.js");
  const inEach = (tell: typeof endRelease) => (one: Settings) =>
    withConnection(one, "apply", (database) => tell(applyOptions(one, { engine, database, migrations })));
  const besides = settings.release === null ? {} : { behind: inEach(endRelease), left: inEach(nameRelease) };
  const shown = movedText;
  return stoppable(io, "apply", (signal) => eachInWaves(settings, fleet, { io, json, signal, shown }, move, besides));
}

const movedText = ({ migrations, waiting }: ApplyResult): string =>
  migrations.length === 0
    ? "nothing to do"
    : `${migrations.length} ${migrations.length === 1 ? "migration" : "migrations"} moved as far as is safe${
        waiting.length === 0 ? "" : `, ${waiting.length} of them ${waiting.length === 1 ? "waits" : "wait"} for gates`
      }`;

async function applyOne(settings: Settings, move: EachDatabase<ApplyResult>, json: boolean, io: Io): Promise<ExitCode> {
  const view = viewFor(io, json);
  const metrics = settings.metricsPort === null ? null : await metricsAt(settings.metricsPort);
  const emit: Emit = (event) => {
    metrics?.emit(event);
    view.emit(event);
  };
  return stoppable(io, "apply", (signal) =>
    move(settings, { signal, emit }).then(
      () => 0,
      (error: unknown) => told(error, view, json),
    ),
  ).finally(() => metrics?.close());
}

/** What the flags ask of a run. @throws ZmigrateError usage */
function askedFor(flags: ApplyFlags) {
  const contract = flags.contract === true || flags.requireContract === true || flags.phase === "contract";
  const phase = flags.phase === undefined ? null : phaseOf(flags.phase);
  const accept = acceptance(flags, contract);
  return {
    ...{ contract, requireContract: flags.requireContract === true, phase, to: flags.to ?? null },
    ...(accept === null ? {} : { acceptGates: accept }),
  };
}

/** @throws ZmigrateError usage: there is no such gate, nothing is contracted, or nobody says why */
function acceptance({ accept = [], reason = "" }: ApplyFlags, contract: boolean): Acceptance | null {
  const refuse = (why: string, help: string) => new ZmigrateError("usage", { reason: why, help });
  if (accept.length === 0) {
    if (reason === "") return null;
    throw refuse("--reason says why a gate is accepted, and there is no --accept.", "Name the gate: --accept GATE.");
  }
  const names = GATES.map((g) => g.name);
  const unknown = accept.find((name) => !names.includes(name));
  if (unknown !== undefined) throw refuse(`--accept: there is no gate "${unknown}".`, `There are ${names.join(", ")}.`);
  if (reason.trim() === "") throw refuse("--accept asks for a --reason.", "The audit keeps it: say why you go on.");
  if (!contract) throw refuse("--accept is about contract, which this run leaves out.", "Add --contract.");
  return { gates: accept, reason: reason.trim() };
}

/** Loaded only when it is asked for. */
async function metricsAt(port: number): Promise<MetricsServer> {
  const { serveMetrics } = await import("./metrics.js");
  return serveMetrics(port);
}

/** A failure is also an event, so that who reads only the lines of JSON learns of it. */
export function told(error: unknown, view: View, json: boolean): never {
  view.end();
  if (json && error instanceof ZmigrateError) view.emit({ event: "failed", code: error.code, message: error.message });
  throw error;
}
