import type { Engine, EngineName } from "../engines/engine.js";

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
 */
export async function engineFor(name: EngineName): Promise<Engine> {
  if (name === "postgres") return (await import("../engines/postgres/index.js")).postgresEngine;
  return (await import("../engines/mysql/index.js")).createMysqlEngine(name);
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
