import type { Finding } from "./finding.js";
import type { MigrationPlan, PlanRefusal } from "./plan.js";

/** A migration as `plan` shows it. */
export interface PlannedMigration {
  readonly id: string;
  readonly name: string;
  readonly file: string;
  /** `pending`, or what the journal says of one that was begun. */
  readonly status: string;
  /** Null when it is refused. */
  readonly plan: MigrationPlan | null;
  readonly refusals: readonly PlanRefusal[];
  readonly findings: readonly Finding[];
  /** The gates of its contract, those that are always on among them; empty without a contract phase. */
  readonly gates: readonly { readonly name: string; readonly setting: string }[];
}

export interface PlanReport {
  readonly engine: string;
  readonly version: string;
  /** The character around an identifier in SQL of this engine. */
  readonly quote: string;
  readonly schemaSource: "database" | "shadow" | "files";
  readonly migrations: readonly PlannedMigration[];
}
