import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineName } from "../../src/engines/engine.js";
import { installMariadb, unpackMysql, whyNotDebian } from "./debian.js";
import { replicate } from "./mysql-replication.js";
import { type MysqldNode, startMysqld } from "./mysqld-node.js";
import { findMysqld, type MysqldProgram } from "./mysqld-program.js";
import type { RunningServer, ServerOptions, Source, Starter } from "./types.js";

/** MySQL and MariaDB from a `mysqld` or `mariadbd` that is on this machine. */
export const mysqldSource: Source = Object.freeze({
  async offer(name: EngineName): Promise<Starter | string> {
    if (name === "postgres") return "mysqld is no PostgreSQL";
    const program = await findMysqld(name);
    if (program === null) return `there is no ${name === "mysql" ? "mysqld of MySQL" : "mariadbd"} on PATH`;
    return (options: ServerOptions) => start(program, options);
  },
});

/** MySQL and MariaDB that are installed when they are asked for: root on Debian. */
export const debianSource: Source = Object.freeze({
  async offer(name: EngineName): Promise<Starter | string> {
    if (name === "postgres") return "PostgreSQL comes from npm";
    const why = await whyNotDebian();
    if (why !== null) return why;
    const install = name === "mysql" ? unpackMysql : installMariadb;
    return async (options: ServerOptions) => start(await install(), options);
  },
});

async function start(program: MysqldProgram, options: ServerOptions): Promise<RunningServer> {
  const { settings = [] } = options;
  const settled = { ...program, settings: [...program.settings, ...settings] };
  const folder = await mkdtemp(join(tmpdir(), `zmigrate-${program.kind}-`));
  const roles = options.replica === true ? (["primary", "replica"] as const) : (["primary"] as const);
  const starts = await Promise.allSettled(roles.map((role) => startMysqld({ program: settled, folder, role })));
  const nodes = starts.filter((start) => start.status === "fulfilled").map((start) => start.value);
  const stop = () => stopAll(folder, nodes);
  try {
    const failed = starts.find((start) => start.status === "rejected");
    if (failed !== undefined) throw failed.reason;
    return await connect(program.kind, nodes, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function connect(
  kind: "mysql" | "mariadb",
  [primary, replica]: readonly MysqldNode[],
  stop: () => Promise<void>,
): Promise<RunningServer> {
  if (primary === undefined) throw new Error(`no ${kind} server was started`);
  if (replica !== undefined) await replicate(kind, replica.url, { host: "127.0.0.1", port: primary.port });
  return Object.freeze({
    name: kind,
    url: primary.url,
    replicaUrl: replica?.url ?? null,
    primary,
    replica: replica ?? null,
    stop,
  });
}

/** The data goes too, so there is nothing to shut down with care. */
async function stopAll(folder: string, nodes: readonly MysqldNode[]): Promise<void> {
  await Promise.all(nodes.map((node) => node.crash()));
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}
