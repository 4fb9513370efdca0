import { access, constants } from "node:fs/promises";
import { join } from "node:path";
import { run } from "./run.js";

/** A mysqld or mariadbd that runs on this machine. */
export interface MysqldProgram {
  readonly kind: "mysql" | "mariadb";
  /** `9.7.4-2`, `10.11.19-MariaDB-0+deb12u1`. */
  readonly version: string;
  readonly file: string;
  /** What comes before the server's own arguments: the file itself when a loader runs it. */
  readonly prefix: readonly string[];
  /** Where its share files and plugins are, when it is not installed at the place it was built for. */
  readonly settings: readonly string[];
}

/** Servers are seldom on the PATH of people who are not root. */
const FOLDERS = ["/usr/sbin", "/usr/local/sbin", "/usr/libexec", "/usr/local/mysql/bin", "/opt/homebrew/bin"] as const;

/** Looks on PATH, and where systems keep servers. Null when there is none of this kind. */
export async function findMysqld(kind: "mysql" | "mariadb"): Promise<MysqldProgram | null> {
  for (const name of kind === "mysql" ? ["mysqld"] : ["mariadbd", "mysqld"]) {
    for (const file of await findPrograms(name)) {
      const program = await identify(file, [], []).catch(() => null);
      if (program?.kind === kind) return program;
    }
  }
  return null;
}

/** All files of this name that can be run, in the order of PATH. */
export async function findPrograms(name: string): Promise<string[]> {
  const folders = [...(process.env.PATH ?? "").split(":"), ...FOLDERS].filter((folder) => folder !== "");
  const files = [...new Set(folders.map((folder) => join(folder, name)))];
  const runnable = await Promise.all(files.map((file) => access(file, constants.X_OK).then(...TRUTH)));
  return files.filter((_, i) => runnable[i]);
}

const TRUTH = [() => true, () => false] as const;

/** MariaDB installs itself as mysqld too: only its own words tell. @throws Error: it does not run */
export async function identify(
  file: string,
  prefix: readonly string[],
  settings: readonly string[],
): Promise<MysqldProgram> {
  const text = await run(file, [...prefix, "--no-defaults", "--version"]);
  const version = /\bVer (\S+)/.exec(text)?.[1];
  if (version === undefined) throw new Error(`${file} does not say its version: ${text}`);
  return Object.freeze({ kind: /mariadb/i.test(text) ? "mariadb" : "mysql", version, file, prefix, settings });
}
