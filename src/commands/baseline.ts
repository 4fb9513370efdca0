import type { FormerTool } from "../adopt/tool.js";
import { type BaselineResult, baseline } from "../apply/baseline.js";
import type { SettingsFlags } from "../config/given.js";
import { resolveSettings } from "../config/settings.js";
import type { Engine, Version } from "../engines/engine.js";
import { ZmigrateError } from "../errors.js";
import { told } from "./apply.js";
import { applyOptions } from "./apply-options.js";
import type { CommandSpec, ExitCode, Io } from "./command.js";
import { withDatabase } from "./database.js";
import { formerTool, TOOL_FLAG } from "./former-tool.js";
import { addSettings } from "./settings.js";
import { type PlanShadow, withShadow } from "./shadow.js";
import { stoppable } from "./stop.js";
import { viewFor } from "./view.js";

interface BaselineFlags extends SettingsFlags {
  readonly to?: string;
  readonly from?: string;
  readonly acceptDifferences?: boolean;
  readonly reason?: string;
  readonly shadow?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

export const command: CommandSpec = {
  configure: (c) =>
    addSettings(c, ["config", "engine", "migrations", "databaseUrl", "shadowUrl", "lockTimeout", "lockWait"])
      .option("--to <id>", "the last migration that the database has already, by its 14 digits")
      .option(...TOOL_FLAG)
      .option("--no-shadow", "do not compare the database with what the files make")
      .option("--accept-differences", "record although the database differs from the files; needs --reason")
      .option("--reason <text>", "why it may differ: the audit keeps it")
      .option("--dry-run", "compare, say what would be recorded, and change nothing")
      .option("--json", "print one JSON object"),
  run: (c, io) => runBaseline(c.opts<BaselineFlags>(), io),
};

/** @throws ZmigrateError usage */
function lastFor({ to, from }: BaselineFlags): string | FormerTool {
  if ((to === undefined) === (from === undefined))
    throw new ZmigrateError("usage", {
      reason:
        "A baseline needs either --to ID, the last migration that the database has, or --from TOOL, whose table tells it.",
    });
  return from === undefined ? (to ?? "") : formerTool(from);
}

/** @throws ZmigrateError usage */
function acceptedFor({ acceptDifferences, reason }: BaselineFlags): string | null {
  const given = reason?.trim() ?? "";
  const refuse = (reason: string): never => {
    throw new ZmigrateError("usage", { reason });
  };
  if (acceptDifferences === true && given === "")
    refuse("--accept-differences needs --reason TEXT: the audit keeps it.");
  if (acceptDifferences !== true && given !== "") refuse("--reason goes with --accept-differences.");
  return given === "" ? null : given;
}

/** @throws ZmigrateError usage where the engine has none of its own and no server was named, or the settings want none */
function openerOf({ open }: PlanShadow, { name, shadowServer }: Engine, version: Version, wanted: boolean) {
  if (!wanted) return null;
  if (open === null && shadowServer === null)
    throw new ZmigrateError("usage", {
      reason:
        "The settings have the shadow switched off, in which the files are run to compare the database with them.",
      help: "Switch it on (`ZMIGRATE_SHADOW=on`), or record without comparing: --no-shadow.",
    });
  if (open === null)
    throw new ZmigrateError("usage", {
      reason: `${name} needs a server in which the files are run, to compare the database with them.`,
      help: "Name one with --shadow-url, or record without comparing: --no-shadow.",
    });
  return (texts: readonly string[]) => open(texts, version);
}

const list = (ids: readonly string[]): string =>
  ids.length <= 3 ? ids.join(", ") : `${ids[0]} to ${ids.at(-1)} (${ids.length})`;

function textOf({ to, recorded, removed, differences }: BaselineResult, dryRun: boolean): string {
  const would = (done: string, planned: string) => (dryRun ? planned : done);
  const lines = [
    ...(to === null ? ["By its table the tool has run none of these files here."] : []),
    ...(recorded.length === 0 ? [] : [`${would("Recorded", "Would record")} as done, and not run: ${list(recorded)}.`]),
    ...(removed.length === 0
      ? []
      : [`${would("Forgotten", "Would forget")}, so that apply runs them: ${list(removed)}.`]),
    ...(to !== null && recorded.length + removed.length === 0
      ? ["Nothing to record: the baseline stands there already."]
      : []),
    differences === null
      ? "The database was not compared with the files."
      : differences.length === 0
        ? "The database has the schema that the files make."
        : `Accepted differences: ${differences.length}.`,
    ...(dryRun ? [] : ["Next: `zmigrate status`, then `zmigrate apply` for what is behind it."]),
  ];
  return `${lines.join("\n")}\n`;
}

/**
 * Records migrations that the database has already, without running them.
 *
 * @throws ZmigrateError usage, unknown-migration, baseline-begun, baseline-forgets, baseline-differs, shadow-failed
 */
export async function runBaseline(flags: BaselineFlags, io: Io): Promise<ExitCode> {
  const accept = acceptedFor(flags);
  const to = lastFor(flags);
  const settings = await resolveSettings(flags, io.env, io.cwd);
  const view = viewFor({ ...io, stdout: io.stderr }, false);
  const wanted = flags.shadow !== false;
  const dryRun = flags.dryRun === true;
  return stoppable(io, "baseline", (signal) =>
    withDatabase<ExitCode>(settings, "baseline", (live) =>
      withShadow<ExitCode>(live.engine, settings, wanted, async (shadow) => {
        const openShadow = openerOf(shadow, live.engine, live.database.server.version, wanted);
        const options = applyOptions(settings, live, { signal, emit: view.emit });
        const result = await baseline({ ...options, to, openShadow, accept, dryRun });
        io.stdout.write(
          flags.json === true
            ? `${JSON.stringify({ version: 1, dryRun, ...result }, null, 2)}\n`
            : textOf(result, dryRun),
        );
        return 0;
      }),
    ).catch((error: unknown) => told(error, view, false)),
  );
}
