import { expect } from "vitest";
import { query, type TestDatabase, type TestServer } from "../../servers/index.js";
import { type Project, project } from "./cli.js";
import type { Work } from "./clients.js";
import { works } from "./scene.js";
import { schemaOf } from "./schema.js";
import type { Suite } from "./suite.js";

/** A change that runs in three deploys under an application of the old release and one of the new. */
export interface PhasedChange {
  /** Schema and rows. */
  readonly setup: readonly string[];
  /** The migration's file, directives included. */
  readonly migration: string;
  /** What is run in the second database: the same change in plain SQL. The migration itself when it is left out. */
  readonly plain?: readonly string[];
  /** Tables to compare at the end; quoted as the server wants them. */
  readonly tables: readonly string[];
  /** What both clients leave alone: rows of `tables` that must be equal to plain SQL's. All rows when left out. */
  readonly untouched?: string;
  /** Runs from before expand until the swap. It must not fail, and may assert what it reads back. */
  readonly old: Work;
  /** Runs from the end of the backfill until after the drop. */
  readonly fresh: Work;
  /** A query whose first column counts rows that are wrong, asked when both clients have run beside each other. */
  readonly wrong?: string;
  /** False for a change whose contract takes nothing away: it is finished with the first deploy. */
  readonly contracts?: boolean;
}

/** How the commands of a deploy are run. */
export interface Deploys {
  /** Where they reach the database. */
  reach(databaseUrl: string): Promise<string>;
  /** Runs one until it has worked. */
  run(p: Project, ...args: readonly string[]): Promise<void>;
  /** Runs one that a rollback follows: it may be left half done. */
  begin(p: Project, ...args: readonly string[]): Promise<void>;
}

const once: Deploys["run"] = async (p, ...args) => void (await works(p.run(...args)));

/** Each command works at once. */
const PLAIN: Deploys = { reach: async (url) => url, run: once, begin: once };

const FILE = "migrations/20260101000000_change.sql";
/** How long the clients run beside each other in each state, milliseconds. */
const BESIDE = 150;

const pause = () => new Promise((resolve) => setTimeout(resolve, BESIDE));

async function begin(server: TestServer, suite: Suite, change: PhasedChange, name: string, deploys: Deploys) {
  const db = await server.createDatabase(name);
  suite.after(() => db.drop());
  for (const sql of change.setup) await query(db.url, sql);
  const p = project(await deploys.reach(db.url));
  suite.after(async () => p.remove());
  await works(p.run("init", "--engine", server.name));
  p.write(FILE, change.migration);
  return { db, p };
}

async function rowsOf(url: string, table: string, where: string): Promise<string[]> {
  const rows = await query(url, `SELECT * FROM ${table} WHERE ${where}`);
  return rows.map((row) => JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)))).sort();
}

const schemasOf = (url: string, tables: readonly string[]) => Promise.all(tables.map((t) => schemaOf(url, t)));

async function statusOf(p: Project): Promise<string | undefined> {
  const { stdout } = await works(p.run("status", "--json"));
  return (JSON.parse(stdout) as { migrations: { status: string }[] }).migrations[0]?.status;
}

async function noneWrong(db: TestDatabase, change: PhasedChange): Promise<void> {
  if (change.wrong === undefined) return;
  const [row] = await query(db.url, change.wrong);
  expect(Number(Object.values(row ?? {})[0]), change.wrong).toBe(0);
}

/**
 * Forward: expand and backfill under the old client, both clients side by side, contract under the new one. No statement
 * fails, and schema and rows are those of the plain SQL.
 */
export async function forward(
  server: TestServer,
  suite: Suite,
  change: PhasedChange,
  deploys: Deploys = PLAIN,
): Promise<void> {
  const { db, p } = await begin(server, suite, change, "forward", deploys);
  const plain = await server.createDatabase("plain");
  suite.after(() => plain.drop());
  for (const sql of [...change.setup, ...(change.plain ?? [change.migration])]) await query(plain.url, sql);
  const old = await suite.client(db.url, change.old);
  await deploys.run(p, "apply", "--release", "r1");
  const fresh = await suite.client(db.url, change.fresh);
  await pause();
  const stopped = await old.stop();
  expect(stopped.failures).toEqual([]);
  expect(stopped.statements).toBeGreaterThan(5);
  await noneWrong(db, change);
  if (change.contracts ?? true) {
    await deploys.run(p, "apply", "--contract", "--require-contract", "--release", "r2");
    await pause();
    await deploys.run(p, "apply", "--contract", "--release", "r3", "--park", "0");
    await pause();
  }
  const report = await fresh.stop();
  expect(report.failures).toEqual([]);
  expect(report.statements).toBeGreaterThan(5);
  expect(await statusOf(p)).toBe("contracted");
  for (const table of change.tables) {
    expect(await schemaOf(db.url, table), table).toEqual(await schemaOf(plain.url, table));
    const where = change.untouched ?? "1 = 1";
    expect(await rowsOf(db.url, table, where), table).toEqual(await rowsOf(plain.url, table, where));
  }
}

/**
 * Back: a rollback before contract and one after the swap. Schema and untouched rows are those of before, and the old
 * client, which runs on, never fails.
 *
 * @param before the tables of the old schema, where their names are others
 */
export async function back(
  server: TestServer,
  suite: Suite,
  change: PhasedChange,
  before: readonly string[] = change.tables,
  deploys: Deploys = PLAIN,
): Promise<void> {
  const { db, p } = await begin(server, suite, change, "back", deploys);
  const where = change.untouched ?? "1 = 1";
  const [schema, rows] = [
    await schemasOf(db.url, before),
    await Promise.all(before.map((t) => rowsOf(db.url, t, where))),
  ];
  const asBefore = async () => {
    expect(await schemasOf(db.url, before)).toEqual(schema);
    expect(await Promise.all(before.map((t) => rowsOf(db.url, t, where)))).toEqual(rows);
  };
  const old = await suite.client(db.url, change.old);
  await deploys.begin(p, "apply", "--release", "r1");
  await deploys.run(p, "rollback", "20260101000000");
  await asBefore();
  await deploys.run(p, "apply", "--release", "r1");
  const report = await old.stop();
  expect(report.failures).toEqual([]);
  if (!(change.contracts ?? true)) return;
  await deploys.begin(p, "apply", "--contract", "--require-contract", "--release", "r2");
  await deploys.run(p, "rollback", "20260101000000");
  await asBefore();
  const again = await suite.client(db.url, change.old);
  await pause();
  expect((await again.stop()).failures).toEqual([]);
}
