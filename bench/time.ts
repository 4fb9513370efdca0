import { spawnSync } from "node:child_process";

/** A command line, run as its own process. */
export type Command = readonly [file: string, ...args: string[]];

/**
 * The shortest of some runs of each command in milliseconds, whole processes, taken in turns, so that what else the
 * machine does meets all of them alike. Exit codes do not matter: findings are what is timed.
 *
 * @throws when a command cannot be started or is killed
 */
export function shortest(commands: readonly Command[], runs: number): readonly number[] {
  const times = commands.map(() => Number.POSITIVE_INFINITY);
  for (let run = 0; run < runs; run++) {
    for (const [at, command] of commands.entries()) times[at] = Math.min(times[at] ?? 0, once(command));
  }
  return times;
}

function once([file, ...args]: Command): number {
  const started = performance.now();
  const { error, signal } = spawnSync(file, args, { stdio: "ignore" });
  if (error !== undefined) throw error;
  if (signal !== null) throw new Error(`${file} was killed by ${signal}`);
  return performance.now() - started;
}
