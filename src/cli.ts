import { Console } from "node:console";
import { Command, CommanderError } from "commander";
import type { CommandSpec, ExitCode, Io } from "./commands/command.js";
import { reportFailure } from "./commands/failure.js";
import { COMMANDS, type CommandEntry } from "./commands/index.js";
import { flushed, processIo } from "./commands/io.js";
import { type PlaceFlags, sayingPlace } from "./commands/printed-commands.js";
import { redact, secretsOf } from "./config/redact.js";
import { ZmigrateError } from "./errors.js";
import { blamed, hasRunBackfillCode } from "./foreign-code.js";
import type { Keeping } from "./lint/kept-beginnings.js";

/**
 * Runs one command line and returns its exit code; never throws.
 *
 * @param version what `--version` prints
 */
export async function main(args: readonly string[], io: Io, version: string): Promise<ExitCode> {
  const secrets = secretsIn(args, io);
  let exitCode: ExitCode = 0;
  let saying = io;
  try {
    const program = rootCommand(io, secrets, version);
    for (const entry of COMMANDS)
      await addCommand(program, entry, args, async (spec, command) => {
        saying = sayingPlace(io, command.opts<PlaceFlags>());
        exitCode = await spec.run(command, saying);
      });
    await program.parseAsync(args, { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    return reportFailure(error, saying, secrets);
  }
}

function secretsIn(args: readonly string[], { env }: Io): readonly string[] {
  return secretsOf([...args, ...Object.values(env).map((value) => value ?? "")]);
}

function rootCommand(io: Io, secrets: readonly string[], version: string): Command {
  const program = new Command("zmigrate")
    .description("Change the schema of a running PostgreSQL, MySQL or MariaDB without stopping the application")
    .version(version, "-V, --version")
    .exitOverride()
    .showHelpAfterError("(--help lists the commands and flags)")
    .addHelpText("after", AFTER_HELP);
  return program.configureOutput({
    writeOut: (text) => io.stdout.write(text),
    // What was typed stands between quotes; the rest are commander's words and our own names.
    writeErr: (text) => io.stderr.write(text.replace(/'.*'/s, (typed) => redact(typed, secrets))),
    getOutHasColors: () => io.stdout.color,
    getErrHasColors: () => io.stderr.color,
  });
}

const AFTER_HELP = `
zmigrate COMMAND --help shows a command's flags. zmigrate demo shows what it is about.

Exit codes: 0 done, 1 findings or a plan that is refused, 2 usage, configuration or input,
3 a database or a step failed, 4 could not proceed yet: run it again, 130 interrupted.`;

const INTERRUPTED: ExitCode = 130;

/** Registers a command by name; its module, flags and action only when the arguments name it. */
async function addCommand(
  program: Command,
  entry: CommandEntry,
  args: readonly string[],
  run: (spec: CommandSpec, command: Command) => Promise<void>,
): Promise<void> {
  const command = program.command(entry.name).description(entry.summary);
  if (!isNamed(entry.name, args)) return;
  const { command: spec } = await entry.load();
  spec.configure(command);
  command.action(() => run(spec, command));
}

/** The first word is the command; after `help` the second is. */
function isNamed(name: string, args: readonly string[]): boolean {
  const [first, second] = args.filter((arg) => !arg.startsWith("-"));
  return name === (first === "help" ? second : first);
}

function versionIn(manifest: string): string {
  const read: unknown = JSON.parse(manifest);
  return typeof read === "object" && read !== null && "version" in read ? String(read.version) : "";
}

/**
 * Runs the process's own command line, and sets its exit code.
 *
 * @param manifest the text of package.json
 * @param keeping where a command may keep what it has found
 */
export function start(manifest: string, keeping?: Keeping): void {
  // What zmigrate says goes through its own streams: a console is that of somebody's own code, and stdout is for data.
  Object.assign(console, new Console(process.stderr));
  let outputFailure: Error | null = null;
  let told = false;
  const io = {
    ...processIo(process, (error) => (outputFailure ??= error)),
    ...(keeping === undefined ? {} : { keeping }),
  };
  const fail = (error: unknown): ExitCode => reportFailure(error, io, secretsIn(process.argv, io));
  process.once("exit", (code) => {
    // Whoever was interrupted has said so; code of somebody's own must not end a command as if it were done.
    if (!told && code !== INTERRUPTED) process.exitCode = fail(new ZmigrateError("ended-early", undefined));
    if (outputFailure !== null) process.exitCode = fail(outputFailure);
  });
  process.once("uncaughtException", (error) => {
    told = true;
    process.exit(fail(blamed(error)));
  });
  // What was written must reach a pipe: the process ends by itself, or is ended behind that where code of somebody's own
  // may keep it.
  void main(process.argv.slice(2), io, versionIn(manifest)).then(async (code) => {
    told = true;
    process.exitCode = code;
    if (!hasRunBackfillCode()) return;
    await Promise.all([process.stdout, process.stderr].map(flushed));
    process.exit(code);
  });
}
