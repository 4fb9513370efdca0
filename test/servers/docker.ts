import {
  GenericContainer,
  getContainerRuntimeClient,
  Network,
  type StartedNetwork,
  type StartedTestContainer,
} from "testcontainers";
import { freePort } from "../../src/demo/free-port.js";
import type { EngineName } from "../../src/engines/engine.js";
import { ALLOW_REPLICATION, PRIMARY_ALIAS, recipe } from "./docker-commands.js";
import { replicate } from "./mysql-replication.js";
import { localUrl, query, until } from "./sql.js";
import type { Control, RunningServer, ServerOptions } from "./types.js";

/** A server in a container. */
interface ContainerNode extends Control {
  readonly url: string;
  readonly container: StartedTestContainer;
}

/** The first start of an image fills its data folder. */
const READY_MS = 180_000;

/** Marks what belongs to one of our servers. */
const LABEL = "zmigrate.test-server";

/** Starts a server, and a replica in a second container, in a network of their own. The image must be there. */
export async function startContainers(name: EngineName, image: string, options: ServerOptions): Promise<RunningServer> {
  const network = await new Network().start();
  const nodes: ContainerNode[] = [];
  const stop = () => stopAll(network);
  try {
    const primary = await startContainer(name, image, "primary", network, nodes, options.settings);
    const replica = options.replica === true ? await startReplica(name, image, network, nodes, options.settings) : null;
    return Object.freeze({ name, url: primary.url, replicaUrl: replica?.url ?? null, primary, replica, stop });
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startReplica(
  name: EngineName,
  image: string,
  network: StartedNetwork,
  nodes: ContainerNode[],
  settings: readonly string[] = [],
): Promise<ContainerNode> {
  if (name !== "postgres") {
    const replica = await startContainer(name, image, "replica", network, nodes, settings);
    await replicate(name, replica.url, { host: PRIMARY_ALIAS, port: recipe(name, "primary", 0).port });
    return replica;
  }
  for (const primary of nodes) {
    const { exitCode, output } = await primary.container.exec([...ALLOW_REPLICATION]);
    if (exitCode !== 0) throw new Error(`the primary lets nobody replicate: ${output}`);
    await query(primary.url, "SELECT pg_reload_conf()");
  }
  return startContainer(name, image, "replica", network, nodes);
}

async function startContainer(
  name: EngineName,
  image: string,
  role: "primary" | "replica",
  network: StartedNetwork,
  nodes: ContainerNode[],
  settings: readonly string[] = [],
): Promise<ContainerNode> {
  // A port that Docker chooses is another one after a restart.
  const hostPort = await freePort();
  const { port, environment, command, entrypoint, user } = recipe(name, role, hostPort);
  const log: string[] = [];
  const container = new GenericContainer(image)
    .withLabels({ [LABEL]: network.getId() })
    .withLogConsumer((stream) => stream.on("data", (line: Buffer) => log.push(line.toString())))
    .withNetwork(network)
    .withNetworkAliases(role === "primary" ? PRIMARY_ALIAS : "replica")
    .withExposedPorts({ container: port, host: hostPort })
    .withEnvironment({ ...environment })
    .withStartupTimeout(READY_MS)
    .withCommand([...command, ...settings]);
  if (entrypoint !== null) container.withEntrypoint([...entrypoint]);
  if (user !== null) container.withUser(user);
  try {
    const node = await nodeOf(await container.start(), localUrl(name, hostPort));
    nodes.push(node);
    await until(`${name} in a container`, READY_MS, () => query(node.url, "SELECT 1"));
    return node;
  } catch (cause) {
    const tail = log.join("").trimEnd().split("\n").slice(-15).join("\n");
    throw new Error(`${image} did not start: ${String(cause)}\n${tail}`, { cause });
  }
}

async function nodeOf(container: StartedTestContainer, url: string): Promise<ContainerNode> {
  const handle = (await getContainerRuntimeClient()).container.getById(container.getId());
  const pidNow = async (): Promise<number | null> => {
    const { State } = await handle.inspect();
    return State.Running ? State.Pid : null;
  };
  let pid = await pidNow();
  return Object.freeze({
    url,
    container,
    pid: () => pid,
    async start() {
      if (pid === null) await handle.start();
      pid = await pidNow();
      await until("the server in its container", READY_MS, () => query(url, "SELECT 1"));
    },
    async stop() {
      if (pid !== null) await handle.stop({ t: 20 });
      pid = null;
    },
    async crash() {
      if (pid !== null) await handle.kill({ signal: "SIGKILL" });
      pid = null;
    },
  });
}

/** By label, because a container that fails to start is not handed to us. */
async function stopAll(network: StartedNetwork): Promise<void> {
  const { dockerode } = (await getContainerRuntimeClient()).container;
  const filters = { label: [`${LABEL}=${network.getId()}`] };
  const containers = await dockerode.listContainers({ all: true, filters });
  await Promise.all(containers.map(({ Id }) => dockerode.getContainer(Id).remove({ force: true, v: true })));
  await network.stop();
}
