import type { Finding } from "./finding.js";
import type { RelationName } from "./name.js";
import type { MigrationPlan, PlanRefusal } from "./plan.js";
import type { QueryCompatibility } from "./query.js";
import type { SampledPair } from "./row-pair.js";

/** How large a table is. Estimates of the server; null where it has none. */
export interface TableSize {
  readonly relation: RelationName;
  readonly rows: number | null;
  readonly bytes: number | null;
}

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
  /** The tables that its steps are about; absent where no size is known. */
  readonly sizes?: readonly TableSize[];
  /** What live rows say of conversions; absent where there are none, or no database. */
  readonly samples?: readonly SampledPair[];
  /** Absent where no queries were asked for. */
  readonly compatibility?: readonly QueryCompatibility[];
}

export interface PlanReport {
  readonly engine: string;
  readonly version: string;
  /** The character around an identifier in SQL of this engine. */
  readonly quote: string;
  readonly schemaSource: "database" | "shadow" | "files";
  /** Present, and true, where there is no migration at all. */
  readonly none?: true;
  /** Migrations that were rolled back and whose files are not there any more; absent where there is none, or no database. */
  readonly gone?: readonly string[];
  /** Left out, as they stand before one that has run; absent where there is none, or no database. */
  readonly skipped?: readonly string[];
  readonly migrations: readonly PlannedMigration[];
}
