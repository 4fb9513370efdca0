import type { ZodType } from "zod";
import type { Variables, Zod } from "../engines/signal.js";
import { oneOrMore } from "../throttle/signals/one-or-more.js";
import {
  type Answer,
  get,
  headerProblem,
  nameOf,
  type Request,
  type RequestGiven,
  requestShape,
} from "../throttle/signals/request.js";
import { type FieldValue, fieldOf } from "./field.js";
import type { Gate } from "./gate.js";
import { onceARun } from "./once-a-run.js";
import { together, type Verdict } from "./together.js";

/** What a configuration says of a request. */
export interface HttpCheckGiven extends RequestGiven {
  /** A place in the answer's JSON, `analysis.status`; without, its status decides. */
  readonly field?: string | undefined;
  /** What stands there when the gate is open. Default `true`. */
  readonly is?: FieldValue | undefined;
}

/** The same, read. */
export interface HttpCheck extends Request {
  readonly field?: string | undefined;
  readonly is: FieldValue;
}

/** The parts of an answer that a check is about. */
export const fieldShape = (z: Zod) => ({
  field: z.string().min(1).optional(),
  is: z.union([z.string(), z.number(), z.boolean()]).default(true),
});

const one = (z: Zod) =>
  z.preprocess(
    (value) => (typeof value === "string" ? { url: value } : value),
    z.strictObject({ ...requestShape(z), ...fieldShape(z) }),
  );

/** How `gates.http` is read. */
export const httpSetting = (z: Zod): ZodType<readonly HttpCheck[]> =>
  oneOrMore<string | HttpCheckGiven, HttpCheck>(z, one(z));

const isSuccess = (status: number): boolean => status >= 200 && status < 300;

/** What an answer says; its body is not repeated, but for the value that was asked for. */
function judged({ field, is }: HttpCheck, name: string, answer: Answer): Verdict {
  if ("none" in answer) return { state: "unknown", reason: `${name} ${answer.none}`, evidence: { name, status: null } };
  const { status, body } = answer;
  const found = (state: Verdict["state"], reason: string, more = {}): Verdict => ({
    state,
    reason,
    evidence: { name, status, ...more },
  });
  if (status >= 300 && status < 400) return found("unknown", `${name} answers ${status}: redirects are not followed`);
  if (!isSuccess(status)) return found("closed", `${name} answers ${status}`);
  if (field === undefined) return found("open", `${name} answers ${status}`);
  const value = fieldOf(body, field);
  if (typeof value === "object" || value === undefined)
    return found("unknown", `${name} answers ${status}, and has no value at ${field}`, { field });
  const said = `${name} says ${field} is ${JSON.stringify(value).slice(0, 100)}`;
  return value === is ? found("open", said, { field, value }) : found("closed", said, { field, value });
}

/** Asks once. What keeps it from being asked is unknown, never an error. */
export async function askHttp(check: HttpCheck, env: Variables): Promise<Verdict> {
  const name = nameOf(check);
  const problem = headerProblem(check, { env, replicaUrls: [] });
  if (problem !== null) return { state: "unknown", reason: `${name}: ${problem}`, evidence: { name, status: null } };
  return judged(check, name, await get(check, "", env));
}

const ask = onceARun((checks: readonly HttpCheck[], env: Variables) =>
  Promise.all(checks.map((check) => askHttp(check, env))),
);

/** Something else says by HTTP that it is well: a status page, a canary's analysis, a deployment. */
export const http: Gate = {
  name: "http",
  async check({ settings: { http: checks = [], env } }) {
    if (checks.length === 0) return null;
    return together("http", await ask(checks, env));
  },
};
