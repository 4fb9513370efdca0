import { lstatSync, readFileSync, statSync } from "node:fs";
import { extname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { ZmigrateError } from "../errors.js";
import { defaultExport, loadError } from "../files/default-export.js";
import { refuseSpecial, unreadable } from "../files/read.js";
import type { Config } from "./define.js";

/** The names that are looked for, in the working directory. */
export const CONFIG_FILES: readonly string[] = Object.freeze(
  ["ts", "mts", "js", "mjs", "json"].map((extension) => `zmigrate.config.${extension}`),
);

/** A configuration and where it was found. */
export interface LoadedConfig {
  readonly file: string;
  readonly config: Config;
}

/**
 * Finds, loads and checks the configuration; null when there is none. zod and jiti are loaded only when they are needed.
 *
 * @param named the path of `--config`, null to look in the working directory
 * @throws ZmigrateError file-not-found (a named file), bad-config: two files, one that fails to load, an unknown key
 */
export async function loadConfig(cwd: string, named: string | null): Promise<LoadedConfig | null> {
  const file = named === null ? findConfig(cwd) : resolve(cwd, named);
  if (file === null) return null;
  mustBeThere(file);
  const value = await loaded(file, () => loadValue(file));
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw notSettings(file, value);
  const { checkConfig } = await import("./schema.js");
  const config = await loaded(file, async () => checkConfig(file, value));
  return Object.freeze({ file, config });
}

/** The value itself is not repeated: it may be a secret. */
function notSettings(file: string, value: unknown): ZmigrateError {
  const is = value == null ? String(value) : Array.isArray(value) ? "a list" : `a ${typeof value}`;
  const reason =
    extname(file) === ".json"
      ? `it holds ${is} and no settings: write { "engine": "postgres" }, for example`
      : `its default export is ${is} and no settings: write export default { engine: "postgres" }, for example`;
  return new ZmigrateError("bad-config", { file, reason });
}

/** A link that leads nowhere, or to itself, is no configuration, and none is not what was meant. */
function mustBeThere(file: string): void {
  let isFolder: boolean;
  try {
    isFolder = statSync(file).isDirectory();
  } catch (cause) {
    throw unreadable(file, cause);
  }
  if (isFolder) throw new ZmigrateError("file-not-found", { file, why: "folder" });
  refuseSpecial(file);
}

const isThere = (file: string): boolean => lstatSync(file, { throwIfNoEntry: false }) !== undefined;

function findConfig(cwd: string): string | null {
  const found = CONFIG_FILES.map((name) => join(cwd, name)).filter(isThere);
  const [first, second] = found;
  if (first === undefined || second === undefined) return first ?? null;
  throw new ZmigrateError("bad-config", { file: first, reason: `${second} exists too, and only one may` });
}

/** What the file exports; a promise is waited for. */
async function loadValue(file: string): Promise<unknown> {
  if (extname(file) === ".json") return JSON.parse(readFileSync(file, "utf8").replace(/^\uFEFF/, ""));
  if (/^\.[cm]?ts$/.test(extname(file))) {
    const { importTypeScript } = await import("../files/import-typescript.js");
    return defaultExport(await importTypeScript(file));
  }
  return defaultExport(await import(pathToFileURL(file).href));
}

/** What the file's own code throws, also where a value of it is read, is told with the file. @throws ZmigrateError bad-config */
async function loaded<T>(file: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (cause instanceof ZmigrateError) throw cause;
    const reason = withoutExcerpt(loadError(cause));
    throw new ZmigrateError("bad-config", { file, reason: `it cannot be loaded: ${reason}` }, { cause });
  }
}

/** `Unexpected token '}', ..."retpw@h/d" }" is not valid JSON` shows what stands there: it may be of a password. */
const withoutExcerpt = (message: string): string =>
  message.endsWith("is not valid JSON")
    ? `${message.replace(/(?:, |^)(?:\.\.\.)?".*$/s, "")} (it is not JSON)`
    : message;
