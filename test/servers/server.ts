import { inject } from "vitest";
import type { EngineName } from "../../src/engines/engine.js";
import type { Answer } from "./broker.js";
import { createDatabase, type TestDatabase } from "./database.js";
import { pauseReplica, resumeReplica } from "./replica.js";
import { startServer } from "./sources.js";
import { type Control, type RunningServer, ServerMissing, type ServerOptions } from "./types.js";

/** A running server as tests see it. The URLs carry an administrator's name and password. */
export interface TestServer {
  readonly name: EngineName;
  readonly url: string;
  readonly replicaUrl: string | null;
  /** An empty database with a unique name that begins with `prefix`. It is on the replica, if any, when this resolves. */
  createDatabase(prefix?: string): Promise<TestDatabase>;
  /** Makes lag. On a shared server all test files feel it: resume soon, or use a private server. */
  pauseReplica(): Promise<void>;
  resumeReplica(): Promise<void>;
}

/** A server that belongs to one test, which may break it. */
export interface PrivateServer extends TestServer {
  readonly primary: Control;
  readonly replica: Control | null;
  /** Ends the servers and removes their data. */
  stop(): Promise<void>;
}

/**
 * The server of this name that all test files of the run share. Started when it is first asked for. There are two: one
 * with a replica, for who asks for it, and one without, since a replica does all the work of all tests again.
 *
 * @throws ServerMissing: it cannot be had here; use `describeServer` to skip tests then
 * @example
 * const db = await (await server("mysql")).createDatabase("rename");
 */
export async function server(name: EngineName, options: ServerOptions = {}): Promise<TestServer> {
  const answer = await ask(name, options.replica === true ? `${name}/replica` : name);
  if (options.replica === true && answer.replicaUrl === null) {
    throw new ServerMissing(name, `ZMIGRATE_TEST_${name.toUpperCase()}_REPLICA_URL is not set`);
  }
  return Object.freeze(testServer(name, answer.url, answer.replicaUrl));
}

/** Tries whether `privateServer` can start this one; once per run, for all who ask. @throws ServerMissing */
export async function tryPrivateServer(name: EngineName): Promise<void> {
  await ask(name, `${name}/private`);
}

async function ask(name: EngineName, which: string): Promise<Answer & { readonly ok: true }> {
  const response = await fetch(`${inject("serverBroker")}/${which}`);
  const answer = (await response.json()) as Answer;
  if (!answer.ok) throw new ServerMissing(name, answer.reason);
  return answer;
}

/**
 * A new server for a test that stops, kills or pauses it. Stop it at the end; it also ends with this process.
 *
 * @throws ServerMissing
 */
export async function privateServer(name: EngineName, options: ServerOptions = {}): Promise<PrivateServer> {
  const running = await startServer(name, { ...options, private: true });
  return Object.freeze({
    ...testServer(name, running.url, running.replicaUrl),
    primary: controlOf(running),
    replica: running.replica,
    stop: running.stop,
  });
}

function controlOf(running: RunningServer): Control {
  if (running.primary === null) throw new ServerMissing(running.name, "it is not ours to stop");
  return running.primary;
}

function testServer(name: EngineName, url: string, replicaUrl: string | null): TestServer {
  const replica = (): string => {
    if (replicaUrl === null) throw new Error(`this ${name} server has no replica`);
    return replicaUrl;
  };
  return {
    name,
    url,
    replicaUrl,
    createDatabase: (prefix = "test") => createDatabase(url, replicaUrl, prefix),
    pauseReplica: async () => pauseReplica(name, replica()),
    resumeReplica: async () => resumeReplica(name, replica()),
  };
}
