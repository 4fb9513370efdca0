import type { GateResult } from "./gate.js";

/** How a backfill stands. */
export interface BackfillStatus {
  readonly rowsDone: number;
  readonly rowsTotal: number;
  readonly rowsPerSecond: number;
  readonly etaSeconds: number | null;
  /** `running`, `paused` or `cancelled` by a person, `stopped` where no process works on it, `done`. */
  readonly state: string;
  readonly waitingFor: string | null;
}

/** Rows that a backfill has passed over: the database refuses them, and they are as they were. */
export interface PassedOver {
  readonly step: string;
  readonly rows: number;
  /** The first of them: `id = 7`, and what the database said. */
  readonly first: readonly { readonly key: string; readonly reason: string }[];
}

/** A migration's file is not what was begun. */
export interface FileProblem {
  readonly kind: "edited" | "missing";
  /** Where it is, or where it was. */
  readonly file: string;
  /** One sentence, with the file. */
  readonly reason: string;
}

export interface MigrationStatusReport {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  /** The release that expanded it. */
  readonly release: string | null;
  readonly steps: readonly {
    readonly id: string;
    readonly phase: string;
    readonly status: string;
    readonly error: string | null;
  }[];
  readonly backfill: BackfillStatus | null;
  /** Absent where no row was passed over. */
  readonly passedOver?: readonly PassedOver[];
  /** Of the contract stage that comes next; empty before the backfill is done and after the drop. */
  readonly gates: readonly GateResult[];
  readonly error: string | null;
  /** Why `apply` will not go on with its file as it is; null when it will. */
  readonly fileProblem: FileProblem | null;
  /** Present, and true, where `baseline` has recorded it: the database had it before. */
  readonly baseline?: true;
  /** What a person does next. */
  readonly next: string;
}

export interface StatusReport {
  readonly migrations: readonly MigrationStatusReport[];
}
