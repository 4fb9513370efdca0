import { afterEach } from "vitest";
import type { TestServer } from "../../servers/index.js";
import { type ClientReport, connect, type Query, type RunningClient, startClient, type Work } from "./clients.js";
import { renameScene, type Scene } from "./scene.js";

/** What a test makes and what is given back after it, whatever happened. */
export interface Suite {
  /** Runs after the test, the last one first. */
  after(cleanup: () => Promise<unknown>): void;
  scene(server: TestServer, rows: number, sql?: string): Promise<Scene>;
  client(url: string, work: Work): Promise<RunningClient>;
  /** A session of somebody else. */
  session(url: string): Promise<{ query: Query; end(): Promise<void> }>;
}

/** Call it in the body of a `describe`. */
export function suite(): Suite {
  const cleanups: (() => Promise<unknown>)[] = [];
  const after: Suite["after"] = (cleanup) => cleanups.push(cleanup);
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });
  return {
    after,
    async scene(server, rows, sql) {
      const made = await renameScene(server, rows, sql);
      after(made.end);
      return made;
    },
    async client(url, work) {
      const running = await startClient(url, work);
      let stopped: Promise<ClientReport> | null = null;
      const stop = () => (stopped ??= running.stop());
      after(() => stop().catch(() => undefined));
      return { stop };
    },
    async session(url) {
      const session = await connect(url);
      after(() => session.end().catch(() => undefined));
      return session;
    },
  };
}
