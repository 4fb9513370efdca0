import { stopIfAsked } from "../backfill/interrupted.js";
import { ZmigrateError } from "../errors.js";
import { allOpen } from "../gates/index.js";
import type { Milestone } from "../journal/journal.js";
import type { MigrationRecord } from "../journal/records.js";
import type { MigrationStatus } from "../journal/schema.js";
import type { Catalog } from "../model/catalog.js";
import type { PhaseName } from "../model/phase.js";
import type { Step } from "../model/step.js";
import { auditAccepted, gatesOf } from "./gates.js";
import { refuseUnlessThere } from "./gone-columns.js";
import { keptProblem } from "./kept-columns.js";
import { refuseLastCopy } from "./last-copy.js";
import { noted, type Run } from "./run.js";
import { runStep, verifyAgain } from "./step.js";

/** A stretch of a migration: its steps, what it is called while it runs and after it. */
interface Stretch {
  readonly phase: PhaseName;
  readonly stage: Step["stage"];
  readonly during: MigrationStatus;
  readonly after: MigrationStatus;
  readonly milestone: Milestone;
}

const STRETCHES: readonly Stretch[] = [
  { phase: "expand", stage: null, during: "expanding", after: "expanded", milestone: "expanded_at" },
  { phase: "backfill", stage: null, during: "backfilling", after: "backfilled", milestone: "backfilled_at" },
  { phase: "contract", stage: "swap", during: "contracting", after: "contracting", milestone: "swapped_at" },
  { phase: "contract", stage: "drop", during: "contracting", after: "contracted", milestone: "finished_at" },
];

const reached = (record: MigrationRecord, milestone: Milestone): boolean =>
  ({
    expanded_at: record.expandedAt,
    backfilled_at: record.backfilledAt,
    swapped_at: record.swappedAt,
    finished_at: record.finishedAt,
  })[milestone] !== null;

/** Rows were found to differ after the backfill had ended, or the renewed comparison was cut off. */
async function mustVerify(run: Run, record: MigrationRecord, stretch: Stretch): Promise<boolean> {
  if (stretch.phase !== "backfill" || record.swappedAt !== null) return false;
  const done = await run.journal.steps(run.main, record.id);
  const open = new Set(done.filter((s) => s.status === "pending" || s.status === "running").map((s) => s.stepId));
  return stepsOf(record, stretch).some((s) => s.verify !== null && open.has(s.id));
}

/**
 * A stretch that was run without a release's name counts as this release's from now on: it may be the one that did it,
 * and only the next one can know that it is over.
 *
 * @returns the migration as it stands in the journal then
 */
async function adopt(run: Run, record: MigrationRecord): Promise<MigrationRecord> {
  const { release } = run.options;
  const expanded = record.expandedAt !== null && record.expandRelease === null;
  const swapped = record.swappedAt !== null && record.swapRelease === null;
  if (release === null || !(expanded || swapped)) return record;
  await noted(run, () => run.journal.adopt(run.main, record.id, release, { expanded, swapped }));
  return reread(run, record.id);
}

async function reread(run: Run, id: string): Promise<MigrationRecord> {
  const record = await run.journal.migration(run.main, id);
  if (record === null) throw new ZmigrateError("internal", { reason: `migration ${id} left the journal` });
  return record;
}

/**
 * @param known the catalog, where it was read just now
 * @throws ZmigrateError columns-kept, before the first step has taken a trigger away
 */
async function refuseKept(run: Run, id: string, steps: readonly Step[], known: Catalog | null): Promise<void> {
  const { database } = run.options;
  if (steps.length === 0 || database.engine.keepsColumns === undefined) return;
  const catalog = known ?? (await database.introspect(run.main));
  const problem = keptProblem(database.engine, id, steps, catalog, false);
  if (problem !== null) throw problem;
}

/**
 * Runs the steps of a stretch that are not done, then sets its milestone.
 *
 * @param known the catalog, where it was read just now
 */
async function cross(run: Run, record: MigrationRecord, stretch: Stretch, known: Catalog | null): Promise<void> {
  const { journal, main, options } = run;
  const done = new Set((await journal.steps(main, record.id)).filter((s) => s.status === "done").map((s) => s.stepId));
  const steps = stepsOf(record, stretch).filter((s) => !done.has(s.id));
  if (stretch.phase === "contract") await refuseKept(run, record.id, steps, known);
  if (steps.length > 0) await noted(run, () => journal.status(main, record.id, stretch.during));
  for (const step of steps) {
    stopIfAsked(run.signal);
    await runStep(run, record.id, step);
  }
  await noted(run, async () => {
    await journal.status(main, record.id, stretch.after);
    await journal.milestone(main, record.id, stretch.milestone, options.release);
    await journal.audit(main, {
      action: stretch.milestone.replace("_at", ""),
      migrationId: record.id,
      stepId: null,
      release: options.release,
      detail: JSON.stringify({ steps: await tookOf(run, record.id, stepsOf(record, stretch)) }),
    });
  });
}

