import { cp, mkdir, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { cached } from "./cache.js";
import type { MysqldProgram } from "./mysqld-program.js";
import { run } from "./run.js";

/** A server does not start as root unless it is told to. */
export const asRoot: readonly string[] = process.getuid?.() === 0 ? ["--user=root"] : [];

/** Fills a new data folder; root@localhost has no password in it. The first of a version takes seconds, the rest are copies. */
export async function initialiseData(program: MysqldProgram, data: string): Promise<void> {
  // What a server reads once, when its data is made, is part of what tells one template from another.
  const lowered = program.settings.find((setting) => setting.startsWith("--lower-case-table-names")) ?? "";
  const template = await cached(
    `data-${program.kind}-${`${program.version}${lowered}`.replace(/[^\w.-]/g, "_")}`,
    async (folder) => {
      const made = join(folder, "data");
      await (program.kind === "mysql" ? initialiseMysql(program, made) : initialiseMariadb(program, made));
      // Holds the server's identity, which no two servers may share.
      await rm(join(made, "auto.cnf"), { force: true });
    },
  );
  await cp(join(template, "data"), data, { recursive: true });
}

async function initialiseMysql(program: MysqldProgram, data: string): Promise<void> {
  const args = ["--no-defaults", "--initialize-insecure", `--datadir=${data}`, ...program.settings, ...asRoot];
  await run(program.file, [...program.prefix, ...args]);
}

/**
 * What mariadb-install-db does; that script stands in another package than the server, and needs programs of a third.
 */
async function initialiseMariadb(program: MysqldProgram, data: string): Promise<void> {
  await mkdir(data);
  const share = await shareFolder(program);
  const files = await Promise.all(SYSTEM_TABLES.map((names) => readFirst(share, names)));
  const input = ["CREATE DATABASE mysql;\nUSE mysql;\nSET @auth_root_socket = NULL;\n", ...files].join("\n");
  const args = ["--no-defaults", "--bootstrap", `--datadir=${data}`, "--max-allowed-packet=8M", ...asRoot];
  await run(program.file, [...program.prefix, ...args, ...program.settings], { cwd: data, input });
}

/** In the order of mariadb-install-db; 11 has given some of them new names. */
const SYSTEM_TABLES = [
  ["mariadb_system_tables.sql", "mysql_system_tables.sql"],
  ["mariadb_performance_tables.sql", "mysql_performance_tables.sql"],
  ["mariadb_system_tables_data.sql", "mysql_system_tables_data.sql"],
  ["maria_add_gis_sp_bootstrap.sql"],
  ["mariadb_sys_schema.sql", "mysql_sys_schema.sql"],
] as const;

/** The folder that holds its character sets, /usr/share/mysql or /usr/share/mariadb, holds its SQL too. */
async function shareFolder(program: MysqldProgram): Promise<string> {
  const help = await run(program.file, [...program.prefix, "--no-defaults", "--verbose", "--help", ...asRoot]);
  const charsets = /^character-sets-dir\s+(\S.*?)\/?$/m.exec(help)?.[1];
  if (charsets === undefined) throw new Error(`${program.file} does not say where its character sets are`);
  return dirname(charsets);
}

async function readFirst(folder: string, names: readonly string[]): Promise<string> {
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8").catch(() => null)));
  const found = texts.find((text) => text !== null);
  if (found === undefined || found === null) throw new Error(`${folder} has none of ${names.join(", ")}`);
  return found;
}
