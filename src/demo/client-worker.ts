import { parentPort, workerData } from "node:worker_threads";
import { CLIENTS, newClient, runLane, takeWindow } from "./client.js";
import type { ClientOptions, ClientQuestion } from "./client-handle.js";
import { connect } from "./database.js";

/** A client on a thread of its own: the demo's work must not count as the database's slowness. */
async function main(options: ClientOptions): Promise<void> {
  const state = newClient({ ...options, kind: CLIENTS[options.tag] });
  const open = Array.from({ length: options.lanes }, () => connect(options.url, `app ${options.tag} code`));
  const connections = await Promise.all(open);
  const lanes = connections.map((db, lane) => runLane(state, lane, db));
  parentPort?.on("message", (question: ClientQuestion) => {
    if (question === "window") parentPort?.postMessage(takeWindow(state));
    if (question === "read-all") state.readsAll = true;
    if (question === "stop") void stop();
  });
  parentPort?.postMessage("started");

  async function stop(): Promise<void> {
    state.going = false;
    await Promise.all(lanes);
    await Promise.all(connections.map((db) => db.close()));
    parentPort?.postMessage({ window: takeWindow(state), written: state.written });
    parentPort?.close();
  }
}

await main(workerData as ClientOptions);