/** How long each step took, from its last beginning, in milliseconds. */
async function tookOf({ journal, main }: Run, id: string, steps: readonly Step[]) {
  const recordOf = new Map((await journal.steps(main, id)).map((s) => [s.stepId, s]));
  return steps.flatMap((step) => {
    const { startedAt, finishedAt } = recordOf.get(step.id) ?? { startedAt: null, finishedAt: null };
    if (startedAt === null || finishedAt === null) return [];
    return [{ id: step.id, ms: finishedAt.getTime() - startedAt.getTime() }];
  });
}

const stepsOf = (record: MigrationRecord, stretch: Stretch): readonly Step[] =>
  record.plan.steps.filter((s) => s.phase === stretch.phase && s.stage === stretch.stage);

/** Whether a contract stretch may begin, and the catalog, where it was read to know that. */
interface Leave {
  readonly may: boolean;
  readonly catalog: Catalog | null;
}

/**
 * Whether the gates of a contract stretch let it begin. Once a step of it has run, it goes on to its end.
 *
 * @throws ZmigrateError what `refuseUnlessThere` and `refuseLastCopy` say: the run may have taken long to come here
 */
async function mayContract(run: Run, record: MigrationRecord, stretch: Stretch): Promise<Leave> {
  const { options, journal, main } = run;
  const steps = await journal.steps(main, record.id);
  const begun = new Set(steps.filter((s) => s.status === "done" || s.status === "running").map((s) => s.stepId));
  if (stepsOf(record, stretch).some((s) => begun.has(s.id))) return { may: true, catalog: null };
  const stage = stretch.stage ?? "swap";
  const asked = { record, steps, stage };
  const gates = await gatesOf(run, asked);
  options.emit({ event: "gate", migration: record.id, stage, gates });
  if (!allOpen(gates)) return { may: false, catalog: null };
  await noted(run, () => auditAccepted(run, asked, gates));
  if (stage === "swap")
    for (const step of record.plan.steps)
      if (step.verify !== null && step.phase === "backfill") await verifyAgain(run, record.id, step);
  const catalog = await refuseUnlessThere(run, record, steps);
  if (stage === "drop" && catalog !== null) await refuseLastCopy(run, record, catalog);
  return { may: true, catalog };
}

const allowed = (run: Run, phase: PhaseName): boolean => {
  const { phase: limit, contract } = run.options;
  const order: PhaseName[] = ["expand", "backfill", "contract"];
  if (limit !== null && order.indexOf(phase) > order.indexOf(limit)) return false;
  return phase !== "contract" || contract;
};

/**
 * A migration without a contract is finished with its backfill, and one that parks nothing with its swap: no time makes
 * its rollback harder.
 */
async function finishIfNothingLeft(run: Run, record: MigrationRecord, stretch: Stretch): Promise<boolean> {
  const left = STRETCHES.slice(STRETCHES.indexOf(stretch));
  if (left.some((later) => stepsOf(record, later).length > 0)) return false;
  await noted(run, async () => {
    await run.journal.status(run.main, record.id, "contracted");
    await run.journal.milestone(run.main, record.id, "finished_at", run.options.release);
    const { release } = run.options;
    const entry = { action: "finished", migrationId: record.id, stepId: null, release, detail: null };
    await run.journal.audit(run.main, entry);
  });
  return true;
}

/** How far a migration came in a run. */
export interface Advanced {
  /** It waits for gates that are closed. */
  readonly waits: boolean;
  /** A stage of its contract ran. */
  readonly contracted: boolean;
}

/** Moves a migration that was begun as far as is safe. */
export async function advance(run: Run, id: string): Promise<Advanced> {
  let contracted = false;
  const ended = (waits: boolean): Advanced => ({ waits, contracted });
  for (const stretch of STRETCHES) {
    const record = await adopt(run, await reread(run, id));
    if (reached(record, stretch.milestone) && !(await mustVerify(run, record, stretch))) continue;
    if (stretch.phase === "contract" && (await finishIfNothingLeft(run, record, stretch))) return ended(false);
    if (!allowed(run, stretch.phase)) return ended(false);
    const leave = stretch.phase === "contract" ? await mayContract(run, record, stretch) : null;
    if (leave?.may === false) return ended(true);
    await cross(run, record, stretch, leave?.catalog ?? null);
    contracted ||= stretch.phase === "contract";
  }
  return ended(false);
}
