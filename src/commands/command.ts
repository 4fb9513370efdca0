import type { Command } from "commander";
import type { Environment } from "../config/given.js";
import type { Keeping } from "../lint/kept-beginnings.js";

/**
 * 0 done · 1 findings, or a plan that is refused · 2 usage, configuration or input · 3 a database or step failed ·
 * 4 could not proceed yet · 130 interrupted, checkpoint saved
 */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 130;

/** Where a command writes. */
export interface Output {
  write(text: string): void;
  readonly isTTY: boolean;
  /** True where colour and moving lines are wanted: a terminal, no CI, no NO_COLOR. */
  readonly color: boolean;
}

/** What a command may use of the process. */
export interface Io {
  /** The data. */
  readonly stdout: Output;
  /** Decoration and errors. */
  readonly stderr: Output;
  /** All of standard input as bytes. */
  readStdin(): Promise<Uint8Array>;
  readonly env: Environment;
  readonly cwd: string;
  /** Where what was found may be kept for the next run; absent where nothing is. */
  readonly keeping?: Keeping;
}

/**
 * One command. `src/commands/<verb>.ts` exports it under the name `command`, and `src/commands/index.ts` has its line.
 * The work is a plain async function that tests call; `run` hands it what commander has read.
 *
 * @example
 * // src/commands/status.ts
 * interface StatusFlags extends SettingsFlags { readonly json?: boolean }
 *
 * export const command: CommandSpec = {
 *   configure: (c) => addSettings(c, ["config", "databaseUrl"]).option("--json", "print one JSON object"),
 *   run: (c, io) => status(c.opts<StatusFlags>(), io),
 * };
 *
 * export async function status(flags: StatusFlags, io: Io): Promise<ExitCode> { ... }
 */
export interface CommandSpec {
  /** Adds arguments and options; its result is not used. */
  configure(command: Command): unknown;
  /** @throws ZmigrateError: printed to stderr with its help, and its exit code is the process's */
  run(command: Command, io: Io): Promise<ExitCode>;
}
