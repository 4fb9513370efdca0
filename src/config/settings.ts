import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import type { Rule } from "../../rules/rule.js";
import type { EngineName, Version } from "../engines/engine.js";
import { urlProblem } from "../engines/url.js";
import { ZmigrateError } from "../errors.js";
import { DURATION_FORM, parseDuration } from "../files/duration.js";
import { type GateSettings, NO_GATES } from "../gates/setting.js";
import { EXEC_ORDERS, type ExecOrder } from "../model/exec-order.js";
import type { Severity } from "../model/finding.js";
import type { OscSetting } from "../model/osc.js";
import { namesText } from "../plural.js";
import { NO_SIGNALS, type ThrottleSetting } from "../throttle/setting.js";
import type { Config } from "./define.js";
import { ENGINE_NAMES, engineName, engineOfUrl, family } from "./engine.js";
import type { Chosen, Fleet, InFleet } from "./environments.js";
import { type Environment, type Given, type Lookup, lookupIn, nonEmpty, type SettingsFlags, usage } from "./given.js";
import { type LoadedConfig, loadConfig } from "./load.js";
import { openablePath } from "./path.js";
import { parseVersion } from "./version.js";
import { MOST_WORKERS } from "./workers.js";

/** Everything a command may be told, resolved. Durations are milliseconds. */
export interface Settings {
  readonly engine: EngineName;
  /** The migrations folder, as `openablePath` returns it. */
  readonly migrations: string;
  /** The one that the configuration's other settings are overridden by; null where none was named. */
  readonly environment: string | null;
  /** Where it has more than one database: there is no `databaseUrl` then. */
  readonly fleet: Fleet | null;
  /** The environment that this database is one of; null where there are no others. */
  readonly inFleet: InFleet | null;
  readonly databaseUrl: string | null;
  readonly replicaUrls: readonly string[];
  /** Replicas that the primary knows and nobody waits for. */
  readonly ignoredReplicas: readonly string[];
  readonly shadowUrl: string | null;
  /** Plans without a database are tried in an embedded one. */
  readonly shadow: boolean;
  /** Where the application's queries are, as `openablePath` returns paths; `database` is the running database. */
  readonly queries: readonly string[];
  /** Null: the oldest that the engine supports. */
  readonly serverVersion: Version | null;
  readonly release: string | null;
  readonly maxLagMs: number;
  readonly lockTimeoutMs: number;
  readonly lockWaitMs: number;
  readonly batchTargetMs: number;
  readonly workers: number;
  /** Null: nowhere. */
  readonly metricsPort: number | null;
  readonly parkMs: number;
  readonly soakMs: number;
  readonly maxMismatches: number;
  /** What becomes of a file that has not run and stands before one that has. */
  readonly execOrder: ExecOrder;
  readonly maxBadRows: number;
  /** Rows a second that all workers of a backfill may walk together; 0 is no limit. */
  readonly maxRate: number;
  /** What a backfill waits for besides the lag of replicas. */
  readonly throttle: ThrottleSetting;
  /** What contract waits for besides. */
  readonly gates: GateSettings;
  /** Null: what the server would copy is refused. */
  readonly osc: OscSetting | null;
  readonly lint: LintSettings;
  /** Null when there is none. */
  readonly configFile: string | null;
}

/** How lint findings count, and who finds them besides zmigrate's own rules. */
export interface LintSettings {
  readonly rules: Readonly<Record<string, Severity | "off">>;
  /** Of the rules of style that `rules` does not name. */
  readonly style: Severity | "off";
  /** As the configuration has them; their ids are checked where they are used. */
  readonly own: readonly Rule[];
}

const DEFAULTS = Object.freeze({
  migrations: "migrations",
  maxLag: "5s",
  lockTimeout: "2s",
  lockWait: "60s",
  batchTarget: "250ms",
  workers: "1",
  park: "24h",
  soak: "0",
  maxMismatches: "0",
  maxBadRows: "0",
  maxRate: "0",
  execOrder: "non-linear",
});

type Defaulted = keyof typeof DEFAULTS;
type Counted = "maxMismatches" | "maxBadRows" | "maxRate" | "workers";
type DurationSetting = Exclude<Defaulted, "migrations" | "execOrder" | Counted>;

