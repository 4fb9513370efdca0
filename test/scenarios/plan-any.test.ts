import fc from "fast-check";
import { expect, it } from "vitest";
import { describeServers, query, type TestDatabase } from "../servers/index.js";
import { project } from "./support/cli.js";
import { type RandomChange, randomChange } from "./support/random-change.js";
import { schemaOf } from "./support/schema.js";

const FILE = "migrations/20260101000000_change.sql";
const ID = "20260101000000";

/** More of them, from another seed: `ZMIGRATE_TEST_RUNS=500 ZMIGRATE_TEST_SEED=7`. */
const RUNS = Number(process.env.ZMIGRATE_TEST_RUNS ?? 6);
const SEED = Number(process.env.ZMIGRATE_TEST_SEED ?? 20_261_121);

async function rowsOf(url: string, table: string): Promise<string[]> {
  const rows = await query(url, `SELECT * FROM ${table} ORDER BY id`);
  return rows.map((row) => JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1))));
}

const stateOf = async (url: string, table: string) => ({
  schema: await schemaOf(url, table),
  rows: await rowsOf(url, table),
});

/** A type that was made wider in place stays wider when that is taken back: the plan's notes say so. */
const withoutLength = (line: string): string =>
  line.replace(/\b(?:character varying|varchar|text|numeric|enum|varbinary|timestamp)(?:\([^)]*\))?/, "...");

/** What the statements make of the table by themselves; null where the server refuses one of them. */
async function plainly(plain: TestDatabase, change: RandomChange) {
  for (const sql of change.setup) await query(plain.url, sql);
  try {
    for (const sql of change.statements) await query(plain.url, sql);
  } catch {
    return null;
  }
  return stateOf(plain.url, change.after);
}

describeServers(["postgres", "mysql", "mariadb"], (server) => {
  /** Plans a change, applies it, takes it back, and applies it to its end. Says how far it came. */
  async function tried(
    change: RandomChange,
    db: TestDatabase,
    plain: TestDatabase,
  ): Promise<"refused" | "fails" | "done"> {
    for (const sql of change.setup) await query(db.url, sql);
    const wanted = await plainly(plain, change);
    const before = await stateOf(db.url, change.table);
    const p = project(db.url);
    const works = async (...args: string[]) => {
      const { code, stdout, stderr } = await p.run(...args);
      expect(code, `${args.join(" ")}\n${change.statements.join(";\n")}\n${stdout.slice(-1500)}\n${stderr}`).toBe(0);
    };
    try {
      await works("init", "--engine", server.name);
      p.write(FILE, change.statements.map((sql) => `${sql};\n`).join(""));
      if ((await p.run("plan", "--format", "json")).code !== 0) return "refused";
      if (wanted === null) {
        const { code } = await p.run("apply", "--contract", "--release", "r1");
        const next =
          code === 0 ? await p.run("apply", "--require-contract", "--release", "r2", "--park", "0") : { code };
        expect(next.code, `the server refuses it: ${change.statements.join(";\n")}`).not.toBe(0);
        return "fails";
      }
      await works("apply", "--release", "r1");
      await works("rollback", ID, "--accept-loss");
      const back = await stateOf(db.url, change.table);
      const said = `after a rollback of ${change.statements.join(";\n")}`;
      expect(back.rows, said).toEqual(before.rows);
      expect(back.schema.map(withoutLength), said).toEqual(before.schema.map(withoutLength));
      await works("apply", "--release", "r1");
      await works("apply", "--contract", "--release", "r2");
      await works("apply", "--contract", "--release", "r3", "--park", "0");
      expect(await stateOf(db.url, change.after)).toEqual(wanted);
      return "done";
    } finally {
      p.remove();
    }
  }

  it("ends where the plain statements end, or says before anything is changed why not", async () => {
    const seen = { refused: 0, fails: 0, done: 0 };
    await fc.assert(
      fc.asyncProperty(randomChange(server.name), async (change) => {
        const [db, plain] = [await server.createDatabase("any"), await server.createDatabase("plain")];
        try {
          seen[await tried(change, db, plain)] += 1;
        } finally {
          await db.drop();
          await plain.drop();
        }
      }),
      { numRuns: RUNS, seed: SEED, endOnFailure: true },
    );
    // A generator whose changes are all refused would prove nothing.
    expect(seen.done, JSON.stringify(seen)).toBeGreaterThan(RUNS / 3);
  }, 600_000);
});
