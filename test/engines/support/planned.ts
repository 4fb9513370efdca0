import { engineFor } from "../../../src/config/engine.js";
import type { Database, Session } from "../../../src/engines/engine.js";
import { parseMigration } from "../../../src/history/load.js";
import type { MigrationPlan, PlanRefusal } from "../../../src/model/plan.js";
import type { Step } from "../../../src/model/step.js";
import { planMigration } from "../../../src/plan/plan.js";
import type { TestServer } from "../../servers/index.js";

const TIMEOUTS = { lockMs: 2_000, statementMs: 0 };

/** A database of a test and what plans are made for it, without the command line. */
export interface PlanBench {
  readonly url: string;
  /** Runs statements one after the other. */
  sql(...statements: readonly string[]): Promise<void>;
  rows(sql: string): Promise<Record<string, unknown>[]>;
  /** The plan of a migration's text against the live schema; a refusal is an error with its reason. */
  plan(text: string): Promise<MigrationPlan>;
  refusals(text: string): Promise<readonly PlanRefusal[]>;
  /** Carries steps out as the runner does, and holds each probe to what happened. */
  run(steps: readonly Step[]): Promise<void>;
  /** Takes steps back, the last first. */
  back(steps: readonly Step[]): Promise<void>;
  close(): Promise<void>;
}

async function stateOf(session: Session, step: Step): Promise<string> {
  if (step.probe === null) return "none";
  const [row] = await session.query<{ state: string }>(step.probe.sql);
  return row?.state ?? "none";
}

async function inOne(database: Database, session: Session, statements: readonly string[]): Promise<void> {
  await database.begin(session, TIMEOUTS);
  for (const sql of statements) await session.query(sql);
  await database.commit(session);
}

async function runStep(database: Database, step: Step): Promise<void> {
  const session = await database.open();
  try {
    if (step.transaction && database.journal.transactionalDdl) return await inOne(database, session, step.sql);
    const before = await stateOf(session, step);
    if (before === "done") return;
    if (before === "half") await database.run(session, step.probe?.repair ?? [], TIMEOUTS, false);
    await database.run(session, step.sql, TIMEOUTS, step.atomicPacket);
    const after = await stateOf(session, step);
    if (after !== "done" && after !== "none") throw new Error(`the probe says ${after} afterwards`);
  } catch (error) {
    throw new Error(`${step.id}: ${String(error)}\n${step.sql.join(";\n")}`, { cause: error });
  } finally {
    await session.close();
  }
}

async function undoStep(database: Database, step: Step): Promise<void> {
  const session = await database.open();
  const together = step.undoTransaction && database.journal.transactionalDdl;
  const once = () =>
    together ? inOne(database, session, step.undo) : database.run(session, step.undo, TIMEOUTS, step.atomicPacket);
  try {
    await once();
    // A run that is killed has not noted that it did: what does not commit with its row is run again.
    if (!together) await once();
  } catch (error) {
    throw new Error(`undo of ${step.id}: ${String(error)}\n${step.undo.join(";\n")}`, { cause: error });
  } finally {
    await session.close();
  }
}

/** A bench in a new database of a server. */
export async function planBench(server: TestServer, name: string): Promise<PlanBench> {
  const test = await server.createDatabase(name);
  const engine = await engineFor(server.name);
  await engine.load();
  const database = await engine.connect(test.url, { connectTimeoutMs: 10_000, applicationName: "zmigrate test" });
  const session = await database.open();
  const planned = async (text: string) => {
    const given = { id: "20260101000000", slug: "x", file: "x.sql", text, checksum: "" };
    const catalog = await database.introspect(session);
    return planMigration(parseMigration(given, engine), { engine, catalog, version: database.server.version });
  };
  return {
    url: test.url,
    async sql(...statements) {
      for (const sql of statements) await session.query(sql);
    },
    rows: (sql) => session.query(sql),
    async plan(text) {
      const { plan, refusals } = await planned(text);
      if (plan === null) throw new Error(refusals.map((r) => `${r.line}: ${r.reason}`).join("\n"));
      return plan;
    },
    refusals: async (text) => (await planned(text)).refusals,
    async run(steps) {
      for (const step of steps) await runStep(database, step);
    },
    async back(steps) {
      for (const step of steps.toReversed()) await undoStep(database, step);
    },
    async close() {
      await session.close();
      await database.close();
      await test.drop();
    },
  };
}
