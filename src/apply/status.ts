import { etaSeconds } from "../backfill/progress.js";
import type { Database, Session } from "../engines/engine.js";
import { allOpen, checkGates } from "../gates/index.js";
import { type Journal, journalOf } from "../journal/journal.js";
import type { BackfillRecord, MigrationRecord, StepRecord } from "../journal/records.js";
import type { GateResult } from "../model/gate.js";
import type { Migration } from "../model/migration.js";
import type { BackfillStatus, MigrationStatusReport, StatusReport } from "../model/status-report.js";

/** What a status is asked with. Durations are milliseconds. */
export interface StatusOptions {
  readonly database: Database;
  readonly migrations: readonly Migration[];
  readonly release: string | null;
  readonly replicaUrls: readonly string[];
  readonly parkMs: number;
  readonly soakMs: number;
}

interface Asking extends StatusOptions {
  readonly session: Session;
  readonly journal: Journal;
}

function stageOf(record: MigrationRecord): "swap" | "drop" | null {
  if (record.backfilledAt === null || record.finishedAt !== null || record.status === "rolled-back") return null;
  return record.swappedAt === null ? "swap" : "drop";
}

async function gatesOf(asking: Asking, record: MigrationRecord, steps: readonly StepRecord[]): Promise<GateResult[]> {
  const stage = stageOf(record);
  if (stage === null) return [];
  const { database, session, release, replicaUrls, parkMs, soakMs } = asking;
  return checkGates({
    database,
    session,
    record,
    steps,
    stage,
    release,
    replicaUrls,
    now: await asking.journal.now(session),
    soakMs,
    parkMs,
  });
}

function backfillStatus(record: BackfillRecord | null): BackfillStatus | null {
  if (record === null) return null;
  const { rowsDone, rowsTotal, rate, state, waitingFor } = record;
  return { rowsDone, rowsTotal, rowsPerSecond: Math.round(rate), etaSeconds: etaSeconds(record), state, waitingFor };
}

function nextOf(record: MigrationRecord, gates: readonly GateResult[], undone: boolean): string {
  if (undone && record.status !== "rolled-back") return `run \`zmigrate rollback ${record.id}\` again: it was cut off`;
  if (record.status === "contracted") return "nothing: it is finished";
  if (record.status === "rolled-back") return "remove the file, or `zmigrate apply` begins it anew";
  if (record.status === "failed") return "mend the cause, then `zmigrate apply` goes on at the failed step";
  if (stageOf(record) === null) return "`zmigrate apply` goes on";
  if (allOpen(gates)) return "`zmigrate apply --contract` goes on: all gates are open";
  return `wait for ${gates
    .filter((g) => g.state !== "open")
    .map((g) => g.name)
    .join(", ")}, then \`zmigrate apply --contract --release NEXT\``;
}

async function begun(asking: Asking, record: MigrationRecord): Promise<MigrationStatusReport> {
  const { journal, session } = asking;
  const steps = await journal.steps(session, record.id);
  const phases = new Map(record.plan.steps.map((s) => [s.id, s.phase]));
  const data = record.plan.steps.filter((s) => s.backfill !== null || s.verify !== null);
  const backfills = await Promise.all(data.map((s) => journal.backfill(session, record.id, s.id)));
  const current = backfills.findLast((b) => b !== null) ?? null;
  const gates = await gatesOf(asking, record, steps);
  return {
    id: record.id,
    name: record.name,
    status: record.status,
    release: record.expandRelease,
    steps: steps.map((s) => ({ id: s.stepId, phase: phases.get(s.stepId) ?? "", status: s.status, error: s.error })),
    backfill: backfillStatus(current),
    gates,
    error: record.error,
    next: nextOf(
      record,
      gates,
      steps.some((s) => s.status === "undone"),
    ),
  };
}

const pending = ({ id, slug }: Migration): MigrationStatusReport => ({
  id,
  name: slug,
  status: "pending",
  release: null,
  steps: [],
  backfill: null,
  gates: [],
  error: null,
  next: "`zmigrate apply` begins it",
});

/** How every migration of the folder and of the journal stands. Reads only. */
export async function status(options: StatusOptions): Promise<StatusReport> {
  const session = await options.database.open();
  try {
    const journal = journalOf(options.database);
    const records = (await journal.exists(session)) ? await journal.migrations(session) : [];
    const known = new Set(records.map((r) => r.id));
    const reports = options.migrations.filter((m) => !known.has(m.id)).map(pending);
    for (const record of records) reports.push(await begun({ ...options, session, journal }, record));
    return { migrations: reports.toSorted((a, b) => a.id.localeCompare(b.id)) };
  } finally {
    await session.close();
  }
}
