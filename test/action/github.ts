import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** A request that the action made. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly authorization: string;
  readonly body: string | null;
}

export interface Comment {
  readonly id: number;
  readonly body: string;
  readonly user: { readonly type: string };
}

/** GitHub as far as the action talks to it: the comments of one pull request. */
export interface Github {
  readonly url: string;
  readonly asked: Asked[];
  readonly comments: Comment[];
  /** Statuses that the next requests get instead of an answer; 0 is an answer. */
  readonly refuse: number[];
  close(): Promise<void>;
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
}

/** Answers as api.github.com does for `/repos/O/R/issues/N/comments` and `/repos/O/R/issues/comments/ID`. */
export async function startGithub(): Promise<Github> {
  const [asked, comments, refuse]: [Asked[], Comment[], number[]] = [[], [], []];
  const answer = (method: string, url: URL, body: string | null): [number, unknown] => {
    if (method === "GET") {
      const size = Number(url.searchParams.get("per_page") ?? 30);
      const page = Number(url.searchParams.get("page") ?? 1);
      return [200, comments.slice((page - 1) * size, page * size)];
    }
    if (body !== null && body.length > 65_536) return [422, { message: "body is too long" }];
    const id = Number(/comments\/(\d+)$/.exec(url.pathname)?.[1] ?? comments.length + 1);
    const comment = { id, body: body ?? "", user: { type: "Bot" } };
    const at = comments.findIndex((c) => c.id === id);
    comments.splice(at === -1 ? comments.length : at, at === -1 ? 0 : 1, comment);
    return [method === "POST" ? 201 : 200, comment];
  };
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const text = await textOf(request);
    const body = text === "" ? null : (JSON.parse(text) as { body: string }).body;
    const method = request.method ?? "";
    asked.push({ method, path: url.pathname, authorization: request.headers.authorization ?? "", body });
    const refused = refuse.shift();
    const [status, data] =
      refused === undefined || refused === 0 ? answer(method, url, body) : [refused, { message: "no" }];
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(data));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    comments,
    refuse,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
