import type { Surroundings, Variables, Zod } from "../../engines/signal.js";
import { age } from "../../engines/signal-settings.js";

/** What every request may be told in a configuration. */
export interface RequestGiven {
  readonly url: string;
  /** Headers, with secrets as variables of the environment: `{ "Authorization": "Bearer $PROMETHEUS_TOKEN" }`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Default `2s`. */
  readonly timeout?: string | undefined;
  /** For messages; the host without. */
  readonly name?: string | undefined;
}

/** The same, read. */
export interface Request {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeout: number;
  readonly name?: string | undefined;
}

const VARIABLE = /\$([A-Za-z_][A-Za-z0-9_]*)/g;

const isHttp = (url: string): boolean => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);

const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** The parts of a strict object; values are never repeated in what is wrong with them. */
export const requestShape = (z: Zod) => ({
  url: z.string().refine(isHttp, "is not a URL of http:// or https://"),
  headers: z
    .record(
      z.string().regex(HEADER_NAME, "is not a header's name"),
      z
        .string()
        .regex(/\$[A-Za-z_]/, "names no variable of the environment ($NAME): a secret does not belong into a file"),
    )
    .default({}),
  timeout: age(z).prefault("2s"),
  name: z.string().min(1).optional(),
});

/** A variable that is not there, or cannot stand in a header; null where all are right. */
export function headerProblem({ headers }: Request, { env }: Surroundings): string | null {
  const names = Object.values(headers).flatMap((text) => [...text.matchAll(VARIABLE)].map(([, name = ""]) => name));
  const missing = names.find((name) => (env[name] ?? "") === "");
  if (missing !== undefined) return `its headers name ${missing}, and the environment has no such variable`;
  const unfit = names.find((name) => !/^[\x20-\x7e]*$/.test(env[name] ?? ""));
  return unfit === undefined
    ? null
    : `the environment's ${unfit} cannot stand in a header: it has a line end or other letters`;
}

/** For messages: of the address the host alone, since a path and a query may be secret. */
export const nameOf = ({ name, url }: Request): string => name ?? new URL(url).host;

const filled = (text: string, env: Variables): string => text.replace(VARIABLE, (_, name: string) => env[name] ?? "");

function headersOf({ headers }: Request, { username, password }: URL, env: Variables): Record<string, string> {
  const given = Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, filled(text, env)]));
  if (username === "" && password === "") return given;
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(pair).toString("base64")}`, ...given };
}

/** What came of a request: an answer, or why there is none. Of an error's own words nothing is repeated. */
export type Answer = { readonly status: number; readonly body: string } | { readonly none: string };

function whyNone(error: unknown, timeoutMs: number): string {
  if (error instanceof Error && error.name === "TimeoutError") return `gives no answer within ${timeoutMs / 1_000} s`;
  const cause: unknown = error instanceof Error ? error.cause : undefined;
  const code = typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : "no reason given";
  return `cannot be asked (${code})`;
}

/** Longer answers are none: they are held in memory, and the slowest of those that end in time may be any length. */
const MOST_BYTES = 4_000_000;

/** Null for one that is longer than that. */
async function bodyOf(response: Response): Promise<string | null> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.length;
    if (bytes > MOST_BYTES) return null;
    parts.push(part);
  }
  return new TextDecoder().decode(Buffer.concat(parts));
}

/** GET, without following a redirect: it may lead to where the headers are nobody's business. Never throws. */
export async function get(request: Request, path: string, env: Variables): Promise<Answer> {
  try {
    const url = new URL(request.url);
    const headers = headersOf(request, url, env);
    [url.username, url.password] = ["", ""];
    if (path !== "") {
      const [below = "", query = ""] = path.split("?");
      url.pathname = `${url.pathname.replace(/\/$/, "")}${below}`;
      url.search = query;
    }
    const signal = AbortSignal.timeout(request.timeout);
    const response = await fetch(url, { headers, redirect: "manual", signal });
    const body = await bodyOf(response);
    return body === null
      ? { none: `answers with more than ${MOST_BYTES / 1e6} MB` }
      : { status: response.status, body };
  } catch (error) {
    return { none: whyNone(error, request.timeout) };
  }
}
