import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { EngineName } from "../../src/engines/engine.js";
import { startServer } from "./sources.js";
import { type RunningServer, ServerMissing } from "./types.js";

/** What the broker tells a test file about a server. */
export type Answer =
  | { readonly ok: true; readonly url: string; readonly replicaUrl: string | null }
  | { readonly ok: false; readonly reason: string };

const NAMES: readonly string[] = ["postgres", "mysql", "mariadb"] satisfies EngineName[];

/**
 * Starts each server once per run, and once with a replica, when the first test file asks for it, and hands its address to
 * all; and tries once per run whether a test can have a server of its own.
 */
export interface Broker {
  /** `http://127.0.0.1:port`: GET /<name>, /<name>/replica and /<name>/private give an Answer. */
  readonly address: string;
  /** Ends the servers that were started. */
  close(): Promise<void>;
}

export async function openBroker(): Promise<Broker> {
  const started = new Map<string, Promise<RunningServer>>();
  const http = createServer((request, response) => {
    void reply(request, response, started);
  });
  const address = await listen(http);
  return Object.freeze({
    address,
    async close() {
      await Promise.allSettled([...started.values()].map(async (server) => (await server).stop()));
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  });
}

function listen(http: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    http.once("error", reject);
    http.listen(0, "127.0.0.1", () => {
      const address = http.address();
      if (typeof address === "object" && address !== null) resolve(`http://127.0.0.1:${address.port}`);
      else reject(new Error("the broker has no port"));
    });
  });
}

async function reply(
  request: IncomingMessage,
  response: ServerResponse,
  started: Map<string, Promise<RunningServer>>,
): Promise<void> {
  const path = (request.url ?? "").slice(1);
  const [name = "", ...rest] = path.split("/");
  const kind = rest.join("/");
  if (!isServerName(name) || !["", "replica", "private"].includes(kind)) {
    response.writeHead(404).end();
    return;
  }
  const server = started.get(path) ?? start(name, kind);
  started.set(path, server);
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(await answerOf(server)));
}

function start(name: EngineName, kind: string): Promise<RunningServer> {
  return kind === "private" ? tried(name) : startServer(name, { replica: kind === "replica", private: false });
}

/** One start tells whether there can be others: installing and unpacking happen here, not in a test's time. */
async function tried(name: EngineName): Promise<RunningServer> {
  const server = await startServer(name, { private: true });
  await server.stop();
  return Object.freeze({ ...server, stop: async () => undefined });
}

async function answerOf(server: Promise<RunningServer>): Promise<Answer> {
  try {
    const { url, replicaUrl } = await server;
    return { ok: true, url, replicaUrl };
  } catch (error) {
    if (error instanceof ServerMissing) return { ok: false, reason: error.reason };
    return { ok: false, reason: String(error) };
  }
}

function isServerName(name: string): name is EngineName {
  return NAMES.includes(name);
}
