import { execFile } from "node:child_process";
import { appendFile, chmod, chown, cp, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { ZmigrateError } from "../errors.js";
import type { Account } from "./account.js";
import { freePort } from "./free-port.js";
import type { PostgresBinaries } from "./postgres-binaries.js";
import { logTail, type ServerProcess, startProcess } from "./server-process.js";

const run = promisify(execFile);

/** Of the superuser `postgres`; known to everybody, so the server listens on 127.0.0.1 only. */
export const EMBEDDED_PASSWORD = "zmigrate-local";

/** Where a cluster lives and who runs it. */
export interface ClusterPlace {
  readonly binaries: PostgresBinaries;
  readonly account: Account | null;
  /** The folder that holds data folders and logs; removed at the end. */
  readonly folder: string;
}

const READY_MS = 60_000;
const ENDING = Object.freeze([
  { signal: "SIGINT", patienceMs: 5_000 },
  { signal: "SIGQUIT", patienceMs: 3_000 },
] as const);
/** The C library's locales differ between machines; the builtin provider's do not. */
const LOCALE = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"] as const;
const HBA = ["all", "replication"].map((db) => `host ${db} all 127.0.0.1/32 scram-sha-256\n`).join("");
const ENV = Object.freeze({ PATH: process.env.PATH ?? "", LC_ALL: "C", TZ: "UTC" });

/** Makes an empty data folder. @throws ZmigrateError not-available */
export async function initialise(place: ClusterPlace, name: string): Promise<string> {
  const data = join(place.folder, name);
  const password = join(place.folder, "password");
  await writeFile(password, `${EMBEDDED_PASSWORD}\n`, { mode: 0o600 });
  await own(place, password);
  const args = ["-D", data, "-U", "postgres", "-A", "scram-sha-256", `--pwfile=${password}`, "--no-sync", ...LOCALE];
  const as = place.account === null ? {} : { uid: place.account.uid, gid: place.account.gid };
  try {
    await run(place.binaries.initdb, args, { cwd: place.folder, env: ENV, ...as });
  } catch (cause) {
    const what = `initdb failed: ${cause instanceof Error ? cause.message : String(cause)}`;
    throw new ZmigrateError(
      "not-available",
      { what, help: "Check the disk space and the temporary folder." },
      { cause },
    );
  }
  await writeFile(join(data, "pg_hba.conf"), HBA);
  return data;
}

/** Copies the data folder of a cluster that does not run, owner and modes included. */
export async function copyCluster(place: ClusterPlace, from: string, name: string): Promise<string> {
  const to = join(place.folder, name);
  await cp(from, to, { recursive: true });
  await own(place, to);
  for (const entry of await readdir(to, { recursive: true, withFileTypes: true })) {
    await own(place, join(entry.parentPath, entry.name));
  }
  await chmod(to, 0o700);
  return to;
}

async function own(place: ClusterPlace, path: string): Promise<void> {
  if (place.account !== null) await chown(path, place.account.uid, place.account.gid);
}

/** Adds settings to a data folder; a later value wins. Values are quoted here. */
export async function configure(data: string, settings: Readonly<Record<string, string>>): Promise<void> {
  const lines = Object.entries(settings).map(([key, value]) => `${key} = '${value.replaceAll("'", "''")}'\n`);
  await appendFile(join(data, "postgresql.conf"), lines.join(""));
}

/** One server over one data folder. It keeps its port when it is started again. */
export interface Node {
  readonly dataDir: string;
  readonly port: number;
  /** Null while it does not run. */
  pid(): number | null;
  start(): Promise<void>;
  /** A fast shutdown, with force after some seconds. Harmless when it does not run. */
  stop(): Promise<void>;
  /** kill -9: what a crash leaves. */
  crash(): Promise<void>;
}

/** Starts a server on a free port. @throws ZmigrateError not-available: with the end of its log */
export async function startNode(place: ClusterPlace, dataDir: string): Promise<Node> {
  const first = await firstStart(place, dataDir, 3);
  let running: ServerProcess | null = first.process;
  const end = async (signals: typeof ENDING | readonly []): Promise<void> => {
    const ending = running;
    running = null;
    await ending?.end(signals);
  };
  return Object.freeze({
    dataDir,
    port: first.port,
    pid: () => (running?.exit() === null ? running.pid : null),
    async start() {
      if (running?.exit() !== null) running = await launch(place, dataDir, first.port);
    },
    stop: () => end(ENDING),
    crash: () => end([]),
  });
}

async function firstStart(
  place: ClusterPlace,
  dataDir: string,
  attempts: number,
): Promise<{ readonly port: number; readonly process: ServerProcess }> {
  const port = await freePort();
  try {
    return { port, process: await launch(place, dataDir, port) };
  } catch (error) {
    // Between the look for a free port and its use another process took it.
    const taken = (await logTail(logOf(dataDir))).includes("Address already in use");
    if (!taken || attempts <= 1) throw error;
    return firstStart(place, dataDir, attempts - 1);
  }
}

const logOf = (dataDir: string): string => `${dataDir}.log`;

async function launch(place: ClusterPlace, dataDir: string, port: number): Promise<ServerProcess> {
  const server = await startProcess({
    file: place.binaries.postgres,
    args: ["-D", dataDir, "-p", String(port)],
    cwd: dataDir,
    account: place.account,
    env: ENV,
    log: logOf(dataDir),
    folder: place.folder,
  });
  await ready(server, dataDir);
  return server;
}

/** Waits for the state line of postmaster.pid, which a standby writes too: `ready` means that it takes connections. */
async function ready(server: ServerProcess, dataDir: string): Promise<void> {
  const deadline = Date.now() + READY_MS;
  while (!(await isReady(server, dataDir))) {
    const ended = server.exit();
    if (ended === null && Date.now() < deadline) {
      await sleep(20);
      continue;
    }
    await server.end(ENDING);
    const what = `PostgreSQL did not start (${ended ?? `not ready after ${READY_MS / 1000} s`}):\n${await logTail(logOf(dataDir))}`;
    throw new ZmigrateError("not-available", { what, help: "Mend what its log says and try again." });
  }
}

async function isReady(server: ServerProcess, dataDir: string): Promise<boolean> {
  const lines = (await readFile(join(dataDir, "postmaster.pid"), "utf8").catch(() => "")).split("\n");
  // A file that a crash left has another pid.
  return lines[0] === String(server.pid) && lines[7]?.trim() === "ready";
}
