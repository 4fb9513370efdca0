import type { Catalog } from "../model/catalog.js";
import type { Lock } from "../model/effect.js";
import type { RelationName } from "../model/name.js";
import type { BackfillWork } from "../model/step.js";
import type { Version } from "./engine.js";

/** What was seen while statements ran. */
export interface Sight {
  /** On tables and views that were there before; the engine's own names of modes. */
  readonly locks: readonly Omit<Lock, "held">[];
  /** Tables that were there before and got a new file. */
  readonly rewrites: readonly RelationName[];
  /** Why the statements failed, in the server's words; null when they did not. */
  readonly failed: string | null;
  /** False where a statement runs only outside a transaction: its locks are gone when it ends. */
  readonly watched: boolean;
}

/** An empty database of its own in which a history is replayed and a plan is tried. Gone with the process. */
export interface Shadow {
  /** `PostgreSQL 18.6`. */
  readonly name: string;
  readonly version: Version;
  /** Runs statements together where they may stand in one transaction, and watches them. Never throws for what the server refuses. */
  run(statements: readonly string[]): Promise<Sight>;
  /** Does at once what a backfill does in batches. */
  fill(work: BackfillWork): Promise<Sight>;
  /** The schema as it is now, read as a live database's is. */
  introspect(): Promise<Catalog>;
  close(): Promise<void>;
}