/**
 * Settings by precedence: flag, then environment (`DATABASE_URL`, `ZMIGRATE_<NAME>`), then zmigrate.config, then default.
 * An empty environment variable counts as unset. The engine is what a flag, the environment or the configuration says,
 * else what the database URL's scheme says, else postgres.
 *
 * @param use what the settings are for: with "files" nothing connects, so that a DATABASE_URL which is no URL of ours, or
 * one of another engine, is no error; with "databases" an environment may have several
 * @throws ZmigrateError usage (a bad flag or variable, an engine that the database URL is not of), bad-config,
 * file-not-found, bad-database-url
 * @example
 * const settings = await resolveSettings({ maxLag: "1s" }, process.env, process.cwd());
 */
export async function resolveSettings(
  flags: SettingsFlags,
  env: Environment,
  cwd: string,
  use: "database" | "databases" | "files" = "database",
): Promise<Settings> {
  const named = flags.config ?? nonEmpty(env.ZMIGRATE_CONFIG);
  const general = await loadConfig(cwd, named);
  const chosen = use === "files" ? null : await environmentFor(flags, env, general);
  const loaded = chosen?.loaded ?? general;
  const urls = chosen === null ? env : withoutUrls(env);
  const lookup = lookupIn(flags, urls, loaded?.config ?? {});
  const replicas = replicasGiven(flags, urls, loaded?.config ?? {});
  const fleet = chosen?.fleet ?? null;
  if (use !== "files") checkUrls(lookup, replicas);
  if (use === "database" && fleet !== null) throw severalDatabases(fleet);
  return Object.freeze({
    engine: resolveEngine(lookup, use),
    migrations: migrationsFolder(lookup, loaded, cwd),
    environment: chosen?.environment ?? null,
    fleet,
    inFleet: chosen?.inFleet ?? null,
    databaseUrl: fleet === null ? (lookup("databaseUrl")?.text ?? null) : null,
    replicaUrls: Object.freeze(replicas.map((url) => url.text)),
    ignoredReplicas: Object.freeze([...(loaded?.config.ignoreReplicas ?? [])]),
    shadowUrl: lookup("shadowUrl")?.text ?? null,
    shadow: shadow(nonEmpty(env.ZMIGRATE_SHADOW), loaded?.config ?? {}),
    queries: Object.freeze(queries(flags, env, loaded, cwd)),
    serverVersion: serverVersion(lookup),
    release: release(lookup("release")),
    ...durations(lookup),
    metricsPort: port(lookup("metricsPort")),
    workers: workers(lookup("workers")),
    maxMismatches: count(lookup("maxMismatches"), "maxMismatches"),
    maxBadRows: count(lookup("maxBadRows"), "maxBadRows"),
    maxRate: count(lookup("maxRate"), "maxRate"),
    execOrder: execOrder(lookup("execOrder")),
    throttle: await throttleSetting(loaded, env),
    gates: await gateSettings(loaded, env),
    osc: oscSetting(loaded),
    lint: lintSettings(loaded?.config ?? {}),
    configFile: loaded?.file ?? null,
  });
}

/**
 * The environment that is meant, with its settings over the general ones; null where none was named.
 *
 * @throws ZmigrateError usage, bad-config, bad-database-url
 */
async function environmentFor(
  flags: SettingsFlags,
  env: Environment,
  loaded: LoadedConfig | null,
): Promise<Chosen | null> {
  const name = flags.env ?? nonEmpty(env.ZMIGRATE_ENV);
  const only = flags.only ?? [];
  if (name === null) {
    if (only.length === 0) return null;
    throw new ZmigrateError("usage", { reason: "--only names databases of an environment: it goes with --env." });
  }
  if (flags.databaseUrl !== undefined || flags.replicaUrl !== undefined) {
    const reason = "An environment has its own databases: give --env, or --database-url and --replica-url.";
    throw new ZmigrateError("usage", { reason });
  }
  const { chooseEnvironment } = await import("./environments.js");
  return chooseEnvironment(loaded, name, only, env);
}

function severalDatabases({ environment, waves }: Fleet): ZmigrateError {
  const names = waves.flat().map(({ name }) => name);
  const reason = `The environment ${environment} has ${names.length} databases, and this is about one.`;
  return new ZmigrateError("usage", { reason, help: `Name it with --only: there are ${namesText(names)}.` });
}

