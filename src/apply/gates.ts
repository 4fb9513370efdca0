import { stopIfAsked } from "../backfill/interrupted.js";
import type { Patience } from "../engines/engine.js";
import type { GateContext } from "../gates/gate.js";
import { checkGates } from "../gates/index.js";
import { NO_GATES } from "../gates/setting.js";
import { SEEN } from "../journal/journal.js";
import type { MigrationRecord, StepRecord } from "../journal/records.js";
import { type GateResult, isPassed } from "../model/gate.js";
import { noted, type Run } from "./run.js";

/** The action of an audit entry: a person has gone on past a gate that was not open. */
const ACCEPTED = "gate-accepted";

/** What is asked about. */
interface Asked {
  readonly record: MigrationRecord;
  readonly steps: readonly StepRecord[];
  readonly stage: GateContext["stage"];
}

const keep = (run: Run, migrationId: string, on: string, detail: string): Promise<void> =>
  noted(run, () =>
    run.journal.audit(run.main, { action: SEEN, migrationId, stepId: on, release: run.options.release, detail }),
  );

async function ask(run: Run, asked: Asked, patience?: Patience): Promise<readonly GateResult[]> {
  const { database, release, replicaUrls, soakMs, parkMs, gates: settings = NO_GATES, acceptGates } = run.options;
  const now = await run.journal.now(run.main);
  const releases = await run.journal.releases(run.main);
  return checkGates({
    database,
    session: run.main,
    ...asked,
    ...(run.options.migrations.some((m) => m.id === asked.record.id) ? {} : { withoutFile: true }),
    release,
    releases,
    replicaUrls,
    now,
    soakMs,
    parkMs,
    settings,
    inFleet: run.options.inFleet ?? null,
    memory: {
      read: (on) => run.journal.seenOn(run.main, asked.record.id, on),
      keep: (on, text) => keep(run, asked.record.id, on, text),
    },
    ...(acceptGates === undefined ? {} : { accept: acceptGates }),
    ...(patience === undefined ? {} : { patience }),
  });
}

/** Gates that are closed, if all of them open by themselves within moments; else none: waiting for one is no use. */
function passing(gates: readonly GateResult[]): readonly GateResult[] {
  const shut = gates.filter((g) => !isPassed(g));
  return shut.every((g) => g.passing === true) ? shut : [];
}

/** Says that it was waited for, and that nothing else is needed. */
function waitedFor(gate: GateResult, waitedMs: number): GateResult {
  const seconds = Math.round(waitedMs / 1000);
  const reason = `${gate.reason}; this run waited ${seconds} s for it (--lock-wait), and the same command goes on when it has caught up`;
  return Object.freeze({ ...gate, reason });
}

/**
 * The gates of a stage. Where nothing but replicas that are behind keeps it closed, they are given as long as another
 * runner would be: what they replay may be the very backfill that has just ended, and the deploy is not to fail for it.
 *
 * @throws Interrupted when the run was asked to stop
 */
export async function gatesOf(run: Run, asked: Asked): Promise<readonly GateResult[]> {
  const { lockWaitMs, emit } = run.options;
  const began = performance.now();
  const first = await ask(run, asked);
  const waiting = passing(first);
  if (waiting.length === 0) return first;
  const left = lockWaitMs - (performance.now() - began);
  if (left > 0) emit({ event: "waiting-for-gate", migration: asked.record.id, stage: asked.stage, gates: waiting });
  const last = left > 0 ? await ask(run, asked, { ms: left, signal: run.signal }) : first;
  stopIfAsked(run.signal);
  const waitedMs = performance.now() - began;
  const shut = passing(last);
  return last.map((gate) => (shut.includes(gate) ? waitedFor(gate, waitedMs) : gate));
}

/** Keeps what was accepted, and what the gate had found. */
export async function auditAccepted(run: Run, { record, stage }: Asked, gates: readonly GateResult[]): Promise<void> {
  for (const { name, state, reason, accepted, evidence } of gates) {
    if (accepted === undefined) continue;
    const detail = JSON.stringify({ gate: name, stage, because: accepted, state, found: reason, evidence });
    const of = { migrationId: record.id, stepId: null, release: run.options.release };
    await run.journal.audit(run.main, { action: ACCEPTED, ...of, detail });
  }
}
