import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const CLI = resolve("dist/src/cli.js");

/** What a run of the command printed, and its exit code; null when it was killed. */
export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running `zmigrate`, as a user's shell has it: the built program in a process of its own. */
export interface CliRun {
  readonly result: Promise<CliResult>;
  kill(signal: NodeJS.Signals): void;
  /** Resolves when standard output holds the text; rejects when the process ends without it. */
  printed(text: string): Promise<void>;
}

/** A project folder with migrations, and a database. */
export interface Project {
  readonly folder: string;
  write(file: string, text: string): void;
  /** Runs `zmigrate ...args` in the folder. */
  run(...args: readonly string[]): Promise<CliResult>;
  start(...args: readonly string[]): CliRun;
  remove(): void;
}

function start(folder: string, env: NodeJS.ProcessEnv, args: readonly string[]): CliRun {
  const child = spawn(process.execPath, [CLI, ...args], { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
  let [stdout, stderr] = ["", ""];
  const waiting: { text: string; resolve: () => void; reject: (error: Error) => void }[] = [];
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
    for (const w of waiting) if (stdout.includes(w.text)) w.resolve();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const result = new Promise<CliResult>((done) => {
    child.on("close", (code) => {
      for (const w of waiting) w.reject(new Error(`ended without printing ${w.text}: ${stdout}${stderr}`));
      done({ code, stdout, stderr });
    });
  });
  return {
    result,
    kill: (signal) => child.kill(signal),
    printed: (text) =>
      new Promise((resolve, reject) => {
        if (stdout.includes(text)) resolve();
        else waiting.push({ text, resolve, reject });
      }),
  };
}

/** A project folder outside the repository, removed by `remove`. */
export function project(databaseUrl: string): Project {
  const folder = mkdtempSync(join(tmpdir(), "zmigrate-project-"));
  const env = { ...process.env, DATABASE_URL: databaseUrl, NO_COLOR: "1" };
  return {
    folder,
    write(file, text) {
      writeFileSync(join(folder, file), text);
    },
    run: (...args) => start(folder, env, args).result,
    start: (...args) => start(folder, env, args),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
