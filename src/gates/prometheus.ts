import type { ZodType } from "zod";
import type { Variables, Zod } from "../engines/signal.js";
import { age } from "../engines/signal-settings.js";
import { oneOrMore } from "../throttle/signals/one-or-more.js";
import { dataIn, momentOf, numberOf, onlySeries } from "../throttle/signals/prometheus-answer.js";
import {
  get,
  headerProblem,
  nameOf,
  type Request,
  type RequestGiven,
  requestShape,
} from "../throttle/signals/request.js";
import type { Gate } from "./gate.js";
import { onceARun } from "./once-a-run.js";
import { human } from "./soak.js";
import { together, type Verdict } from "./together.js";

/** What a configuration says of a canary check: `url` is the server's, without `/api/v1`. */
export interface CanaryGiven extends RequestGiven {
  readonly query: string;
  /** No moment of the window may be above it. */
  readonly max?: number | undefined;
  /** Another query: the mean of `query` is held to `ratio` times its mean over the same window. */
  readonly baseline?: string | undefined;
  /** Default 1.2. */
  readonly ratio?: number | undefined;
  /** Default `10m`. */
  readonly window?: string | undefined;
}

/** The same, read. */
export interface Canary extends Request {
  readonly query: string;
  readonly max?: number | undefined;
  readonly baseline?: string | undefined;
  readonly ratio: number;
  /** Milliseconds. */
  readonly window: number;
}

const one = (z: Zod) =>
  z
    .strictObject({
      ...requestShape(z),
      query: z.string().min(1),
      max: z.number().optional(),
      baseline: z.string().min(1).optional(),
      ratio: z.number().positive().default(1.2),
      window: age(z).prefault("10m"),
    })
    .refine(({ max, baseline }) => max !== undefined || baseline !== undefined, "has neither max nor baseline")
    .refine(({ window }) => window >= 60_000, "has a window of less than 1m");

/** How `gates.prometheus` is read. */
export const prometheusSetting = (z: Zod): ZodType<readonly Canary[]> => oneOrMore<CanaryGiven, Canary>(z, one(z));

/** The least time between two moments of a window, seconds: as often as servers are asked by default. */
const STEP_S = 15;
/** How many moments of a window are looked at, at most. */
const MOMENTS = 60;
/** The share of a window's moments that must have a number. */
const ENOUGH = 0.8;

/** The moments of a window in the API's words, seconds. */
interface Range {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

/** A window, and how many moments it has. */
function windowOf(windowMs: number, now: Date): { readonly range: Range; readonly moments: number } {
  const step = Math.max(STEP_S, Math.ceil(windowMs / 1_000 / MOMENTS));
  const end = Math.floor(now.getTime() / 1_000);
  const moments = Math.floor(windowMs / 1_000 / step) + 1;
  return { range: { start: end - (moments - 1) * step, end, step }, moments };
}

/** Numbers of a window. */
interface Numbers {
  readonly values: readonly number[];
  /** For how many of its moments there is one. */
  readonly moments: number;
}

/** The numbers of a range query that are of its window, or why there are none: a cache may answer with those of another one. */
function numbersIn(status: number, body: string, { start, end, step }: Range): Numbers | string {
  const data = dataIn(status, body);
  if (typeof data === "string") return data;
  if (data.resultType !== "matrix" || !Array.isArray(data.result)) return "answers with what is no range";
  const series = onlySeries(data.result);
  if (typeof series === "string") return series;
  const pairs = "values" in series && Array.isArray(series.values) ? series.values : [];
  // One in front of a Prometheus may put the moments to multiples of the step.
  const within = pairs
    .map((pair) => ({ value: numberOf(pair), moment: Math.round((momentOf(pair) - start) / step) }))
    .filter(({ value, moment }) => !Number.isNaN(value) && moment >= 0 && moment <= (end - start) / step);
  return { values: within.map(({ value }) => value), moments: new Set(within.map(({ moment }) => moment)).size };
}

async function numbersOf(check: Canary, query: string, env: Variables, now: Date): Promise<readonly number[] | string> {
  const { moments, range } = windowOf(check.window, now);
  const words = new URLSearchParams({ query });
  for (const [name, value] of Object.entries(range)) words.set(name, String(value));
  const answer = await get(check, `/api/v1/query_range?${words}`, env);
  if ("none" in answer) return answer.none;
  const numbers = numbersIn(answer.status, answer.body, range);
  if (typeof numbers === "string") return numbers;
  if (numbers.moments >= moments * ENOUGH) return numbers.values;
  return `has a number for ${numbers.moments} of ${moments} moments of the last ${human(check.window)}`;
}

const mean = (numbers: readonly number[]): number => numbers.reduce((sum, n) => sum + n, 0) / numbers.length;
const round = (number: number): number => Number(number.toPrecision(4));

/** What is measured, as it is called in messages. */
const calledBy = ({ name, query }: Canary): string => name ?? `\`${query}\``;

function ofMax(check: Canary, max: number, numbers: readonly number[]): Verdict {
  const worst = round(Math.max(...numbers));
  const reason = `${calledBy(check)} was at most ${worst} in the last ${human(check.window)} (limit ${max})`;
  const evidence = { name: calledBy(check), windowMs: check.window, worst, max };
  return { state: Math.max(...numbers) <= max ? "open" : "closed", reason, evidence };
}

function ofBaseline(check: Canary, numbers: readonly number[], baseline: readonly number[]): Verdict {
  const { ratio, window } = check;
  const [value, against] = [mean(numbers), mean(baseline)];
  const words = `was ${round(value)} on average in the last ${human(window)}, and its baseline ${round(against)}`;
  const evidence = { name: calledBy(check), windowMs: window, mean: round(value), baseline: round(against), ratio };
  const reason = `${calledBy(check)} ${words} (limit ${ratio} times that)`;
  return { state: value <= ratio * against ? "open" : "closed", reason, evidence };
}

/** Where a number is missing, nothing is known. */
async function judge(check: Canary, env: Variables, now: Date): Promise<Verdict[]> {
  const unknown = (why: string): Verdict[] => [
    { state: "unknown", reason: `${calledBy(check)}: ${why}`, evidence: { name: calledBy(check) } },
  ];
  const problem = headerProblem(check, { env, replicaUrls: [] });
  if (problem !== null) return unknown(problem);
  const server = nameOf({ ...check, name: undefined });
  const numbers = await numbersOf(check, check.query, env, now);
  if (typeof numbers === "string") return unknown(`${server} ${numbers}`);
  const verdicts = check.max === undefined ? [] : [ofMax(check, check.max, numbers)];
  if (check.baseline === undefined) return verdicts;
  const baseline = await numbersOf(check, check.baseline, env, now);
  if (typeof baseline === "string") return [...verdicts, ...unknown(`${server} ${baseline} of the baseline`)];
  return [...verdicts, ofBaseline(check, numbers, baseline)];
}

const ask = onceARun(async (checks: readonly Canary[], env: Variables) => {
  const now = new Date();
  return (await Promise.all(checks.map((check) => judge(check, env, now)))).flat();
});

/** A canary check: error rate, latency, whatever a Prometheus has, over a window that ends now. */
export const prometheus: Gate = {
  name: "prometheus",
  async check({ settings: { prometheus: checks = [], env } }) {
    if (checks.length === 0) return null;
    return together("prometheus", await ask(checks, env));
  },
};
