import { Interrupted } from "../backfill/interrupted.js";
import { isError } from "../errors.js";
import type { ExitCode, Io } from "./command.js";

/**
 * Runs `body` with a signal that SIGINT and SIGTERM abort: it stops at the next batch, saves its place and the exit
 * code is 130. A second one ends the process at once; what was committed stands.
 *
 * @param again the command that goes on, as it is typed
 */
export async function stoppable(
  io: Io,
  again: string,
  body: (signal: AbortSignal) => Promise<ExitCode>,
): Promise<ExitCode> {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(130);
    io.stderr.write("\nStopping at the next batch; once more stops at once.\n");
    controller.abort();
  };
  for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, stop);
  try {
    return await body(controller.signal);
  } catch (error) {
    if (!(error instanceof Interrupted) && !(controller.signal.aborted && isStopped(error))) throw error;
    io.stderr.write(`Stopped as asked. The checkpoint is saved: run \`zmigrate ${again}\` again to go on.\n`);
    return 130;
  } finally {
    for (const name of ["SIGINT", "SIGTERM"] as const) process.off(name, stop);
  }
}

/** Who was asked to stop while it waited for a server did as it was asked, whether that has answered or not. */
const isStopped = (error: unknown): boolean =>
  (error instanceof Error && error.name === "AbortError") || isError(error, "cannot-connect");
