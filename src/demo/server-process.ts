import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Account } from "./account.js";
import { watch } from "./watchdog.js";

/** How to start a database server. */
export interface ServerCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Who runs it; null is the user of this process. */
  readonly account: Account | null;
  /** The whole environment of the server: it inherits nothing else. */
  readonly env: Readonly<Record<string, string>>;
  /** Receives standard output and error, appended. */
  readonly log: string;
  /** Removed with the server when this process dies without stopping it. */
  readonly folder: string | null;
}

/** A running database server. */
export interface ServerProcess {
  readonly pid: number;
  /** Null while it runs; then how it ended. */
  exit(): string | null;
  /** Sends the signals in order, each with its patience in milliseconds, and at last SIGKILL. */
  end(signals: readonly { readonly signal: NodeJS.Signals; readonly patienceMs: number }[]): Promise<void>;
}

/** The end of a server's log, for messages. Empty when there is none. */
export async function logTail(file: string, lines = 15): Promise<string> {
  const text = await readFile(file, "utf8").catch(() => "");
  return text.trimEnd().split("\n").slice(-lines).join("\n");
}

/**
 * Starts a server in a session of its own, so that Ctrl-C in the terminal does not reach it before its owner.
 * It dies with this process, and does not keep this process alive.
 *
 * @throws Error of `spawn`: the file is missing or may not be run
 */
export async function startProcess(command: ServerCommand): Promise<ServerProcess> {
  const child = spawnServer(command);
  await once(child, "spawn");
  const pid = child.pid;
  if (pid === undefined) throw new Error(`${command.file} has no process id`);
  const callOff = watch({ pid, folder: command.folder });
  const ended = once(child, "exit").then(callOff);
  child.unref();
  return Object.freeze({
    pid,
    exit: () => howEnded(child),
    async end(signals: readonly { readonly signal: NodeJS.Signals; readonly patienceMs: number }[]) {
      // Waiting for the end is work: until then this process stays.
      child.ref();
      for (const { signal, patienceMs } of signals) {
        if (howEnded(child) === null) await Promise.race([ended, kill(child, signal, patienceMs)]);
      }
      if (howEnded(child) === null) child.kill("SIGKILL");
      await ended;
    },
  });
}

function spawnServer(command: ServerCommand): ChildProcess {
  const log = openSync(command.log, "a", 0o600);
  try {
    return spawn(command.file, command.args, {
      cwd: command.cwd,
      env: { ...command.env },
      stdio: ["ignore", log, log],
      detached: true,
      ...(command.account === null ? {} : { uid: command.account.uid, gid: command.account.gid }),
    });
  } finally {
    closeSync(log);
  }
}

function howEnded(child: ChildProcess): string | null {
  if (child.exitCode !== null) return `exit code ${child.exitCode}`;
  return child.signalCode;
}

async function kill(child: ChildProcess, signal: NodeJS.Signals, patienceMs: number): Promise<void> {
  child.kill(signal);
  await sleep(patienceMs, undefined, { ref: false });
}
