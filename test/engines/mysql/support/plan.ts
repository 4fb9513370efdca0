import type { Phased, Session } from "../../../../src/engines/engine.js";
import { introspect } from "../../../../src/engines/mysql/introspect/index.js";
import { parseMysql } from "../../../../src/engines/mysql/parse/index.js";
import { planOperation } from "../../../../src/engines/mysql/strategies/index.js";
import type { Catalog } from "../../../../src/model/catalog.js";
import type { PlannableOperation } from "../../../../src/model/operation.js";
import type { Step } from "../../../../src/model/step.js";
import { type Bench, TIMEOUTS } from "./database.js";

/** The first operation of one statement. */
export function operationOf(sql: string, dialect: "mysql" | "mariadb"): PlannableOperation {
  const { statements, problems } = parseMysql(sql, dialect);
  const operation = statements[0]?.operations[0];
  if (operation === undefined || operation.kind === "other")
    throw new Error(`no operation in ${sql}: ${JSON.stringify(problems)}`);
  return operation;
}

/** What the engine makes of one statement against a catalog. @throws Refusal */
export function planWith(
  sql: string,
  catalog: Catalog,
  dialect: "mysql" | "mariadb",
  version: readonly number[] = dialect === "mysql" ? [9, 7, 0] : [10, 11, 0],
): Phased {
  const context = {
    catalog,
    version: { text: version.join("."), parts: version },
    migrationId: "20260101000000",
    statement: sql,
    ordinal: 1,
    newTable: false,
    batch: null,
    up: null,
    down: null,
    fill: null,
    file: [],
  };
  return planOperation(operationOf(sql, dialect), context, dialect);
}

/** What the engine makes of one statement against the live schema. @throws Refusal */
export async function planOn(bench: Bench, sql: string): Promise<Phased> {
  return planWith(sql, await introspect(bench.session(), bench.dialect), bench.dialect);
}

async function walk(bench: Bench, session: Session, step: Step): Promise<void> {
  const database = bench.database();
  const work = step.backfill ?? step.verify;
  if (work === null) return;
  const key = await database.keyOf(session, { relation: work.relation, key: null });
  const upTo = await database.lastKey(session, work.relation, key);
  let after: readonly string[] | null = null;
  while (upTo !== null) {
    const range = { key, after, rows: 100 };
    if (step.backfill !== null) {
      await database.begin(session, TIMEOUTS);
      const { last } = await database.backfillBatch(session, { ...range, work: step.backfill, upTo });
      await database.commit(session);
      after = last;
    } else if (step.verify !== null) {
      const found = await database.verifyBatch(session, { ...range, work: step.verify });
      if (found.mismatches > 0) throw new Error(`${step.id}: rows differ: ${found.examples.join("; ")}`);
      after = found.last;
    }
    if (after === null) return;
  }
}

export const stateOf = async (session: Session, step: Step): Promise<string> => {
  if (step.probe === null) return "none";
  const [row] = await session.query<{ state: string }>(step.probe.sql);
  return row?.state ?? "none";
};

/** Carries steps out as the runner does, and holds each probe to what happened. */
export async function carryOut(bench: Bench, steps: readonly Step[]): Promise<void> {
  const database = bench.database();
  for (const step of steps) {
    const session = await database.open();
    try {
      if (step.backfill !== null || step.verify !== null) {
        if (step.backfill !== null) await database.prepareBackfill(session);
        await walk(bench, session, step);
        continue;
      }
      const before = await stateOf(session, step);
      if (before === "half") await database.run(session, step.probe?.repair ?? [], TIMEOUTS, false);
      if (before === "done") continue;
      await database.run(session, step.sql, TIMEOUTS, step.atomicPacket);
      const after = await stateOf(session, step);
      if (step.probe !== null && after !== "done") throw new Error(`${step.id}: the probe says ${after} afterwards`);
    } finally {
      await session.close();
    }
  }
}

/** Takes steps back, the last first; each twice, since a run may be killed before it has noted that it did. */
export async function takeBack(bench: Bench, steps: readonly Step[]): Promise<void> {
  const database = bench.database();
  for (const step of steps.toReversed()) {
    const session = await database.open();
    const undo = () => database.run(session, step.undo, TIMEOUTS, step.atomicPacket);
    await undo()
      .then(undo)
      .catch((error: unknown) => Promise.reject(new Error(`undo of ${step.id}: ${String(error)}`)))
      .finally(() => session.close());
  }
}

/** SHOW CREATE TABLE without the counter. */
export async function tableText(bench: Bench, table: string): Promise<string> {
  const [row] = await bench
    .session()
    .query<Record<string, string>>(`SHOW CREATE TABLE \`${table.replaceAll("`", "``")}\``);
  return (row?.["Create Table"] ?? "").replace(/ AUTO_INCREMENT=\d+/, "");
}
