import { urlProblem } from "../engines/url.js";
import { ZmigrateError } from "../errors.js";
import { nearest } from "../files/similar.js";
import type { Config } from "./define.js";
import { engineOfUrl, family } from "./engine.js";
import type { Environment } from "./given.js";
import type { LoadedConfig } from "./load.js";

/** A database of several. */
export interface DatabaseConfig {
  readonly databaseUrl: string;
  readonly replicaUrls?: readonly string[] | undefined;
}

/** What a configuration says of one environment: settings that go before those beside `environments`, and its database or databases. */
export interface EnvironmentConfig
  extends Pick<
    Config,
    | "databaseUrl"
    | "replicaUrls"
    | "ignoreReplicas"
    | "shadowUrl"
    | "serverVersion"
    | "maxLag"
    | "lockTimeout"
    | "lockWait"
    | "batchTarget"
    | "workers"
    | "maxBadRows"
    | "maxRate"
    | "park"
    | "soak"
    | "maxMismatches"
    | "throttle"
    | "gates"
  > {
  /** URLs by name: tenants, shards, regions. A text `$NAME` is that variable of the environment. */
  readonly databases?: Readonly<Record<string, string | DatabaseConfig>> | undefined;
  /** Which of them go first: a wave begins when all of the one before it are done. The rest is the last wave. */
  readonly waves?: readonly (readonly string[])[] | undefined;
  /** How many of a wave are worked on at once. Default 4. */
  readonly parallel?: number | undefined;
}

/** By name. */
export type Environments = Readonly<Record<string, EnvironmentConfig>>;

/** A database with its name. */
export interface FleetDatabase {
  readonly name: string;
  readonly databaseUrl: string;
  readonly replicaUrls: readonly string[];
}

/** Several databases that one command is run on. */
export interface Fleet {
  readonly environment: string;
  readonly waves: readonly (readonly FleetDatabase[])[];
  readonly parallel: number;
  /** All databases of the environment, also those that are not meant. */
  readonly all: readonly Elsewhere[];
}

/** One database of several whose code is rolled out together. */
export interface InFleet {
  readonly name: string;
  /** All of the environment, this one among them; the same object for all of a run. */
  readonly all: readonly Elsewhere[];
}

/** A configuration with an environment's settings in the place of the general ones. */
export interface Chosen {
  readonly environment: string;
  readonly loaded: LoadedConfig;
  /** Null where it is one database: the configuration has its URL then. */
  readonly fleet: Fleet | null;
  /** Where one database is meant of an environment that has several; null elsewhere. */
  readonly inFleet: InFleet | null;
}

const PARALLEL = 4;

/**
 * The configuration of an environment.
 *
 * @param only names of its databases; none for all of them
 * @throws ZmigrateError usage: there is none of that name, it has no database, or a variable that it names is not set;
 * bad-config; bad-database-url
 */
export function chooseEnvironment(
  loaded: LoadedConfig | null,
  environment: string,
  only: readonly string[],
  env: Environment,
): Chosen {
  const { environments = {} } = loaded?.config ?? {};
  const given = Object.hasOwn(environments, environment) ? environments[environment] : undefined;
  if (loaded === null || given === undefined) throw unknownName("environment", environment, Object.keys(environments));
  const { databases, waves = [], parallel = PARALLEL, shadowUrl, ...settings } = given;
  const shadow =
    shadowUrl === undefined ? {} : { shadowUrl: urlOf(shadowUrl, "shadow", `the environment ${environment}`, env) };
  const config = { ...loaded.config, ...withoutUndefined(settings), ...shadow };
  if (databases === undefined) return single(loaded, environment, only, given, config, env);
  if (given.databaseUrl !== undefined || given.replicaUrls !== undefined)
    throw badConfig(loaded, environment, "has both `databases` and a database of its own");
  const named = Object.entries(databases).map(([name, one]) => databaseOf(name, one));
  const unknownWave = waves.flat().find((name) => !Object.hasOwn(databases, name));
  if (unknownWave !== undefined)
    throw badConfig(loaded, environment, `has no database "${unknownWave}", which stands in its waves`);
  const twice = waves.flat().find((name, at, all) => all.indexOf(name) !== at);
  if (twice !== undefined) throw badConfig(loaded, environment, `has the database "${twice}" twice in its waves`);
  const unknownOnly = only.find((name) => !Object.hasOwn(databases, name));
  if (unknownOnly !== undefined) throw unknownName(`database of ${environment}`, unknownOnly, Object.keys(databases));
  const wanted = named.filter(({ name }) => only.length === 0 || only.includes(name));
  const resolved = wanted.map((one) => withUrls(one, environment, env));
  const [first, second] = resolved;
  if (first === undefined) throw badConfig(loaded, environment, "has no database");
  const families = new Set(resolved.map(({ databaseUrl }) => family(engineOfUrl(databaseUrl) ?? "postgres")));
  if (families.size > 1)
    throw badConfig(
      loaded,
      environment,
      "has databases of PostgreSQL and of MySQL: give each an environment of its own",
    );
  const { name: _, ...urls } = first;
  const at = { ...loaded, config: { ...config, ...urls } };
  const all = named.map((one) => elsewhere(one.name, one, environment, env));
  const inFleet = all.length > 1 ? { name: first.name, all } : null;
  if (second === undefined) return { environment, loaded: at, fleet: null, inFleet };
  return {
    environment,
    loaded: at,
    fleet: { environment, waves: inWaves(resolved, waves), parallel, all },
    inFleet: null,
  };
}

