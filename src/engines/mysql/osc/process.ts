import { spawn } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { type Guarded, guard, ORPHAN_MS } from "./guard.js";

const END_MS = 10_000;

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** The file of a program: one with a slash is taken as it is, a name is looked for on the PATH. Null where there is none. */
export function findProgram(path: string): string | null {
  if (path.includes("/")) return isProgram(path) ? path : null;
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => join(folder, path)).find(isProgram) ?? null;
}

/** A program needs none of our URLs, which hold passwords. */
function environment(more: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(?:ZMIGRATE_.*|DATABASE_URL|MYSQL_PWD)$/.test(name));
  return { ...Object.fromEntries(kept), ...more };
}

/** A program that is about to be started. */
export interface Started extends Omit<Guarded, "orphanMs"> {
  readonly env: Readonly<Record<string, string>>;
  /** Aborted to end it. */
  readonly signal: AbortSignal;
  /** How long it may take to end when it is asked to, milliseconds; 10 s when it is left out. */
  readonly endMs?: number;
  /** Each line that it prints. */
  readonly say: (line: string) => void;
}

/**
 * Runs a program without a shell, in a process group of its own, until it ends. It is ended when the signal is aborted, at once
 * when it does not end by itself, and also when this process is killed.
 *
 * @returns its exit code; null where it was ended by a signal
 */
export async function runProgram({
  program,
  args,
  folder,
  env,
  signal,
  endMs = END_MS,
  say,
}: Started): Promise<number | null> {
  const child = spawn(process.execPath, ["-e", `(${guard.toString()})()`], {
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
    env: environment(env),
  });
  const toAll = (name: NodeJS.Signals) => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, name);
    } catch {}
  };
  let last: NodeJS.Timeout | undefined;
  const end = () => {
    toAll("SIGTERM");
    last = setTimeout(() => toAll("SIGKILL"), endMs);
  };
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on("line", say);
  child.stdin.on("error", () => undefined);
  child.stdin.write(`${JSON.stringify({ program, args, folder, orphanMs: ORPHAN_MS } satisfies Guarded)}\n`);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(code === 255 ? null : code));
  });
  signal.addEventListener("abort", end, { once: true });
  if (signal.aborted) end();
  try {
    return await ended;
  } finally {
    signal.removeEventListener("abort", end);
    clearTimeout(last);
  }
}
