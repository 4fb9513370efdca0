import type { InFleet } from "../config/environments.js";
import type { Database, Patience, Session } from "../engines/engine.js";
import type { MigrationRecord, StepRecord } from "../journal/records.js";
import type { Releases } from "../journal/releases.js";
import type { GateResult } from "../model/gate.js";
import type { Acceptance } from "./accept.js";
import type { GateSettings } from "./setting.js";

/** What gates have seen of a migration before, by what it was seen on. */
export interface Memory {
  read(on: string): Promise<string | null>;
  /** Null for one who only looks. */
  readonly keep: ((on: string, text: string) => Promise<void>) | null;
}

/** What a gate may look at. */
export interface GateContext {
  readonly database: Database;
  readonly session: Session;
  readonly record: MigrationRecord;
  readonly steps: readonly StepRecord[];
  /** "swap" can still be undone, "drop" cannot. */
  readonly stage: "swap" | "drop";
  /** Present, and true, where the folder of the one who asks has not the migration's file. */
  readonly withoutFile?: true;
  /** The release that asks. */
  readonly release: string | null;
  readonly releases: Releases;
  readonly replicaUrls: readonly string[];
  /** How long replicas that are behind are given; a moment when it is left out. */
  readonly patience?: Patience;
  /** The database's clock. */
  readonly now: Date;
  /** Milliseconds, from the configuration; a migration's own directive goes before it. */
  readonly soakMs: number;
  readonly parkMs: number;
  readonly memory: Memory;
  /** What the configuration says of gates. */
  readonly settings: GateSettings;
  /** The databases whose code is rolled out with this one's; null, or absent, where there are none. */
  readonly inFleet?: InFleet | null;
  /** What a person accepts; absent for nothing. */
  readonly accept?: Acceptance;
}

export type { GateResult };

export interface Gate {
  readonly name: string;
  /** Present, and true, where it is on for every migration. */
  readonly always?: true;
  /** Null when the gate has nothing to say at this stage. */
  check(context: GateContext): Promise<GateResult | null>;
}

const result =
  (state: GateResult["state"]) =>
  (name: string, reason: string, evidence?: GateResult["evidence"]): GateResult =>
    Object.freeze({ name, state, reason, ...(evidence === undefined ? {} : { evidence }) });

export const open = result("open");
export const closed = result("closed");
export const unknown = result("unknown");
