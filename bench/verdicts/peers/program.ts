import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Where the peers are, besides PATH: a folder in which npm has installed them, or one with the programs themselves. */
export const PEERS_VARIABLE = "ZMIGRATE_BENCH_PEERS";

/** The path of a peer's program; null when it is nowhere. */
export function findProgram(name: string, env: NodeJS.ProcessEnv = process.env): string | null {
  const folder = env[PEERS_VARIABLE];
  const given = folder === undefined || folder === "" ? [] : [join(folder, "node_modules", ".bin"), folder];
  const path = (env.PATH ?? "").split(delimiter).filter((part) => part !== "");
  return [...given, ...path].map((part) => join(part, name)).find(runnable) ?? null;
}

function runnable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** What a program prints, whatever its exit code: with findings it is not 0. @throws when it cannot be started */
export function printed(file: string, ...args: string[]): string {
  const { error, stdout } = spawnSync(file, args, { encoding: "utf8", maxBuffer: 1 << 26 });
  if (error !== undefined) throw error;
  return stdout;
}

/**
 * The first version number in what a program prints about itself.
 *
 * @throws Error without one: a program that does not run would be counted as one that finds fault with everything
 */
export function versionOf(file: string, ...args: string[]): string {
  const version = /\d+\.\d+\.\d+\S*/.exec(printed(file, ...args, "--version"))?.[0];
  if (version === undefined) throw new Error(`${file} --version prints no version: it cannot be compared`);
  return version;
}

/** JSON, or null where a program has printed something else. */
export function readJson<T>(text: string): T | null {
  try {
    return JSON.parse(text) as T;
  } catch {
    return null;
  }
}
