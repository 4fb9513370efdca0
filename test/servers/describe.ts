import { describe, it } from "vitest";
import type { EngineName } from "../../src/engines/engine.js";
import { MISSING } from "./missing.js";
import { type PrivateServer, privateServer, server, type TestServer, tryPrivateServer } from "./server.js";
import { ServerMissing, type ServerOptions } from "./types.js";

/**
 * A suite on a shared server. Where the server cannot be had, its tests are skipped, counted and named at the end of
 * the run; under CI the run fails.
 *
 * @example
 * describeServer("mysql", (mysql) => {
 *   it("renames", async () => {
 *     const db = await mysql.createDatabase("rename");
 *   });
 * });
 */
export function describeServer(
  name: EngineName,
  body: (server: TestServer) => void,
  options: ServerOptions = {},
): void {
  describe(name, async () => {
    const found = await server(name, options).catch(missing);
    if (found instanceof ServerMissing) skip(found, () => body(nowhere(name)));
    else body(found);
  });
}

/** The same suite on each of these servers. */
export function describeServers(
  names: readonly EngineName[],
  body: (server: TestServer) => void,
  options: ServerOptions = {},
): void {
  for (const name of names) describeServer(name, body, options);
}

/** A suite whose tests start servers of their own with `launch`, and stop them. */
export function describePrivateServer(
  name: EngineName,
  body: (launch: (options?: ServerOptions) => Promise<PrivateServer>) => void,
): void {
  describe(`${name} of its own`, async () => {
    const found = await tryPrivateServer(name).catch(missing);
    if (found instanceof ServerMissing) return skip(found, () => body(() => Promise.reject(found)));
    body((options) => privateServer(name, options));
  });
}

function missing(error: unknown): ServerMissing {
  if (error instanceof ServerMissing) return error;
  throw error;
}

function skip(why: ServerMissing, body: () => void): void {
  describe.skip(`${MISSING}${why.server}: ${why.reason}`, body);
  if (process.env.CI === undefined || process.env.CI === "" || process.env.CI === "false") return;
  it(`${why.server} is there, as CI promises`, () => {
    throw why;
  });
}

/** What the body of a skipped suite is given: its titles are collected, its tests never run. */
function nowhere(name: EngineName): TestServer {
  const refuse = () => Promise.reject(new ServerMissing(name, "its tests are skipped"));
  return Object.freeze({
    name,
    url: `${name}://missing.invalid/`,
    replicaUrl: null,
    createDatabase: refuse,
    pauseReplica: refuse,
    resumeReplica: refuse,
  });
}
