import { helpBackfill } from "../backfill/run.js";
import { attemptOf, type MigrationRecord } from "../journal/records.js";
import type { Step } from "../model/step.js";
import { codeOf } from "./code.js";
import { backfillContext, throttleFor } from "./data.js";
import type { ApplyOptions } from "./options.js";
import type { Waiting } from "./run.js";

/** A migration that this run would work on, too, and whose file says what was begun. */
const isOurs = ({ migrations, to }: ApplyOptions, { id, checksum, status }: MigrationRecord): boolean =>
  status !== "contracted" &&
  status !== "rolled-back" &&
  (to === null || id <= to) &&
  migrations.some((m) => m.id === id && m.checksum === checksum);

/** What a step moves: its backfill, or a pass for what a verification has found. */
const workOf = ({ backfill, verify }: Step) => backfill ?? verify?.repair ?? null;

async function stepUnderWay({ journal, session }: Waiting, { id, plan }: MigrationRecord): Promise<Step | null> {
  const running = (await journal.steps(session, id)).filter((s) => s.status === "running").map((s) => s.stepId);
  for (const step of plan.steps.filter((s) => running.includes(s.id) && workOf(s) !== null)) {
    const record = await journal.backfill(session, { migrationId: id, stepId: step.id });
    if (record?.state === "running") return step;
  }
  return null;
}

async function help(helper: Waiting, { id: migration, startedAt }: MigrationRecord, step: Step): Promise<boolean> {
  const { options, journal, id } = helper;
  const work = workOf(step);
  if (work === null) return false;
  const code = await codeOf(options.migrations, migration, step);
  const throttle = await throttleFor(helper, migration, step);
  try {
    const of = { migrationId: migration, attempt: attemptOf(startedAt), code };
    const context = backfillContext({ id, options, journal, signal: options.signal }, of, throttle, false);
    return await helpBackfill(context, step, work);
  } finally {
    await throttle.close();
  }
}

/**
 * While another run holds the runner's lock: works with it on its backfill, range by range.
 *
 * @returns true where it did
 * @throws as `runBackfill`
 */
export async function helpRunner(helper: Waiting): Promise<boolean> {
  const { options, journal, session } = helper;
  if (options.phase === "expand" || !(await journal.isCurrent(session))) return false;
  for (const record of await journal.migrations(session)) {
    if (!isOurs(options, record)) continue;
    const step = await stepUnderWay(helper, record);
    if (step !== null) return help(helper, record, step);
  }
  return false;
}
