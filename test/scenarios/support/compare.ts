import { expect } from "vitest";
import { query, type TestServer } from "../../servers/index.js";
import { project } from "./cli.js";
import { works } from "./scene.js";
import { schemaOf } from "./schema.js";

/** A change that must end, in three deploys, exactly where the statements as they are written end. */
export interface Change {
  readonly setup: readonly string[];
  readonly migration: readonly string[];
  /** Quoted as the server wants them. */
  readonly tables: readonly string[];
}

/** Every row as text, in an order of its own. */
async function rowsOf(url: string, table: string): Promise<string[]> {
  const rows = await query(url, `SELECT * FROM ${table}`);
  return rows.map((row) => JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)))).sort();
}

/** Runs a change in three deploys, and as plain SQL in a second database; schema and rows must be equal. */
export async function sameAsPlain(server: TestServer, change: Change): Promise<void> {
  const [db, plain] = [await server.createDatabase("change"), await server.createDatabase("plain")];
  const p = project(db.url);
  try {
    for (const url of [db.url, plain.url]) for (const sql of change.setup) await query(url, sql);
    await works(p.run("init", "--engine", server.name));
    p.write("migrations/20260101000000_change.sql", change.migration.map((sql) => `${sql};\n`).join(""));
    await works(p.run("apply", "--release", "r1"));
    await works(p.run("apply", "--contract", "--release", "r2"));
    await works(p.run("apply", "--contract", "--require-contract", "--release", "r3", "--park", "0"));
    for (const sql of change.migration) await query(plain.url, sql);
    for (const table of change.tables) {
      expect(await schemaOf(db.url, table), table).toEqual(await schemaOf(plain.url, table));
      expect(await rowsOf(db.url, table), table).toEqual(await rowsOf(plain.url, table));
    }
    const status = JSON.parse((await works(p.run("status", "--json"))).stdout) as { migrations: { status: string }[] };
    expect(status.migrations.map((m) => m.status)).toEqual(["contracted"]);
  } finally {
    p.remove();
    await db.drop();
    await plain.drop();
  }
}
