import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { Client } from "pg";

/** A connection to the server, signed in, of which only the bytes are used. */
interface Upstream {
  readonly socket: Socket;
  readonly client: Client;
  /** What is handed on from the server, while a client has it. */
  taker: ((message: Buffer) => void) | null;
}

/** A message of the protocol: a letter, and a length that counts itself. */
function message(type: string, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

/** Calls back for each whole message. */
function framed(take: (message: Buffer) => void): (chunk: Buffer) => void {
  let rest = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 5 && rest.length > rest.readUInt32BE(1)) {
      const end = rest.readUInt32BE(1) + 1;
      take(rest.subarray(0, end));
      rest = rest.subarray(end);
    }
  };
}

async function upstream(url: string): Promise<Upstream> {
  const client = new Client(url);
  client.on("error", () => undefined);
  await client.connect();
  const { stream: socket } = (client as unknown as { connection: { stream: Socket } }).connection;
  socket.removeAllListeners("data");
  const made: Upstream = { socket, client, taker: null };
  socket.on(
    "data",
    framed((m) => made.taker?.(m)),
  );
  return made;
}

const GREETING = Buffer.concat([
  message("R", Buffer.alloc(4)),
  message("S", Buffer.from("client_encoding\0UTF8\0")),
  message("Z", Buffer.from("I")),
]);

/** Gives a client the connection that `choose` takes for each transaction, and takes it back at its end. */
function serve(client: Socket, choose: () => Upstream): void {
  let held: Upstream | null = null;
  const forward = framed((m) => {
    if (m[0] === "X".charCodeAt(0)) return void client.end();
    held ??= choose();
    const own = held;
    own.taker = (answer) => {
      client.write(answer);
      if (answer[0] !== "Z".charCodeAt(0) || answer[5] !== "I".charCodeAt(0)) return;
      own.taker = null;
      held = null;
    };
    own.socket.write(m);
  });
  client.on("error", () => undefined);
  client.once("data", () => {
    client.write(GREETING);
    client.on("data", forward);
  });
}

/**
 * A pooler in front of a PostgreSQL server, which gives each transaction another connection: the one that waits for the
 * longest, or, as in an idle pool, the one that was used last.
 */
export async function startPooler(url: string, order: "longest" | "last") {
  const pool = await Promise.all([1, 2, 3, 4].map(() => upstream(url)));
  const choose = (): Upstream => {
    const free = pool.findIndex((u) => u.taker === null);
    const [chosen] = pool.splice(free, 1);
    if (free < 0 || chosen === undefined) throw new Error("the pool is too small");
    if (order === "longest") pool.push(chosen);
    else pool.unshift(chosen);
    return chosen;
  };
  const server = createServer((client) => serve(client, choose)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const at = new URL(url);
  at.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: at.href,
    async stop() {
      server.close();
      for (const { socket } of pool) socket.destroy();
    },
  };
}
