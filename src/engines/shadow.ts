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
  /** How it was seen; absent for the locks that were held. `server`: the server took the way that the statements assert. */
  readonly evidence?: "server";
}

/** A column of a query's result. */
export interface ResultColumn {
  readonly name: string;
  readonly type: string;
}

/** What a server says of a query without running it. */
export type Prepared =
  | {
      readonly kind: "works";
      readonly columns: readonly ResultColumn[];
      /** Types of its parameters, in order. */
      readonly parameters: readonly string[];
      /** The query with every name resolved and every `*` written out, as the server prints it. For comparing. */
      readonly meaning: string;
      /** Columns that an INSERT of it leaves out, which must not be NULL: a trigger may give them a value. */
      readonly leavesOut: readonly string[];
    }
  | { readonly kind: "breaks" | "unknown"; readonly reason: string };

/** An empty database of its own in which a history is replayed and a plan is tried. Gone with the process. */
export interface Shadow {
  /** `PostgreSQL 18.6`. */
  readonly name: string;
  readonly version: Version;
  /** Runs statements together where they may stand in one transaction, and watches them. Never throws for what the server refuses. */
  run(statements: readonly string[]): Promise<Sight>;
  /** Runs one statement of the history, of which nothing need be seen; absent where `run` is as cheap. */
  replay?(statement: string): Promise<Pick<Sight, "failed">>;
  /** Does at once what a backfill does in batches. */
  fill(work: BackfillWork): Promise<Sight>;
  /** What a probe says (`Step.probe`); absent where steps commit together with what tells that they ran. */
  state?(probe: string): Promise<string>;
  /** Parses, resolves and plans one query, which is not run. Parameters are written as the server's own. Never throws. */
  prepare(query: string): Promise<Prepared>;
  /** The schema as it is now, read as a live database's is. */
  introspect(): Promise<Catalog>;
  /**
   * A schema without what two that are equal for its users may differ in; absent where there is nothing of the kind.
   *
   * @param before the schema that both began with: what has come since is compared; absent where that is not known
   */
  comparable?(catalog: Catalog, before?: Catalog): Catalog;
  /** Present, and true, where nothing that is run in it can reach another database. */
  readonly isolated?: true;
  close(): Promise<void>;
}

/** A server that the user names, in which shadows are made. */
export interface ShadowServer {
  readonly version: Version;
  /** @throws ZmigrateError not-available where the user may make none */
  open(): Promise<Shadow>;
  /** Leaves nothing behind. */
  close(): Promise<void>;
}
