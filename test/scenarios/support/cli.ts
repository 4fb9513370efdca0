import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { Output } from "../../../src/commands/command.js";
import type { RunEvent } from "../../../src/model/event.js";

const CLI = resolve("dist/src/start.cjs");

/** The built program as a module: the same code that `CLI` starts. */
const { main } = createRequire(import.meta.url)(
  resolve("dist/src/bundle/main.cjs"),
) as typeof import("../../../src/cli.js");

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
  /** With --json: true when an event was printed that `wanted` accepts, false when the process ended without one. */
  told(wanted: (event: RunEvent) => boolean): Promise<boolean>;
}

/** A project folder with migrations, and a database. */
export interface Project {
  readonly folder: string;
  write(file: string, text: string): void;
  /** Runs `zmigrate ...args` in the folder, within this process: a third of the time. Paths are printed absolute. */
  run(...args: readonly string[]): Promise<CliResult>;
  /** The same in a process of its own, as a shell has it: for its signals, its end and its exit code. */
  start(...args: readonly string[]): CliRun;
  remove(): void;
}

/** The events of `--json` as they are printed: `feed` takes what was printed until now, `end` tells that no more comes. */
function eventStream() {
  const events: RunEvent[] = [];
  const waiting = new Set<{ wanted: (event: RunEvent) => boolean; done: (found: boolean) => void }>();
  let [read, over] = [0, false];
  const tell = (event: RunEvent) => {
    events.push(event);
    for (const w of [...waiting]) if (w.wanted(event)) w.done(true);
  };
  return {
    feed(stdout: string) {
      for (let end = stdout.indexOf("\n", read); end !== -1; end = stdout.indexOf("\n", read)) {
        const line = stdout.slice(read, end);
        read = end + 1;
        if (line.startsWith('{"time"')) tell(JSON.parse(line) as RunEvent);
      }
    },
    end() {
      over = true;
      for (const w of [...waiting]) w.done(false);
    },
    told(wanted: (event: RunEvent) => boolean): Promise<boolean> {
      if (events.some(wanted) || over) return Promise.resolve(events.some(wanted));
      return new Promise((resolve) => {
        const entry = {
          wanted,
          done(found: boolean) {
            waiting.delete(entry);
            resolve(found);
          },
        };
        waiting.add(entry);
      });
    },
  };
}

function start(folder: string, env: NodeJS.ProcessEnv, args: readonly string[]): CliRun {
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd: folder,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  const events = eventStream();
  const waiting: { text: string; resolve: () => void; reject: (error: Error) => void }[] = [];
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
    events.feed(stdout);
    for (const w of waiting) if (stdout.includes(w.text)) w.resolve();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const result = new Promise<CliResult>((done) => {
    child.on("close", (code) => {
      events.end();
      for (const w of waiting) w.reject(new Error(`ended without printing ${w.text}: ${stdout}${stderr}`));
      done({ code, stdout, stderr });
    });
  });
  return {
    result,
    kill: (signal) => child.kill(signal),
    told: events.told,
    printed: (text) =>
      new Promise((resolve, reject) => {
        if (stdout.includes(text)) resolve();
        else waiting.push({ text, resolve, reject });
      }),
  };
}

async function run(cwd: string, env: NodeJS.ProcessEnv, args: readonly string[]): Promise<CliResult> {
  const written = { stdout: "", stderr: "" };
  const output = (name: keyof typeof written): Output => ({
    write(text) {
      written[name] += text;
    },
    isTTY: false,
    color: false,
  });
  const readStdin = async () => new Uint8Array();
  const code = await main(args, { stdout: output("stdout"), stderr: output("stderr"), readStdin, env, cwd }, "");
  return { code, ...written };
}

/** A project folder outside the repository, removed by `remove`. */
export function project(databaseUrl: string, more: NodeJS.ProcessEnv = {}): Project {
  const folder = mkdtempSync(join(tmpdir(), "zmigrate-project-"));
  const env = { ...process.env, DATABASE_URL: databaseUrl, NO_COLOR: "1", ...more };
  return {
    folder,
    write(file, text) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    },
    run: (...args) => run(folder, env, args),
    start: (...args) => start(folder, env, args),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
