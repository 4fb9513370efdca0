import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "../../src/demo/free-port.js";
import { logTail, type ServerProcess, startProcess } from "../../src/demo/server-process.js";
import { asRoot, initialiseData } from "./mysqld-data.js";
import type { MysqldProgram } from "./mysqld-program.js";
import { mysqldSettings } from "./mysqld-settings.js";
import { localUrl, PASSWORD, query } from "./sql.js";
import type { Control } from "./types.js";

/** Where a server lives, and its place in replication. */
export interface MysqldPlace {
  readonly program: MysqldProgram;
  /** The folder that holds data folders and logs; removed at the end. */
  readonly folder: string;
  readonly role: "primary" | "replica";
}

/** One running server over one data folder. */
export interface MysqldNode extends Control {
  readonly url: string;
  readonly port: number;
}

const READY_MS = 60_000;
const SHUTDOWN = Object.freeze([{ signal: "SIGTERM", patienceMs: 15_000 }] as const);

/**
 * root may come from anywhere, which is 127.0.0.1; MariaDB begins with a root that comes from there without a
 * password. Not in the binary log: a replica has its own.
 */
const ACCOUNTS = `SET sql_log_bin = 0;
DROP USER IF EXISTS 'root'@'127.0.0.1', 'root'@'::1';
CREATE USER IF NOT EXISTS 'root'@'%' IDENTIFIED BY '${PASSWORD}';
GRANT ALL PRIVILEGES ON *.* TO 'root'@'%' WITH GRANT OPTION;
`;

/** Relative names are in the data folder: the path of a socket is limited to 107 bytes. */
const LOCAL = ["--bind-address=127.0.0.1", "--socket=mysqld.sock", "--pid-file=mysqld.pid"] as const;

/** Makes a data folder and starts a server over it on a free port. @throws Error with the end of its log */
export async function startMysqld(place: MysqldPlace): Promise<MysqldNode> {
  const data = join(place.folder, place.role);
  await initialiseData(place.program, data);
  const accounts = join(place.folder, `${place.role}.sql`);
  await writeFile(accounts, ACCOUNTS, { mode: 0o600 });
  const first = await firstStart(place, [`--init-file=${accounts}`], 3);
  return nodeOf(place, first.port, first.process);
}

async function firstStart(
  place: MysqldPlace,
  extra: readonly string[],
  attempts: number,
): Promise<{ readonly port: number; readonly process: ServerProcess }> {
  const port = await freePort();
  try {
    return { port, process: await launch(place, port, extra) };
  } catch (error) {
    // Between the look for a free port and its use another process took it.
    const taken = /Address already in use|port: \d+/i.test(await logTail(logOf(place)));
    if (!taken || attempts <= 1) throw error;
    return firstStart(place, extra, attempts - 1);
  }
}

function nodeOf(place: MysqldPlace, port: number, first: ServerProcess): MysqldNode {
  let running: ServerProcess | null = first;
  const end = async (signals: typeof SHUTDOWN | readonly []): Promise<void> => {
    const ending = running;
    running = null;
    await ending?.end(signals);
  };
  return Object.freeze({
    url: localUrl(place.program.kind, port),
    port,
    pid: () => (running?.exit() === null ? running.pid : null),
    async start() {
      if (running?.exit() !== null) running = await launch(place, port, readOnly(place));
    },
    stop: () => end(SHUTDOWN),
    crash: () => end([]),
  });
}

/** At its first start a replica still has accounts to make. */
function readOnly(place: MysqldPlace): readonly string[] {
  if (place.role === "primary") return [];
  return place.program.kind === "mysql" ? ["--super-read-only=ON"] : ["--read-only=ON"];
}

const logOf = (place: MysqldPlace): string => join(place.folder, `${place.role}.log`);

async function launch(place: MysqldPlace, port: number, extra: readonly string[]): Promise<ServerProcess> {
  const { program, folder, role } = place;
  const data = join(folder, role);
  const own = [`--datadir=${data}`, `--port=${port}`, `--tmpdir=${folder}`];
  const server = await startProcess({
    file: program.file,
    args: [
      ...program.prefix,
      "--no-defaults",
      ...program.settings,
      ...asRoot,
      ...mysqldSettings(program.kind, role, port),
      ...LOCAL,
      ...own,
      ...extra,
    ],
    cwd: data,
    account: null,
    env: { PATH: process.env.PATH ?? "", TZ: "UTC" },
    log: logOf(place),
    folder,
  });
  await ready(place, server, port);
  return server;
}

async function ready(place: MysqldPlace, server: ServerProcess, port: number): Promise<void> {
  const url = localUrl(place.program.kind, port);
  const deadline = Date.now() + READY_MS;
  for (;;) {
    const problem = await query(url, "SELECT 1").then(
      () => null,
      (error: unknown) => String(error),
    );
    // Who answers on the port may be somebody else when our own server has ended.
    if (problem === null && server.exit() === null) return;
    if (server.exit() !== null || Date.now() > deadline) {
      await server.end(SHUTDOWN);
      const tail = await logTail(logOf(place));
      throw new Error(`${place.program.version} did not start (${server.exit() ?? problem}):\n${tail}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
