import type { Engine, EngineName } from "../engines/engine.js";
import { ZmigrateError } from "../errors.js";
import type { OscSetting } from "../model/osc.js";

export const ENGINE_NAMES: readonly EngineName[] = Object.freeze(["postgres", "mysql", "mariadb"]);

/** The engine of a name; null for another text. */
export function engineName(text: string): EngineName | null {
  return ENGINE_NAMES.find((name) => name === text) ?? null;
}

/**
 * Loads the code of one engine and of no other.
 *
 * @example
 * const engine = await engineFor("postgres");
 * await engine.load();
 *
 * @param osc the program that rebuilds tables of MySQL and MariaDB
 * @throws ZmigrateError osc-unfit for a program that this engine has no use for, or arguments that it must not be given
 */
export async function engineFor(name: EngineName, osc: OscSetting | null = null): Promise<Engine> {
  if (name === "postgres") {
    if (osc !== null) throw new ZmigrateError("osc-unfit", { tool: osc.tool, reason: "PostgreSQL has no use for it" });
    return (await import("../engines/postgres/index.js")).postgresEngine;
  }
  return (await import("../engines/mysql/index.js")).createMysqlEngine(name, osc);
}

const SCHEMES: Readonly<Record<string, EngineName>> = Object.freeze({
  "postgres:": "postgres",
  "postgresql:": "postgres",
  "mysql:": "mysql",
  "mysql2:": "mysql",
  "mariadb:": "mariadb",
});

/** The engine that a database URL's scheme names; null for an unknown scheme or a text that is no URL. */
export function engineOfUrl(url: string): EngineName | null {
  const [scheme = ""] = /^[a-z][a-z0-9+.-]*:/i.exec(url) ?? [];
  return SCHEMES[scheme.toLowerCase()] ?? null;
}

/** A server of MySQL may be reached by a URL that says mariadb, and the other way round. */
export const family = (engine: EngineName): string => (engine === "postgres" ? "postgres" : "mysql");
