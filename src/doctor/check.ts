import type { Database, Engine, Session } from "../engines/engine.js";
import type { Diagnosis } from "../engines/examination.js";
import type { Migration } from "../model/migration.js";
import type { ThrottleSetting } from "../throttle/setting.js";

/** What is looked at. Durations are milliseconds. */
export interface Patient {
  readonly engine: Engine;
  readonly database: Database;
  readonly session: Session;
  /** All migrations of the folder, in order. */
  readonly migrations: readonly Migration[];
  readonly replicaUrls: readonly string[];
  readonly throttle: ThrottleSetting;
  readonly release: string | null;
  readonly parkMs: number;
  readonly soakMs: number;
}

/** Looks at one thing that a run needs, and changes nothing. What it throws is told as a problem. */
export interface Check {
  readonly name: string;
  look(patient: Patient): Promise<Diagnosis>;
}
