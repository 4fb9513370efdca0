import { execFile } from "node:child_process";
import { promisify } from "node:util";

const execute = promisify(execFile);

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** What it reads from standard input. */
  readonly input?: string;
}

/** Runs a program to its end. @throws Error with the end of what it wrote */
export async function run(
  file: string,
  args: readonly string[],
  { input = "", ...options }: RunOptions = {},
): Promise<string> {
  try {
    const running = execute(file, [...args], { maxBuffer: 64 * 1024 * 1024, ...options });
    // One that ends without reading all says why on standard error.
    running.child.stdin?.on("error", () => undefined);
    running.child.stdin?.end(input);
    return (await running).stdout;
  } catch (cause) {
    const { stdout = "", stderr = "" } = cause as { stdout?: string; stderr?: string };
    const tail = `${stdout}\n${stderr}`.trim().split("\n").slice(-15).join("\n");
    throw new Error(`${file} failed: ${tail === "" ? String(cause) : tail}`, { cause });
  }
}
