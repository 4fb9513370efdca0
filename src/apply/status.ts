import { etaSeconds } from "../backfill/progress.js";
import type { InFleet } from "../config/environments.js";
import type { Database, Session } from "../engines/engine.js";
import type { ZmigrateError } from "../errors.js";
import { allOpen, checkGates } from "../gates/index.js";
import { type GateSettings, NO_GATES } from "../gates/setting.js";
import { byWhom, type Control } from "../journal/controls.js";
import { beginsAnew, type Drift, driftOf } from "../journal/drift.js";
import { type Journal, journalOf } from "../journal/journal.js";
import type { OfBackfill } from "../journal/ranges.js";
import type { BackfillRecord, MigrationRecord, StepRecord } from "../journal/records.js";
import type { Wish } from "../journal/schema.js";
import type { ExecOrder } from "../model/exec-order.js";
import type { GateResult } from "../model/gate.js";
import type { Migration } from "../model/migration.js";
import type { BackfillStatus, FileProblem, MigrationStatusReport, StatusReport } from "../model/status-report.js";
import { type OutOfOrder, outOfOrder } from "../plan/out-of-order.js";
import { isUnfinished } from "../plan/waits.js";
import { addedProblem, carriedProblem } from "./carried.js";
import { goneTables, tableGone } from "./gone.js";
import { columnGone, goneParked, hasColumns } from "./gone-columns.js";
import { helpersOf } from "./helpers.js";
import { keptProblem } from "./kept-columns.js";
import { outOfStep } from "./kept-in-step.js";
import { passedOverBy } from "./passed-over.js";

/** What a status is asked with. Durations are milliseconds. */
export interface StatusOptions {
  readonly database: Database;
  readonly migrations: readonly Migration[];
  readonly release: string | null;
  readonly replicaUrls: readonly string[];
  readonly parkMs: number;
  readonly soakMs: number;
  /** What becomes of a file that has not run and stands before one that has; absent: it is run. */
  readonly execOrder?: ExecOrder;
  /** What contract waits for besides; absent for nothing. */
  readonly gates?: GateSettings;
  /** The databases whose code is rolled out with this one's; absent, or null, where there are none. */
  readonly inFleet?: InFleet | null;
}

const STATES: Readonly<Record<Wish, string>> = Object.freeze({ run: "running", pause: "paused", cancel: "cancelled" });

export interface Asking extends StatusOptions {
  readonly session: Session;
  readonly journal: Journal;
}

/** The stage of its contract that comes next; null where none does, or not yet. */
export function stageOf(record: MigrationRecord): "swap" | "drop" | null {
  if (record.backfilledAt === null || record.finishedAt !== null || record.status === "rolled-back") return null;
  return record.swappedAt === null ? "swap" : "drop";
}

/** The gates of the stage that comes next; none where none does. */
export async function gatesOf(
  asking: Asking,
  record: MigrationRecord,
  steps: readonly StepRecord[],
): Promise<GateResult[]> {
  const stage = stageOf(record);
  if (stage === null) return [];
  const { database, session, release, replicaUrls, parkMs, soakMs } = asking;
  return checkGates({
    database,
    session,
    record,
    steps,
    stage,
    ...(asking.migrations.some((m) => m.id === record.id) ? {} : { withoutFile: true }),
    release,
    releases: await asking.journal.releases(session),
    replicaUrls,
    now: await asking.journal.now(session),
    soakMs,
    parkMs,
    settings: asking.gates ?? NO_GATES,
    inFleet: asking.inFleet ?? null,
    memory: { read: (on) => asking.journal.seenOn(session, record.id, on), keep: null },
  });
}

/** Is there a process that moves the migration, or its backfill? A run that was killed says nothing more. */
async function isWorkedOn({ database, session, journal }: Asking, of: OfBackfill | null): Promise<boolean> {
  if ((await database.runnerLockHolder(session)) !== null) return true;
  if (of === null) return false;
  // A helper goes on without a runner, until it is one itself. The first version of the journal had no ranges.
  return (await journal.isCurrent(session)) && (await journal.ranges.leased(session, of)) > 0;
}

/** Where nothing of a backfill is left, nothing of it is paused. */
function backfillStatus(
  record: BackfillRecord | null,
  control: Control | null,
  worked: boolean,
): BackfillStatus | null {
  if (record === null) return null;
  const { rowsDone, rowsTotal, rate, state: own, waitingFor } = record;
  const rows = { rowsDone, rowsTotal, rowsPerSecond: Math.round(rate) };
  if (own === "done") return { ...rows, etaSeconds: 0, state: own, waitingFor };
  if (control !== null && control.wish !== "run") {
    const state = STATES[control.wish];
    return { ...rows, rowsPerSecond: 0, etaSeconds: null, state, waitingFor: `${state} ${byWhom(control)}` };
  }
  if (worked) return { ...rows, etaSeconds: etaSeconds(record), state: own, waitingFor };
  return { ...rows, rowsPerSecond: 0, etaSeconds: null, state: "stopped", waitingFor: null };
}

