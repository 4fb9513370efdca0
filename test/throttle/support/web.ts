import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A server on this machine that answers as it is told to. */
export interface Web {
  readonly url: string;
  /** `GET /path?query`, with the headers. */
  readonly asked: { readonly line: string; readonly headers: IncomingMessage["headers"] }[];
  answers(how: (response: ServerResponse) => void): void;
  stop(): Promise<void>;
}

export async function startWeb(): Promise<Web> {
  let answer = (response: ServerResponse): void => void response.writeHead(200).end();
  const asked: Web["asked"] = [];
  const server = createServer((request, response) => {
    asked.push({ line: `${request.method} ${request.url}`, headers: request.headers });
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    answers(how) {
      answer = how;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
