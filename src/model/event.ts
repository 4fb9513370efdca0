import type { GateResult } from "./gate.js";
import type { PhaseName } from "./phase.js";

/** Who holds what a step waits for. */
export interface Blocker {
  /** Of the session; 0 for a prepared transaction, which has none. */
  readonly pid: number;
  /** The name of a prepared transaction, "" where this user may not see it; absent for a session. */
  readonly prepared?: string;
  /** "" for a prepared transaction where the server does not say who has prepared it. */
  readonly user: string;
  readonly application: string;
  /** Age of its transaction, milliseconds; null when unknown. */
  readonly ageMs: number | null;
  /** What it runs, or ran last, without its constants; of a prepared transaction what ends it. */
  readonly query: string;
}

/** What a run tells while it goes. Each is also a line of `apply --json`, with `time` added; keys never change meaning. */
export type RunEvent =
  | { readonly event: "waiting-for-lock"; readonly holder: string }
  | {
      /** Another run has the lock, and this one works with it on its backfill. */
      readonly event: "helping";
      readonly migration: string;
      readonly step: string;
    }
  | { readonly event: "migration-started"; readonly migration: string; readonly name: string; readonly status: string }
  | {
      readonly event: "step-started";
      readonly migration: string;
      readonly step: string;
      readonly phase: PhaseName;
      readonly kind: string;
      readonly sql: readonly string[];
      readonly reason: string;
    }
  | {
      /** What is read of the catalog waits for somebody who changes a table. */
      readonly event: "catalog-blocked";
      readonly blockers: readonly Blocker[];
    }
  | {
      /** COMMITs wait for another server to have what they wrote: told once until they have gone on. */
      readonly event: "commit-waits";
      readonly why: string;
    }
  | {
      /** The run was asked to stop, and waits for these COMMITs no longer. They are on this server's disk. */
      readonly event: "commit-not-awaited";
      readonly commits: number;
    }
  | {
      readonly event: "step-blocked";
      readonly migration: string;
      readonly step: string;
      readonly blockers: readonly Blocker[];
    }
  | {
      readonly event: "step-retried";
      readonly migration: string;
      readonly step: string;
      readonly attempt: number;
      readonly waitMs: number;
      readonly why: string;
    }
  | {
      readonly event: "step-done";
      readonly migration: string;
      readonly step: string;
      readonly phase: PhaseName;
      readonly ms: number;
    }
  | {
      /** A line of a program that rebuilds a table, or about it. */
      readonly event: "tool-output";
      readonly migration: string;
      readonly step: string;
      readonly tool: string;
      readonly line: string;
    }
  | {
      readonly event: "batch";
      readonly migration: string;
      readonly step: string;
      readonly rowsDone: number;
      readonly rowsTotal: number;
      /** Rows a second. */
      readonly rate: number;
      readonly etaSeconds: number | null;
      readonly batchRows: number;
      readonly batchMs: number;
      readonly lagMs: number | null;
      /** Of the time since this process began with the step, the share that it waited for a throttle: 0 to 1. */
      readonly throttledShare: number;
    }
  | {
      /** How far a comparison of rows has come: about once a second, not for one that is over sooner. */
      readonly event: "comparing";
      readonly migration: string;
      readonly step: string;
      readonly rowsDone: number;
      /** An estimate. */
      readonly rowsTotal: number;
      /** Rows a second. */
      readonly rate: number;
      readonly etaSeconds: number | null;
    }
  | {
      readonly event: "throttled";
      readonly migration: string;
      readonly step: string;
      readonly reason: string;
      readonly rowsDone: number;
      readonly rowsTotal: number;
      readonly lagMs: number | null;
    }
  | {
      /** All ranges are given away, and other processes are about the last ones: these are waited for. */
      readonly event: "waiting-for-workers";
      readonly migration: string;
      readonly step: string;
      readonly ranges: number;
    }
  | {
      /** A signal that is on by default, and that this role may not read: told once in a run, which goes on without it. */
      readonly event: "signal-left-out";
      readonly migration: string;
      readonly step: string;
      readonly signal: string;
      /** What is missing, and what lets it be read. */
      readonly why: string;
    }
  | {
      /** A batch takes much longer than any should. */
      readonly event: "batch-slow";
      readonly migration: string;
      readonly step: string;
      readonly forMs: number;
      /** What the server is about, in its words. */
      readonly why: string;
    }
  | {
      /** The `map` of a backfill in TypeScript has not returned for its batch. */
      readonly event: "waiting-for-code";
      readonly migration: string;
      readonly step: string;
      readonly rows: number;
      readonly forMs: number;
    }
  | {
      readonly event: "batch-retried";
      readonly migration: string;
      readonly step: string;
      readonly why: string;
      readonly rows: number;
    }
  | {
      /** A row that the database refuses was passed over, as `--max-bad-rows` allows. */
      readonly event: "bad-row";
      readonly migration: string;
      readonly step: string;
      /** `id = 7` */
      readonly key: string;
      readonly why: string;
    }
  | {
      /** A backfill has come to its end. */
      readonly event: "backfilled";
      readonly migration: string;
      readonly step: string;
      /** Those that it went over. */
      readonly rows: number;
      /** Those that it has written: others had their value, or their code has let them be. */
      readonly rowsChanged: number;
      /** Those that the database refuses, as `--max-bad-rows` allows. */
      readonly passedOver: number;
    }
  | {
      /** A comparison is to read a replica, which is behind: it is given so long, then the primary is read. */
      readonly event: "waiting-for-replica";
      readonly migration: string;
      readonly step: string;
      /** Which one, and how far it is behind. */
      readonly reason: string;
      readonly forMs: number;
    }
  | {
      readonly event: "verified";
      readonly migration: string;
      readonly step: string;
      readonly rows: number;
      readonly mismatches: number;
      /** The replica that was read in the primary's place: `replica 10.0.0.7:5432`; absent where none was. */
      readonly on?: string;
    }
  | {
      /** A verification found rows that differ: the whole table is gone over once more, and verified again. */
      readonly event: "another-pass";
      readonly migration: string;
      readonly step: string;
      readonly pass: number;
      readonly of: number;
      readonly mismatches: number;
      /** Keys of some of these rows. */
      readonly examples: readonly string[];
    }
  | {
      /** Nothing but these gates keeps a stage closed, and they open by themselves. */
      readonly event: "waiting-for-gate";
      readonly migration: string;
      readonly stage: "swap" | "drop";
      readonly gates: readonly GateResult[];
    }
  | {
      readonly event: "gate";
      readonly migration: string;
      readonly stage: "swap" | "drop";
      readonly gates: readonly GateResult[];
    }
  | {
      /** A rollback is about to begin: code that uses these columns fails from then on. */
      readonly event: "rollback-begins";
      readonly migration: string;
      readonly gone: readonly string[];
      /** What else in the database may name them: `view v names t.b`; absent for nothing. */
      readonly named?: readonly string[];
    }
  | { readonly event: "step-undone"; readonly migration: string; readonly step: string }
  | {
      readonly event: "migration-done";
      readonly migration: string;
      readonly status: string;
      /** Of a rollback, what it has not given back, in sentences; absent for nothing. */
      readonly leaves?: readonly string[];
    }
  | {
      readonly event: "done";
      readonly migrations: number;
      readonly waiting: readonly string[];
      /** Present, and true, where there is no migration at all. */
      readonly none?: true;
      /** Rolled back, and their files are not there any more; absent where there is none. */
      readonly gone?: readonly string[];
      /** Left out, as they stand before one that has run; absent where there is none. */
      readonly skipped?: readonly string[];
    }
  | { readonly event: "failed"; readonly code: string; readonly message: string };

export type Emit = (event: RunEvent) => void;