/** An environment's URLs are its own, whatever the shell has. */
const withoutUrls = ({
  DATABASE_URL: _,
  ZMIGRATE_DATABASE_URL: __,
  ZMIGRATE_REPLICA_URLS: ___,
  ...env
}: Environment): Environment => env;

/** The flag is `plan`'s own: `--no-shadow`. */
function shadow(variable: string | null, config: Config): boolean {
  if (variable === null) return config.shadow ?? true;
  if (variable === "on" || variable === "off") return variable === "on";
  throw new ZmigrateError("usage", { reason: `ZMIGRATE_SHADOW: "${variable}" is neither on nor off.` });
}

function lintSettings({ lint, rules }: Config): LintSettings {
  return Object.freeze({
    rules: Object.freeze({ ...lint?.rules }),
    style: lint?.style ?? "off",
    own: Object.freeze([...(rules ?? [])]),
  });
}

/** Signals are loaded where a configuration names some. @throws ZmigrateError bad-config */
async function throttleSetting(loaded: LoadedConfig | null, env: Environment): Promise<ThrottleSetting> {
  const given = loaded?.config.throttle;
  if (loaded === null || given === undefined) return NO_SIGNALS;
  const { readThrottle } = await import("./throttle.js");
  return readThrottle(loaded.file, given, env);
}

/** @throws ZmigrateError bad-config */
async function gateSettings(loaded: LoadedConfig | null, env: Environment): Promise<GateSettings> {
  const given = loaded?.config.gates;
  if (loaded === null || given === undefined) return NO_GATES;
  const { readGates } = await import("./gates.js");
  return readGates(loaded.file, given, env, loaded.config.environments);
}

/** A path of the configuration is one from its own folder; a bare name is for the PATH. */
function oscSetting(loaded: LoadedConfig | null): OscSetting | null {
  const osc = loaded?.config.osc;
  if (loaded === null || osc === undefined) return null;
  const { tool, path = tool, args = [] } = osc;
  const found = path.includes("/") ? resolve(dirname(loaded.file), path) : path;
  return Object.freeze({ tool, path: found, args: Object.freeze([...args]) });
}

/** Characters of a release's name that the journal keeps. */
const RELEASE_LENGTH = 255;

/** A release is told from another by its name: one that is blank, most likely an unset variable, is none. */
function release(given: Given | null): string | null {
  if (given === null) return null;
  const name = given.text.trim();
  if (name === "") {
    const reason = `${given.origin}: the release is empty. Is the variable that it comes from set?`;
    throw new ZmigrateError("usage", { reason });
  }
  if ([...name].length <= RELEASE_LENGTH) return name;
  const reason = `${given.origin}: the release's name has more than ${RELEASE_LENGTH} characters.`;
  throw new ZmigrateError("usage", { reason });
}

function durations(lookup: Lookup) {
  const ms = (name: DurationSetting): number => duration(lookup(name), DEFAULTS[name]);
  return {
    maxLagMs: ms("maxLag"),
    lockTimeoutMs: ms("lockTimeout"),
    lockWaitMs: ms("lockWait"),
    batchTargetMs: ms("batchTarget"),
    parkMs: ms("park"),
    soakMs: ms("soak"),
  };
}

/** A configured `mariadb` may be reached by a `mysql://` URL, and the other way round. */
function resolveEngine(lookup: Lookup, use: "database" | "databases" | "files"): EngineName {
  const given = lookup("engine");
  const engine = given === null ? null : engineName(given.text);
  if (given !== null && engine === null) throw usage(given, `is not one of ${ENGINE_NAMES.join(", ")}`);
  const url = lookup("databaseUrl");
  const ofUrl = url === null ? null : engineOfUrl(url.text);
  if (given === null || engine === null) return ofUrl ?? "postgres";
  if (use === "files" || url === null || ofUrl === null || family(engine) === family(ofUrl)) return engine;
  throw new ZmigrateError("usage", {
    reason: `${given.origin} says ${engine}, but the database URL of ${url.origin} is one of ${ofUrl}.`,
    help: "Correct one of the two, or leave the engine out: the URL tells it.",
  });
}

