import { spawn } from "node:child_process";
import { once } from "node:events";
import { ZmigrateError } from "../errors.js";

/** Where the demo's commands run and how they are shown. */
export interface Shell {
  /** Runs `zmigrate ...args` in a process of its own and shows it as a terminal would. */
  zmigrate(args: readonly string[], expected?: number): Promise<void>;
}

export interface ShellOptions {
  /** The program: `dist/src/cli.js`. */
  readonly cli: string;
  readonly cwd: string;
  readonly databaseUrl: string;
  /** The file descriptor that gets what commands print: 1, or 2 when standard output is for JSON. */
  readonly output: 1 | 2;
  readonly echo: (commandLine: string) => void;
  /** Ends the running command. */
  readonly signal: AbortSignal;
}

/**
 * A shell that knows one command. What it prints goes to the terminal itself, so that bars and colours are the real ones.
 *
 * @throws ZmigrateError demo-failed: another exit code than expected
 */
export function shell(options: ShellOptions): Shell {
  return Object.freeze({
    async zmigrate(args: readonly string[], expected = 0) {
      options.signal.throwIfAborted();
      options.echo(`zmigrate ${args.join(" ")}`);
      const code = await run(options, args);
      options.signal.throwIfAborted();
      if (code !== expected)
        throw new ZmigrateError("demo-failed", { command: `zmigrate ${args.join(" ")}`, code, expected });
    },
  });
}

/** The exit code, null after a signal. */
async function run({ cli, cwd, databaseUrl, output, signal }: ShellOptions, args: readonly string[]) {
  const env = { ...withoutSettings(process.env), DATABASE_URL: databaseUrl };
  const child = spawn(process.execPath, [cli, ...args], { cwd, env, stdio: ["ignore", output, 2] });
  const stop = (): void => void child.kill("SIGTERM");
  signal.addEventListener("abort", stop);
  try {
    await once(child, "exit");
    return child.exitCode;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** The user's own settings for zmigrate would change the story. */
function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("ZMIGRATE_")));
}