const problemOf = ({ code, data, message }: Drift): FileProblem => ({
  kind: code === "edited-migration" ? "edited" : "missing",
  file: data.file,
  reason: message,
});

/** A verification that failed is kept as not done, with why. After the swap `verify` has nothing to compare. */
function foundDiffering({ plan, swappedAt }: MigrationRecord, steps: readonly StepRecord[]): boolean {
  const compared = new Set(plan.steps.flatMap((s) => (s.verify !== null && s.phase !== "contract" ? [s.id] : [])));
  return swappedAt === null && steps.some((s) => compared.has(s.stepId) && s.status !== "done" && s.error !== null);
}

/** How a migration stands, as far as it decides what comes next. */
interface Standing {
  readonly record: MigrationRecord;
  readonly gates: readonly GateResult[];
  /** A table, a column or what goes with one is gone: what `apply` says of it. */
  readonly gone: ZmigrateError | null;
  /** A parked column that was dropped before its time. */
  readonly parkedGone: string | null;
  /** A comparison has found rows that differ, and none has run since. */
  readonly differs: boolean;
  /** Rows were passed over, and are as they were. */
  readonly passedOver: boolean;
  /** A rollback was begun and not finished. */
  readonly undone: boolean;
  /** Somebody has paused or cancelled its backfill, which is not done. */
  readonly held: string | null;
  readonly drift: Drift | null;
  readonly fileGone: boolean;
  /** Its file was edited, and may be: nothing of it has run. */
  readonly anew: boolean;
  /** A run is at work. */
  readonly worked: boolean;
}

function nextOf(standing: Standing): string {
  const { record, gates, undone, drift, anew, differs, fileGone, gone, parkedGone, held, worked, passedOver } =
    standing;
  if (gone !== null) return `\`zmigrate apply\` refuses it. ${gone.message} ${gone.help}`;
  if (undone && record.status !== "rolled-back") return `run \`zmigrate rollback ${record.id}\` again: it was cut off`;
  if (anew) return "`zmigrate apply` begins it anew from its file, which was edited: nothing of it has run";
  if (drift !== null) return `\`zmigrate apply\` refuses it. ${drift.help}`;
  if (record.plan.baseline === true) return "nothing: the database had it before zmigrate";
  if (record.status === "contracted") return "nothing: it is finished";
  if (record.status === "rolled-back" && fileGone) return "nothing: it was rolled back, and its file is gone";
  if (record.status === "rolled-back") return "remove the file, or `zmigrate apply` begins it anew";
  if (differs && passedOver) return "mend the rows that were passed over, then `zmigrate apply` compares again";
  if (differs) return `run \`zmigrate verify ${record.id}\`: it prints what to run; then \`zmigrate apply\``;
  if (record.status === "failed") return "mend the cause, then `zmigrate apply` goes on at the failed step";
  if (held !== null) return `it is ${held}: \`zmigrate resume ${record.id}\` lets it go on`;
  if (parkedGone !== null)
    return `${parkedGone} is gone: \`zmigrate apply --contract --release NEXT --park 0\` takes away what still names it (on MySQL and MariaDB every write of the table fails until then)`;
  if (stageOf(record) === null && worked) return "nothing: a run is at work, `zmigrate status --watch` follows it";
  if (stageOf(record) === null) return "`zmigrate apply` goes on";
  if (allOpen(gates)) return "`zmigrate apply --contract --release NEXT` goes on: all gates are open";
  return `wait for ${gates
    .filter((g) => g.state !== "open")
    .map((g) => g.name)
    .join(", ")}, then \`zmigrate apply --contract --release NEXT\``;
}

/** What somebody has dropped or renamed under a migration that still needs it. */
async function goneOf(asking: Asking, record: MigrationRecord, steps: readonly StepRecord[]) {
  if (!isUnfinished(record)) return { gone: null, parkedGone: null };
  const [table] = await goneTables(asking, record, steps);
  if (table !== undefined) return { gone: tableGone(asking, record.id, table), parkedGone: null };
  if (!hasColumns(record.plan) && helpersOf(record, steps).length === 0) return { gone: null, parkedGone: null };
  const catalog = await asking.database.introspect(asking.session);
  const { engine } = asking.database;
  const gone = columnGone(engine, record, steps, catalog) ?? outOfStep({ engine, record, steps, catalog });
  return {
    gone: gone ?? carriedProblem(record, steps, catalog, "swap") ?? addedProblem(record, steps, catalog),
    parkedGone: goneParked(record, steps, catalog),
  };
}

