import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** What stands between a program and its server: a network that fails. */
export interface ProxyServer {
  /** The server's URL through it. */
  readonly url: string;
  /** Cuts every connection at once. */
  cut(): void;
  /** New connections are those of another server: a failover behind the same address. */
  turnTo(otherUrl: string): void;
  /** What the server answers from now on is lost; a moment later every connection is cut. */
  loseAnswers(): Promise<void>;
  /** Messages that clients have sent until now, of all connections. */
  sent(): number;
  /** Calls `act` once, with the message that clients send as the `nth` from now: it goes on only where `act` sends it. */
  at(nth: number, act: (send: () => void) => void): void;
  /** Calls `act` once, when the first message that `text` fits has been sent on. */
  behind(text: RegExp, act: () => void): void;
  close(): Promise<void>;
}

/** How long the server may go on with what it was told, milliseconds. */
const DEAF_MS = 100;

/** A proxy on a port of its own. */
export async function openProxy(serverUrl: string): Promise<ProxyServer> {
  let { hostname, port } = new URL(serverUrl);
  const pairs = new Set<readonly [Socket, Socket]>();
  let deaf = false;
  let sent = 0;
  let due: { readonly at: number; readonly act: (send: () => void) => void } | null = null;
  let awaited: { readonly text: RegExp; readonly act: () => void } | null = null;
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    // Else a message in two pieces waits 40 ms for the first one's acknowledgement.
    for (const socket of [client, upstream]) socket.setNoDelay();
    const pair = [client, upstream] as const;
    pairs.add(pair);
    client.on("data", (bytes) => {
      sent += 1;
      const send = () => void upstream.write(bytes);
      if (awaited?.text.test(bytes.toString("latin1"))) {
        const { act } = awaited;
        awaited = null;
        send();
        return act();
      }
      if (due?.at !== sent) return send();
      const { act } = due;
      due = null;
      act(send);
    });
    upstream.on("data", (bytes) => deaf || client.write(bytes));
    for (const socket of pair) {
      socket.on("error", () => undefined);
      socket.on("close", () => {
        pairs.delete(pair);
        for (const end of pair) end.destroy();
      });
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = new URL(serverUrl);
  [url.hostname, url.port] = ["127.0.0.1", String((server.address() as AddressInfo).port)];
  const cut = () => {
    for (const [client, upstream] of pairs) {
      client.resetAndDestroy();
      upstream.destroy();
    }
  };
  return {
    url: url.href,
    cut,
    turnTo(other) {
      ({ hostname, port } = new URL(other));
    },
    async loseAnswers() {
      deaf = true;
      await new Promise((resolve) => setTimeout(resolve, DEAF_MS));
      cut();
      deaf = false;
    },
    sent: () => sent,
    at(nth, act) {
      due = { at: sent + nth, act };
    },
    behind(text, act) {
      awaited = { text, act };
    },
    async close() {
      cut();
      server.close();
    },
  };
}
