import { ZmigrateError } from "../errors.js";
import type { Config } from "./define.js";

/** The flags that name a setting, as commander hands them over: `--max-lag 5s` is `maxLag: "5s"`. */
export interface SettingsFlags {
  readonly config?: string | undefined;
  readonly engine?: string | undefined;
  readonly migrations?: string | undefined;
  readonly databaseUrl?: string | undefined;
  /** Repeatable. */
  readonly replicaUrl?: readonly string[] | undefined;
  readonly shadowUrl?: string | undefined;
  /** Repeatable. */
  readonly queries?: readonly string[] | undefined;
  readonly serverVersion?: string | undefined;
  readonly release?: string | undefined;
  readonly maxLag?: string | undefined;
  readonly lockTimeout?: string | undefined;
  readonly lockWait?: string | undefined;
  readonly batchTarget?: string | undefined;
  readonly workers?: string | undefined;
  readonly maxBadRows?: string | undefined;
  readonly maxRate?: string | undefined;
  readonly metricsPort?: string | undefined;
  readonly park?: string | undefined;
  readonly soak?: string | undefined;
  readonly maxMismatches?: string | undefined;
  readonly execOrder?: string | undefined;
  /** An environment of the configuration. */
  readonly env?: string | undefined;
  /** Databases of it, by name; repeatable. */
  readonly only?: readonly string[] | undefined;
}

export type Environment = Readonly<Record<string, string | undefined>>;

type TextSetting = Exclude<keyof SettingsFlags, "config" | "replicaUrl" | "queries" | "env" | "only">;

/** A text and where it was found, for messages: `--max-lag`, `ZMIGRATE_MAX_LAG`. */
export interface Given {
  readonly text: string;
  readonly origin: string;
}

/** What was given for a setting; null where nothing was. */
export type Lookup = (name: TextSetting) => Given | null;

/**
 * A flag goes before the environment, and that before the configuration. The default is not in here: whether a text was
 * given decides about paths and the engine.
 */
export function lookupIn(flags: SettingsFlags, env: Environment, config: Config): Lookup {
  return (name) => {
    const flag = flags[name];
    if (flag !== undefined) return { text: flag, origin: `--${dashed(name)}` };
    const variables = name === "databaseUrl" ? ["ZMIGRATE_DATABASE_URL", "DATABASE_URL"] : [variableOf(name)];
    for (const variable of variables) {
      const value = nonEmpty(env[variable]);
      if (value !== null) return { text: value, origin: variable };
    }
    const value = config[name];
    return value === undefined ? null : { text: String(value), origin: `"${name}" in the configuration` };
  };
}

/** What is wrong with a text, and where it stands. */
export const usage = (given: Given, what: string): ZmigrateError =>
  new ZmigrateError("usage", { reason: `${given.origin}: "${given.text}" ${what}.` });

/** An empty variable counts as unset. */
export const nonEmpty = (text: string | undefined): string | null => (text === undefined || text === "" ? null : text);

const dashed = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const variableOf = (name: string): string => `ZMIGRATE_${dashed(name).toUpperCase().replaceAll("-", "_")}`;