/** What keeps the server from the stretch of the contract that comes next. */
async function keptOf({ database, session }: Asking, record: MigrationRecord, steps: readonly StepRecord[]) {
  const stage = stageOf(record);
  const { engine } = database;
  if (stage === null || engine.keepsColumns === undefined) return null;
  const done = new Set(steps.flatMap((s) => (s.status === "done" ? [s.stepId] : [])));
  const ahead = record.plan.steps.filter((s) => s.stage === stage && !done.has(s.id));
  return keptProblem(engine, record.id, ahead, await database.introspect(session), false);
}

async function begun(asking: Asking, record: MigrationRecord): Promise<MigrationStatusReport> {
  const { journal, session } = asking;
  const steps = await journal.steps(session, record.id);
  const phases = new Map(record.plan.steps.map((s) => [s.id, s.phase]));
  const data = record.plan.steps.filter((s) => s.backfill !== null || s.verify !== null);
  let current: BackfillRecord | null = null;
  for (const step of data)
    current = (await journal.backfill(session, { migrationId: record.id, stepId: step.id })) ?? current;
  const isCurrent = await journal.isCurrent(session);
  const control = isCurrent ? await journal.controls.read(session, record.id) : null;
  const passedOver = isCurrent ? await passedOverBy(journal, session, record, steps) : [];
  const isHeld = control !== null && control.wish !== "run" && record.backfilledAt === null && isUnfinished(record);
  const gates = await gatesOf(asking, record, steps);
  const migration = asking.migrations.find((m) => m.id === record.id);
  const anew = await beginsAnew(asking, record, migration, steps);
  const drift = anew ? null : driftOf(record, migration);
  const gone = await goneOf(asking, record, steps);
  const worked = isUnfinished(record) && (await isWorkedOn(asking, current));
  const kept = allOpen(gates) || record.status === "failed" ? await keptOf(asking, record, steps) : null;
  return {
    id: record.id,
    name: record.name,
    status: record.status,
    release: record.expandRelease,
    steps: steps.map((s) => ({ id: s.stepId, phase: phases.get(s.stepId) ?? "", status: s.status, error: s.error })),
    backfill: backfillStatus(current, control, worked),
    ...(passedOver.length > 0 ? { passedOver } : {}),
    gates,
    error: record.error,
    fileProblem: drift === null ? null : problemOf(drift),
    ...(record.plan.baseline === true ? { baseline: true as const } : {}),
    next: nextOf({
      record,
      gates,
      drift,
      fileGone: migration === undefined,
      anew,
      ...gone,
      gone: gone.gone ?? kept,
      differs: foundDiffering(record, steps),
      passedOver: passedOver.length > 0,
      undone: steps.some((s) => s.status === "undone"),
      worked,
      held: isHeld ? `${STATES[control.wish]} ${byWhom(control)}` : null,
    }),
  };
}

/** What `apply` does with one that has not begun. */
function nextOfPending({ id }: Migration, { skipped, refused }: OutOfOrder): string {
  const refusal = refused.get(id);
  if (refusal !== undefined) return `\`zmigrate apply\` refuses it. ${refusal.reason} ${refusal.help}`;
  return skipped.has(id)
    ? "`zmigrate apply` leaves it out: one behind it has run, and `execOrder` is linear-skip"
    : "`zmigrate apply` begins it, or says what it waits for";
}

const pending = (migration: Migration, late: OutOfOrder): MigrationStatusReport => ({
  id: migration.id,
  name: migration.slug,
  status: "pending",
  release: null,
  steps: [],
  backfill: null,
  gates: [],
  error: null,
  fileProblem: null,
  next: nextOfPending(migration, late),
});

/** How every migration of the folder and of the journal stands. Reads only. */
export async function status(options: StatusOptions): Promise<StatusReport> {
  const session = await options.database.open();
  try {
    const journal = journalOf(options.database);
    const records = (await journal.exists(session)) ? await journal.migrations(session) : [];
    const known = new Set(records.map((r) => r.id));
    const late = outOfOrder(options.migrations, records, options.execOrder);
    const reports = options.migrations.filter((m) => !known.has(m.id)).map((m) => pending(m, late));
    for (const record of records) reports.push(await begun({ ...options, session, journal }, record));
    return { migrations: reports.toSorted((a, b) => a.id.localeCompare(b.id)) };
  } finally {
    await session.close();
  }
}