/** An environment of one database. */
function single(
  loaded: LoadedConfig,
  environment: string,
  only: readonly string[],
  { databaseUrl, replicaUrls = [] }: EnvironmentConfig,
  config: Config,
  env: Environment,
): Chosen {
  if (databaseUrl === undefined) throw badConfig(loaded, environment, "has no database");
  if (only.length > 0) throw unknownName(`database of ${environment}`, only[0] ?? "", []);
  const { name: _, ...urls } = withUrls({ name: null, databaseUrl, replicaUrls }, environment, env);
  return { environment, loaded: { ...loaded, config: { ...config, ...urls } }, fleet: null, inFleet: null };
}

function databaseOf(name: string, one: string | DatabaseConfig): FleetDatabase {
  const { databaseUrl, replicaUrls = [] } = typeof one === "string" ? { databaseUrl: one } : one;
  return { name, databaseUrl, replicaUrls };
}

/** `$NAME` is a variable, so that no password stands in the file; only those of the databases that are meant must be set. */
function withUrls<
  D extends { readonly name: string | null; readonly databaseUrl: string; readonly replicaUrls: readonly string[] },
>(one: D, environment: string, env: Environment): D {
  const origin =
    one.name === null || one.name === environment
      ? `the environment ${environment}`
      : `${one.name} of the environment ${environment}`;
  const replicaUrls = one.replicaUrls.map((url) => urlOf(url, "replica", origin, env));
  return { ...one, databaseUrl: urlOf(one.databaseUrl, "database", origin, env), replicaUrls };
}

/** @throws ZmigrateError usage, bad-database-url */
function urlOf(text: string, what: "database" | "replica" | "shadow", origin: string, env: Environment): string {
  const [, variable] = /^\$([A-Za-z_][A-Za-z0-9_]*)$/.exec(text) ?? [];
  const url = variable === undefined ? text : (env[variable] ?? "");
  if (variable !== undefined && url === "")
    throw new ZmigrateError("usage", { reason: `${origin}: the variable ${variable} is not set.` });
  const unknown = engineOfUrl(url) === null ? "its scheme is not postgres://, mysql:// or mariadb://" : null;
  const reason = urlProblem(url) ?? unknown;
  if (reason !== null) throw new ZmigrateError("bad-database-url", { reason, origin, what });
  return url;
}

/** A database that is not the one which is worked on, for who asks how it stands. */
export interface Elsewhere {
  /** Of another environment `production/eu`, or the environment's name where it has one database. */
  readonly name: string;
  /** Null where it cannot be had: `problem` says why. */
  readonly databaseUrl: string | null;
  readonly problem: string;
}

/**
 * The databases of environments.
 *
 * @throws ZmigrateError bad-config: there is no such environment, or it has no database
 */
export function databasesIn(
  names: readonly string[],
  { file, environments, env }: { file: string; environments: Environments; env: Environment },
): readonly Elsewhere[] {
  return names.flatMap((environment) => {
    const given = Object.hasOwn(environments, environment) ? environments[environment] : undefined;
    const { databases, databaseUrl } = given ?? {};
    if (databases !== undefined)
      return Object.entries(databases).map(([name, one]) =>
        elsewhere(`${environment}/${name}`, databaseOf(name, one), environment, env),
      );
    if (databaseUrl === undefined) throw badConfig({ file }, environment, "that a gate names has no database");
    return [elsewhere(environment, { name: environment, databaseUrl, replicaUrls: [] }, environment, env)];
  });
}

function elsewhere(name: string, one: FleetDatabase, environment: string, env: Environment): Elsewhere {
  try {
    const found = withUrls({ ...one, replicaUrls: [] }, environment, env);
    return { name, databaseUrl: found.databaseUrl, problem: "" };
  } catch (error) {
    if (!(error instanceof ZmigrateError)) throw error;
    return { name, databaseUrl: null, problem: error.message };
  }
}

/** The waves that were named, of those that are meant, and behind them the rest. */
function inWaves(
  databases: readonly FleetDatabase[],
  waves: readonly (readonly string[])[],
): readonly (readonly FleetDatabase[])[] {
  const named = waves.map((wave) => databases.filter(({ name }) => wave.includes(name)));
  const rest = databases.filter(({ name }) => !waves.flat().includes(name));
  return [...named, rest].filter((wave) => wave.length > 0);
}

const withoutUndefined = <T extends object>(given: T): T =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as T;

function unknownName(what: string, name: string, known: readonly string[]): ZmigrateError {
  const meant = nearest(name, known);
  const help =
    known.length === 0
      ? "The configuration names none: `environments` in zmigrate.config, docs/fleets.md."
      : `${meant === null ? "" : `Did you mean "${meant}"? `}There are ${known.join(", ")}.`;
  return new ZmigrateError("usage", { reason: `There is no ${what} "${name}".`, help });
}

const badConfig = ({ file }: Pick<LoadedConfig, "file">, environment: string, what: string): ZmigrateError =>
  new ZmigrateError("bad-config", { file, reason: `the environment ${environment} ${what}` });