/** Before anything is done: of a URL that parses into the wrong parts, a part of the password would be shown as its host. */
function checkUrls(lookup: Lookup, replicas: readonly Given[]): void {
  const check = (what: "database" | "replica" | "shadow", given: Given | null) => {
    if (given === null) return;
    const unknown = engineOfUrl(given.text) === null ? "its scheme is not postgres://, mysql:// or mariadb://" : null;
    const reason = urlProblem(given.text) ?? unknown;
    if (reason !== null) throw new ZmigrateError("bad-database-url", { reason, origin: given.origin, what });
  };
  check("database", lookup("databaseUrl"));
  check("shadow", lookup("shadowUrl"));
  for (const url of replicas) check("replica", url);
}

function migrationsFolder(lookup: Lookup, loaded: LoadedConfig | null, cwd: string): string {
  const given = lookup("migrations");
  const text = given?.text ?? DEFAULTS.migrations;
  const fromFile = loaded !== null && given !== null && given.text === loaded.config.migrations;
  if (!fromFile || isAbsolute(text)) return openablePath(cwd, text);
  return openablePath(cwd, join(relative(cwd, dirname(loaded.file)), text));
}

/** A path of the configuration is one from its own folder. */
function queries(flags: SettingsFlags, env: Environment, loaded: LoadedConfig | null, cwd: string): readonly string[] {
  const openable = (folder: string, path: string): string =>
    path === "database" || isAbsolute(path) ? path : openablePath(cwd, join(folder, path));
  const variable = nonEmpty(env.ZMIGRATE_QUERIES);
  const given = flags.queries ?? (variable === null ? null : [variable]);
  if (given !== null) return given.map((path) => openable(".", path));
  const configured = loaded?.config.queries ?? [];
  const folder = loaded === null ? "." : relative(cwd, dirname(loaded.file));
  return (typeof configured === "string" ? [configured] : configured).map((path) => openable(folder, path));
}

function replicasGiven(flags: SettingsFlags, env: Environment, config: Config): readonly Given[] {
  const from = (origin: string, texts: readonly string[]) => texts.map((text): Given => ({ text, origin }));
  if (flags.replicaUrl !== undefined) return from("--replica-url", flags.replicaUrl);
  const variable = nonEmpty(env.ZMIGRATE_REPLICA_URLS);
  if (variable === null) return from('"replicaUrls" in the configuration', config.replicaUrls ?? []);
  const urls = variable.split(/[\s,]+/).filter((url) => url !== "");
  return from("ZMIGRATE_REPLICA_URLS", urls);
}

function serverVersion(lookup: Lookup): Version | null {
  const given = lookup("serverVersion");
  if (given === null) return null;
  const version = parseVersion(given.text);
  if (version === null) throw usage(given, "is not a version like 16 or 8.0.36");
  return version;
}

function duration(given: Given | null, byDefault: string): number {
  const ms = parseDuration(given?.text ?? byDefault);
  if (ms === null) throw usage(given ?? { text: byDefault, origin: "default" }, `is not a duration (${DURATION_FORM})`);
  return ms;
}

function count(given: Given | null, name: Counted): number {
  const text = given?.text ?? DEFAULTS[name];
  if (!/^\d{1,15}$/.test(text)) throw usage(given ?? { text, origin: "default" }, "is not a whole number");
  return Number(text);
}

function port(given: Given | null): number | null {
  if (given === null) return null;
  const number = /^\d{1,5}$/.test(given.text) ? Number(given.text) : 0;
  if (number < 1 || number > 65_535) throw usage(given, "is not a port from 1 to 65535");
  return number;
}

function execOrder(given: Given | null): ExecOrder {
  const text = given?.text ?? DEFAULTS.execOrder;
  const order = EXEC_ORDERS.find((name) => name === text);
  if (order === undefined) throw usage(given ?? { text, origin: "default" }, `is not one of ${EXEC_ORDERS.join(", ")}`);
  return order;
}

function workers(given: Given | null): number {
  const number = count(given, "workers");
  if (given !== null && (number < 1 || number > MOST_WORKERS)) throw usage(given, `is not from 1 to ${MOST_WORKERS}`);
  return number;
}
