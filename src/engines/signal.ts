import type { ZodType } from "zod";
import type { RelationName } from "../model/name.js";
import type { Database, Engine, Reading, Session } from "./engine.js";

/** Given to whoever describes a setting: zod loads slowly, and is loaded where a configuration has such settings. */
export type Zod = typeof import("zod").z;

/** The environment: what is secret stands there, and not in a file. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** What is known of a run before it connects. */
export interface Surroundings {
  readonly env: Variables;
  readonly replicaUrls: readonly string[];
}

/** What a signal may look at. */
export interface Watch extends Surroundings {
  readonly database: Database;
  /** The table whose rows are moved. */
  readonly relation: RelationName;
  /**
   * Asks on a session that the signals of a throttle share: for questions that are answered at once. It is opened with the
   * first question, and anew when it is lost or gives no answer.
   */
  ask<T>(work: (session: Session) => Promise<T>): Promise<T>;
}

/** A signal at work. */
export interface Reader {
  /** Reads now. What it throws stops the backfill, with what the error says; `Unseen` says the way out, too. */
  read(): Promise<Reading>;
  close?(): Promise<void>;
}

/** A signal that a configuration may name under `throttle`. */
export interface SignalKind<Name extends string = string, Given = unknown> {
  readonly name: Name;
  /** How its setting is read: what a person writes to what `open` takes. */
  readonly setting: (z: Zod) => ZodType<unknown, Given>;
  /** As `setting` reads it, where nothing is said; null for a signal that is on only where it is asked for. */
  readonly byDefault: unknown;
  /** How long a reading is good for, milliseconds. */
  readonly everyMs: number;
  /**
   * What is wrong with a setting that is right by itself: a variable that is not there, SQL that only writes. Null for nothing.
   *
   * @param engine loaded
   */
  problem(setting: unknown, around: Surroundings, engine: Engine): string | null;
  /** Several for a setting that is a list. */
  open(setting: unknown, watch: Watch): Reader | readonly Reader[];
}

/** What a new signal says of itself; what is left out has a default. */
export interface SignalGiven<Name extends string, Given, Setting> {
  readonly name: Name;
  readonly setting: (z: Zod) => ZodType<Setting, Given>;
  readonly byDefault?: NoInfer<Setting>;
  readonly everyMs?: number;
  readonly problem?: (setting: Setting, around: Surroundings, engine: Engine) => string | null;
  readonly open: (setting: Setting, watch: Watch) => Reader | readonly Reader[];
}

/** How long a reading is good for: batches that come a hundred times a second do not ask a hundred times, milliseconds. */
const EVERY_MS = 250;

/**
 * @example
 * export const activeSessions = defineSignal({
 *   name: "activeSessions",
 *   setting: count,
 *   open: (max, watch) => ({ read: () => ... }),
 * });
 */
export function defineSignal<const Name extends string, Given, Setting>(
  signal: SignalGiven<Name, Given, Setting>,
): SignalKind<Name, Given> {
  return Object.freeze({
    name: signal.name,
    setting: signal.setting,
    byDefault: signal.byDefault ?? null,
    everyMs: signal.everyMs ?? EVERY_MS,
    problem: (setting: unknown, around: Surroundings, engine: Engine) =>
      signal.problem?.(setting as Setting, around, engine) ?? null,
    open: (setting: unknown, watch: Watch) => signal.open(setting as Setting, watch),
  });
}

/** What a configuration may say of these signals, by name: a setting, or `false` for none. */
export type SettingsOf<Kinds extends readonly SignalKind[]> = {
  readonly [K in Kinds[number] as K["name"]]?: (K extends SignalKind<string, infer Given> ? Given : never) | false;
};

/** What a signal needs may not be seen: by this role, or with the server as it is set. */
export class Unseen extends Error {
  override readonly name = "Unseen";
  /** @param way what an administrator runs, or sets, so that it may */
  constructor(what: string, way: string) {
    super(`${what}; ${way}`);
  }
}
