import { z } from "zod";
import { MYSQL_SIGNALS } from "../engines/mysql/signals/index.js";
import { POSTGRES_SIGNALS } from "../engines/postgres/signals/index.js";
import type { SettingsOf, SignalKind, Variables } from "../engines/signal.js";
import { ZmigrateError } from "../errors.js";
import { problemsOf } from "../files/shape-problems.js";
import type { ThrottleSetting } from "../throttle/setting.js";
import { SIGNALS } from "../throttle/signals/index.js";

/** What a configuration may say under `throttle`: docs/backfill.md says what each signal is for. */
export type ThrottleConfig = SettingsOf<typeof SIGNALS> &
  SettingsOf<typeof POSTGRES_SIGNALS> &
  SettingsOf<typeof MYSQL_SIGNALS>;

/** Those of one name on several databases take the same setting. */
const KINDS: readonly SignalKind[] = [...SIGNALS, ...POSTGRES_SIGNALS, ...MYSQL_SIGNALS];

/** The setting, or `false`; what is wrong with it is said as the signal's own schema says it. */
const orFalse = (kind: SignalKind): z.ZodType =>
  z
    .unknown()
    .transform((given, context) => {
      if (given === false) return false;
      const { data, error } = kind.setting(z).safeParse(given);
      for (const issue of error?.issues ?? []) context.issues.push({ ...issue, input: undefined });
      return data;
    })
    .optional();

/** The variables that a text names, and no others: the rest of the environment is nobody's business. */
export function namedIn(given: unknown, env: Variables): Variables {
  const names = [...JSON.stringify(given).matchAll(/\$([A-Za-z_][A-Za-z0-9_]*)/g)].map(([, name = ""]) => name);
  return Object.fromEntries(names.filter((name) => env[name] !== undefined).map((name) => [name, env[name]]));
}

/**
 * Reads `throttle` of a configuration. Whether the database has such signals, and the environment the variables, is asked
 * when something is applied: other commands need neither.
 *
 * @throws ZmigrateError bad-config naming the key
 */
export function readThrottle(file: string, given: ThrottleConfig, env: Variables): ThrottleSetting {
  const signals = z.strictObject(Object.fromEntries(KINDS.map((kind) => [kind.name, orFalse(kind)])));
  const { data, error } = z.strictObject({ throttle: signals }).safeParse({ throttle: given });
  if (data === undefined) throw new ZmigrateError("bad-config", { file, reason: problemsOf(error) });
  return Object.freeze({ signals: Object.freeze(data.throttle), env: Object.freeze(namedIn(given, env)) });
}
