import { Worker } from "node:worker_threads";
import type { ClientKind, ClientWindow } from "./client.js";
import type { Written } from "./users.js";

/** What a client is started with; see `ClientState`. */
export interface ClientOptions {
  readonly url: string;
  readonly tag: ClientKind["tag"];
  readonly rows: number;
  readonly lanes: number;
  readonly everyMs: number;
  readonly readsAll: boolean;
}

/** What may be asked of the thread. */
export type ClientQuestion = "window" | "read-all" | "stop";

/** What a client leaves behind. */
export interface ClientResult {
  /** Since `window` was last asked. */
  readonly window: ClientWindow;
  readonly written: Written;
}

/** A running client. */
export interface DemoClient {
  /** What it did since the last time. */
  window(): Promise<ClientWindow>;
  /** From now on it reads rows that it did not write, too. */
  readAll(): void;
  /** Lets it finish its turn and ends it. */
  stop(): Promise<ClientResult>;
  /** Ends it at once. Harmless when it has ended. */
  terminate(): Promise<void>;
}

/**
 * Starts a client on a thread of its own; resolves when it is connected.
 *
 * @throws the error of its connection, or what ended the thread
 */
export async function startClient(options: ClientOptions): Promise<DemoClient> {
  const worker = new Worker(new URL("./client-worker.js", import.meta.url), { workerData: options });
  const client: DemoClient = Object.freeze({
    window: () => ask<ClientWindow>(worker, "window"),
    readAll: () => worker.postMessage("read-all" satisfies ClientQuestion),
    stop: () => ask<ClientResult>(worker, "stop"),
    terminate: async () => void (await worker.terminate()),
  });
  await reply(worker);
  return client;
}

function ask<T>(worker: Worker, question: ClientQuestion): Promise<T> {
  const answer = reply(worker);
  worker.postMessage(question);
  return answer as Promise<T>;
}

/** The next message; a thread that ends without one is an error, so that nobody waits forever. */
function reply(worker: Worker): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const ended = (code: number): void => reject(new Error(`a client ended early (${code})`));
    const settle = (finish: () => void): void => {
      worker.off("exit", ended);
      finish();
    };
    worker.once("message", (value: unknown) => settle(() => resolve(value)));
    worker.once("error", (error) => settle(() => reject(error)));
    worker.once("exit", ended);
  });
}
