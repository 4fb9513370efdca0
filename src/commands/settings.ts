import type { Command } from "commander";
import type { SettingsFlags } from "../config/given.js";

/** The flags that name settings, one place for their spelling and their help. */
const FLAGS: Readonly<Record<keyof SettingsFlags, readonly [flags: string, help: string]>> = Object.freeze({
  config: ["--config <file>", "the configuration (default: zmigrate.config.{ts,mts,js,mjs,json} here)"],
  engine: ["--engine <name>", "postgres, mysql or mariadb (default: what the database URL says, else postgres)"],
  migrations: ["--migrations <folder>", "the migrations folder (default: migrations)"],
  databaseUrl: [
    "--database-url <url>",
    "the database, as postgres://user:password@host:5432/name (default: DATABASE_URL, which other users of the machine do not see)",
  ],
  replicaUrl: [
    "--replica-url <url>",
    "a replica whose lag is watched besides those that the primary knows; repeatable",
  ],
  shadowUrl: [
    "--shadow-url <url>",
    "MySQL and MariaDB: a server on which plans are tried, in schemas made for it and dropped afterwards",
  ],
  queries: [
    "--queries <source>",
    "the application's queries, prepared in every phase: a folder or glob of .sql files, a .csv or .json of statistics, or `database`; repeatable",
  ],
  serverVersion: [
    "--server-version <version>",
    "the server's version, where none is asked (default: for lint all that are supported, for plan the oldest)",
  ],
  release: ["--release <version>", "the application version that is being deployed, by any name that is new each time"],
  maxLag: ["--max-lag <duration>", "replica lag at which a backfill waits (default: 5s)"],
  lockTimeout: ["--lock-timeout <duration>", "how long a DDL statement waits for its lock (default: 2s)"],
  lockWait: [
    "--lock-wait <duration>",
    "how long to wait for another run of zmigrate, and for replicas before contract (default: 60s)",
  ],
  batchTarget: ["--batch-target <duration>", "how long a batch of a backfill should take (default: 250ms)"],
  workers: ["--workers <number>", "batches of one backfill that run beside each other (default: 1)"],
  maxRate: [
    "--max-rate <rows>",
    "rows a second that all workers of a backfill, in all processes, may walk together (default: 0, no limit)",
  ],
  metricsPort: [
    "--metrics-port <port>",
    "answer /metrics (Prometheus), /live and /ready there while the run goes (default: nowhere)",
  ],
  park: ["--park <duration>", "how long a column that went out of use is kept before its drop (default: 24h)"],
  soak: ["--soak <duration>", "how long the backfill must have been done before contract (default: 0)"],
  maxBadRows: [
    "--max-bad-rows <rows>",
    "rows that the database may refuse before a backfill stops; they are noted and passed over (default: 0)",
  ],
  execOrder: [
    "--exec-order <order>",
    "what becomes of a file that stands before one that has run: non-linear (run it), linear-skip (leave it out) or linear (refuse) (default: non-linear)",
  ],
  env: ["--env <name>", "an environment of the configuration: its settings, and its databases"],
  only: ["--only <database>", "of its databases only this one; repeatable"],
  maxMismatches: ["--max-mismatches <rows>", "rows that may differ when old and new side are compared (default: 0)"],
});

const REPEATABLE: ReadonlySet<keyof SettingsFlags> = new Set(["replicaUrl", "queries", "only"]);

const DURATIONS = "\nA duration is a number with its unit: 250ms, 5s, 10m, 2h, 3d.";

/** Adds the flags of settings to a command; `resolveSettings` reads them. */
export function addSettings(command: Command, names: readonly (keyof SettingsFlags)[]): Command {
  // Where a database can be named, an environment can.
  const all = names.includes("databaseUrl") ? [...names, "env" as const, "only" as const] : names;
  for (const name of all) {
    const [flags, help] = FLAGS[name];
    if (REPEATABLE.has(name)) command.option(flags, help, collect);
    else command.option(flags, help);
  }
  return names.some((name) => FLAGS[name][0].endsWith("<duration>"))
    ? command.addHelpText("after", DURATIONS)
    : command;
}

/** For an option that may be given several times. */
export const collect = (value: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  value,
];
