import { isClean, reportText } from "../demo/report.js";
import { type DemoOptions, FEWEST_ROWS, runDemo } from "../demo/run.js";
import { ZmigrateError } from "../errors.js";
import type { CommandSpec, ExitCode, Io } from "./command.js";
import { paintFor } from "./paint.js";

interface DemoFlags {
  readonly rows?: string;
  readonly json?: boolean;
}

export const command: CommandSpec = {
  configure: (c) =>
    c
      .option("--rows <rows>", `users to load, ${FEWEST_ROWS} to ${MOST_ROWS}`, "1000000")
      .option("--json", "print one JSON object; everything else goes to standard error"),
  run: (c, io) => demo(c.opts<DemoFlags>(), io),
};

/** About 20 GB of disk for two servers. */
const MOST_ROWS = 50_000_000;

/**
 * Plays a whole migration on an embedded PostgreSQL with a replica, while old and new code write, and reports.
 *
 * @returns 0, 1 when a statement failed or a row differs, 130 when it was interrupted
 * @throws ZmigrateError usage (--rows), not-available (no embedded PostgreSQL), demo-failed
 */
export async function demo(flags: DemoFlags, io: Io): Promise<ExitCode> {
  const rows = rowsOf(flags.rows ?? "1000000");
  const json = flags.json === true;
  return interruptible(async (signal) => {
    const report = await runDemo({ rows, signal, ...voices(io, json) });
    io.stdout.write(json ? `${JSON.stringify(report)}\n` : `\n${reportText(report)}`);
    return isClean(report) ? 0 : 1;
  });
}

/** Digits, with the commas or underscores that people put between them. */
function rowsOf(text: string): number {
  const rows = /^\d[\d_,]*$/.test(text) ? Number(text.replace(/[_,]/g, "")) : Number.NaN;
  if (rows >= FEWEST_ROWS && rows <= MOST_ROWS) return rows;
  const reason = `--rows: "${text}" is not a whole number from ${FEWEST_ROWS} to ${MOST_ROWS}.`;
  throw new ZmigrateError("usage", { reason });
}

/** The demo's own words, told apart from what the commands print. */
function voices(io: Io, json: boolean): Pick<DemoOptions, "tell" | "echo" | "output"> {
  const out = json ? io.stderr : io.stdout;
  const { bold, dim } = paintFor(out);
  return {
    tell: (text) => out.write(`\n${dim(`# ${text}`)}\n`),
    echo: (commandLine) => out.write(`\n${bold(`$ ${commandLine}`)}\n`),
    output: json ? 2 : 1,
  };
}

/** A first signal ends the servers and clients in order; a second ends this process, and a watchdog the servers. */
async function interruptible(body: (signal: AbortSignal) => Promise<ExitCode>): Promise<ExitCode> {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const name of signals) process.on(name, stop);
  try {
    return await body(controller.signal);
  } catch (error) {
    if (!controller.signal.aborted) throw error;
    return 130;
  } finally {
    for (const name of signals) process.off(name, stop);
  }
}
