import { limitJudge } from "../../engines/limit.js";
import { stop } from "../../engines/reading.js";
import { defineSignal, type Reader, type Watch, type Zod } from "../../engines/signal.js";
import { oneOrMore } from "./one-or-more.js";
import { get, headerProblem, nameOf, type Request, type RequestGiven, requestShape } from "./request.js";

/** What a configuration says of a query: `url` is the server's, without `/api/v1/query`. */
export interface PrometheusGiven extends RequestGiven {
  readonly query: string;
  /** Stops above it. */
  readonly max: number;
}

interface Setting extends Request {
  readonly query: string;
  readonly max: number;
}

const one = (z: Zod) => z.strictObject({ ...requestShape(z), query: z.string().min(1), max: z.number() });

/** As the HTTP API has it; all of it may be missing in what another server says. */
interface Told {
  readonly status?: string;
  readonly error?: string;
  readonly data?: { readonly resultType?: string; readonly result?: unknown };
}

function parse(body: string): Told {
  try {
    const told: unknown = JSON.parse(body);
    return typeof told === "object" && told !== null ? told : {};
  } catch {
    return {};
  }
}

const numberOf = (pair: unknown): number =>
  Array.isArray(pair) && typeof pair[1] === "string" ? Number(pair[1]) : Number.NaN;

/** The one number of an answer, or why there is none. */
export function numberIn(status: number, body: string): number | string {
  const { status: told, error, data } = parse(body);
  if (told === "error" && error !== undefined) return `refuses the query: ${error}`;
  if (status !== 200 || told !== "success") return `answers ${status}, and not as Prometheus does`;
  if (data?.resultType === "scalar") return numberOf(data.result);
  if (data?.resultType !== "vector" || !Array.isArray(data.result)) return "answers with what is no instant value";
  const [series, ...others] = data.result as readonly { readonly value?: unknown }[];
  if (series === undefined) return "has no data for the query";
  if (others.length > 0) return `has ${others.length + 1} series for the query: aggregate them, as with max(...)`;
  return numberOf(series.value);
}

function reader(setting: Setting, { env }: Watch): Reader {
  const { query, max } = setting;
  const name = nameOf(setting);
  const judge = limitJudge(max);
  const path = `/api/v1/query?${new URLSearchParams({ query })}`;
  return {
    async read() {
      const answer = await get(setting, path, env);
      if ("none" in answer) return stop(`${name} ${answer.none}`);
      const value = numberIn(answer.status, answer.body);
      if (typeof value === "string") return stop(`${name} ${value}`);
      if (Number.isNaN(value)) return stop(`${name} has no number for the query`);
      return judge(value, `${setting.name ?? `\`${query}\``} is ${value} (limit ${max})`);
    },
  };
}

/** An instant query of a Prometheus: above `max`, without data, with several series or an error it stops. */
export const prometheus = defineSignal({
  name: "prometheus",
  setting: (z) => oneOrMore<PrometheusGiven, Setting>(z, one(z)),
  everyMs: 1_000,
  problem: (settings, around) => settings.map((s) => headerProblem(s, around)).find((p) => p !== null) ?? null,
  open: (settings, watch) => settings.map((setting) => reader(setting, watch)),
});
