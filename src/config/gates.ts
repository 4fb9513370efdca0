import { z } from "zod";
import type { Variables } from "../engines/signal.js";
import { ZmigrateError } from "../errors.js";
import { problemsOf } from "../files/shape-problems.js";
import { codeSetting } from "../gates/code.js";
import { type CommandGiven, commandSetting } from "../gates/command.js";
import { connectedSetting } from "../gates/connected.js";
import { environmentsSetting } from "../gates/environments.js";
import { type FlagsGiven, flagSetting } from "../gates/flag.js";
import { type HttpCheckGiven, httpSetting } from "../gates/http.js";
import { type CanaryGiven, prometheusSetting } from "../gates/prometheus.js";
import type { GateSettings } from "../gates/setting.js";
import { databasesIn, type Environments } from "./environments.js";
import { namedIn } from "./throttle.js";

type OneOrMore<T> = T | readonly T[];

/** What a configuration may say under `gates`: docs/gates.md says what each is for. */
export interface GatesConfig {
  /** Requests that are answered with 2xx, or with a field that is as it should be. */
  readonly http?: OneOrMore<string | HttpCheckGiven> | undefined;
  /** Canary checks over a window: below a limit, or not worse than a baseline. */
  readonly prometheus?: OneOrMore<CanaryGiven> | undefined;
  /** What sessions of the application call themselves, `shop-{release}`: none of an earlier release may be connected. */
  readonly connected?: OneOrMore<string> | undefined;
  /** Source files, as globs, in which what goes must not be named. */
  readonly code?: OneOrMore<string> | undefined;
  /** Environments in all of whose databases the migration must be expanded. */
  readonly environments?: OneOrMore<string> | undefined;
  /** Programs that end with 0. */
  readonly command?: OneOrMore<CommandGiven> | undefined;
  /** Where the flags are that files name: `-- zmigrate:gate flag=new-email`. */
  readonly flag?: FlagsGiven | undefined;
}

const shape = z.strictObject({
  http: httpSetting(z).optional(),
  prometheus: prometheusSetting(z).optional(),
  connected: connectedSetting(z).optional(),
  code: codeSetting(z).optional(),
  environments: environmentsSetting(z).optional(),
  command: commandSetting(z).optional(),
  flag: flagSetting(z).optional(),
});

/**
 * Reads `gates` of a configuration. Whether the environment has the variables is asked with the gates.
 *
 * @param environments those of the configuration, which a gate may name
 * @throws ZmigrateError bad-config naming the key
 */
export function readGates(
  file: string,
  given: GatesConfig,
  env: Variables,
  environments: Environments = {},
): GateSettings {
  const { data, error } = z.strictObject({ gates: shape }).safeParse({ gates: given });
  if (data === undefined) throw new ZmigrateError("bad-config", { file, reason: problemsOf(error) });
  const { environments: names, ...gates } = data.gates;
  return Object.freeze({
    ...gates,
    ...(names === undefined ? {} : { environments: databasesIn(names, { file, environments, env }) }),
    env: Object.freeze(namedIn(given, env)),
  });
}
