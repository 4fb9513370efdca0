import { limitJudge } from "../../engines/limit.js";
import { stop } from "../../engines/reading.js";
import { defineSignal, type Reader, type Watch, type Zod } from "../../engines/signal.js";
import { oneOrMore } from "./one-or-more.js";
import { dataIn, numberOf, onlySeries } from "./prometheus-answer.js";
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

/** The one number of an answer, or why there is none. */
export function numberIn(status: number, body: string): number | string {
  const data = dataIn(status, body);
  if (typeof data === "string") return data;
  if (data.resultType === "scalar") return numberOf(data.result);
  if (data.resultType !== "vector" || !Array.isArray(data.result)) return "answers with what is no instant value";
  const series = onlySeries(data.result);
  return typeof series === "string" ? series : numberOf("value" in series ? series.value : null);
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
