import type { Command } from "commander";
import type { SettingsFlags } from "../config/settings.js";

/** The flags that name settings, one place for their spelling and their help. */
const FLAGS: Readonly<Record<keyof SettingsFlags, readonly [flags: string, help: string]>> = Object.freeze({
  config: ["--config <file>", "the configuration (default: zmigrate.config.{ts,mts,js,mjs,json} here)"],
  engine: ["--engine <name>", "postgres, mysql or mariadb"],
  migrations: ["--migrations <folder>", "the migrations folder (default: migrations)"],
  databaseUrl: ["--database-url <url>", "the database (default: DATABASE_URL)"],
  replicaUrl: ["--replica-url <url>", "a replica whose lag is watched; repeatable"],
  shadowUrl: ["--shadow-url <url>", "an empty scratch schema"],
  serverVersion: ["--server-version <version>", "the server's version (default: the oldest supported)"],
  release: ["--release <version>", "the application version that is being deployed"],
  maxLag: ["--max-lag <duration>", "replica lag at which a backfill waits (default: 5s)"],
  lockTimeout: ["--lock-timeout <duration>", "how long a DDL statement waits for its lock (default: 2s)"],
  lockWait: ["--lock-wait <duration>", "how long to wait for another runner (default: 60s)"],
  batchTarget: ["--batch-target <duration>", "what a backfill's batch aims at (default: 250ms)"],
  park: ["--park <duration>", "how long a parked column is kept (default: 24h)"],
  soak: ["--soak <duration>", "how long expand must have been finished before contract (default: 0)"],
  maxMismatches: ["--max-mismatches <rows>", "rows that may differ when a backfill is verified (default: 0)"],
});

/** Adds the flags of settings to a command; `resolveSettings` reads them. */
export function addSettings(command: Command, names: readonly (keyof SettingsFlags)[]): Command {
  for (const name of names) {
    const [flags, help] = FLAGS[name];
    if (name === "replicaUrl") command.option(flags, help, collect);
    else command.option(flags, help);
  }
  return command;
}

const collect = (value: string, before: readonly string[] | undefined): readonly string[] => [...(before ?? []), value];
