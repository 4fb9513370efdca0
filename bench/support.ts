import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

const CLI = resolve("dist/src/start.cjs");

const RENAME = "ALTER TABLE accounts RENAME COLUMN email TO email_address;\n";

/** What `apply --json` tells of a step. */
export interface Told {
  readonly event: string;
  readonly step?: string;
  readonly kind?: string;
  readonly phase?: string;
  readonly ms?: number;
}

/** A folder with one migration, the rename of a column; removed afterwards. */
export async function inProject<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "zmigrate-bench-"));
  try {
    mkdirSync(join(folder, "migrations"));
    writeFileSync(join(folder, "migrations", "20260101000000_rename_email.sql"), RENAME);
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** How often a run's memory is looked at, milliseconds. The kernel keeps the most, so that none is missed but the last. */
const LOOK_MS = 50;

/**
 * Runs `apply` in the folder and shows its events.
 *
 * @returns the most memory that it held, MB; 0 where the system does not tell (elsewhere than on Linux)
 * @throws when it does not end with 0
 */
export async function applied(
  url: string,
  folder: string,
  args: readonly string[],
  see: (event: Told) => void,
): Promise<number> {
  const argv = [CLI, "apply", "--json", "--release", "bench", ...args];
  const child = spawn(process.execPath, argv, {
    cwd: folder,
    env: { ...process.env, DATABASE_URL: url },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<number | null>((done) => child.once("close", done));
  let most = 0;
  const look = setInterval(() => {
    most = Math.max(most, held(child.pid));
  }, LOOK_MS);
  for await (const line of createInterface({ input: child.stdout })) see(JSON.parse(line) as Told);
  const code = await ended;
  clearInterval(look);
  if (code !== 0) throw new Error(`apply ended with ${code}`);
  return most;
}

/** The most memory that a process has held so far, MB; 0 when it is not told. */
function held(pid: number | undefined): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1_024;
  } catch {
    return 0;
  }
}

/** Hears when the step of a kind begins, and when it is done. */
export function bySteps(kind: string, begins: () => void, ends: (ms: number) => void): (event: Told) => void {
  let step = "";
  return (e) => {
    if (e.event === "step-started" && e.kind === kind) {
      step = e.step ?? "";
      begins();
    }
    if (e.event === "step-done" && e.step === step) ends(e.ms ?? Number.NaN);
  };
}
