import { cp, mkdir, realpath, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { cached } from "./cache.js";
import { findPrograms, type MysqldProgram } from "./mysqld-program.js";
import { run } from "./run.js";

/** A server does not start as root unless it is told to. */
export const asRoot: readonly string[] = process.getuid?.() === 0 ? ["--user=root"] : [];

/** Fills a new data folder; root@localhost has no password in it. The first of a version takes seconds, the rest are copies. */
export async function initialiseData(program: MysqldProgram, data: string): Promise<void> {
  const template = await cached(`data-${program.kind}-${program.version.replace(/[^\w.-]/g, "_")}`, async (folder) => {
    const made = join(folder, "data");
    await (program.kind === "mysql" ? initialiseMysql(program, made) : initialiseMariadb(program, made));
    // Holds the server's identity, which no two servers may share.
    await rm(join(made, "auto.cnf"), { force: true });
  });
  await cp(join(template, "data"), data, { recursive: true });
}

async function initialiseMysql(program: MysqldProgram, data: string): Promise<void> {
  const args = ["--no-defaults", "--initialize-insecure", `--datadir=${data}`, ...program.settings, ...asRoot];
  await run(program.file, [...program.prefix, ...args]);
}

async function initialiseMariadb(program: MysqldProgram, data: string): Promise<void> {
  await mkdir(data);
  const args = [
    "--no-defaults",
    `--datadir=${data}`,
    "--auth-root-authentication-method=normal",
    "--skip-test-db",
    ...asRoot,
  ];
  await run(await mariadbInstallDb(program), args, { cwd: dirname(data) });
}

/** It stands in bin when the server stands in sbin, or on PATH. */
async function mariadbInstallDb(program: MysqldProgram): Promise<string> {
  const folder = dirname(await realpath(program.file));
  const near = [join(folder, "mariadb-install-db"), join(folder, "..", "bin", "mariadb-install-db")];
  const found = [...(await findPrograms("mariadb-install-db")), ...(await findPrograms("mysql_install_db"))];
  const all = (await Promise.all(near.map((file) => realpath(file).catch(() => null)))).concat(found);
  const first = all.find((file) => file !== null);
  if (first === undefined || first === null) throw new Error("mariadbd is here, but mariadb-install-db is not");
  return first;
}
