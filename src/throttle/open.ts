import type { Database } from "../engines/engine.js";
import type { SignalKind, Surroundings } from "../engines/signal.js";
import { ZmigrateError } from "../errors.js";
import type { RelationName } from "../model/name.js";
import { cached } from "./cached.js";
import { guarded } from "./guarded.js";
import type { ThrottleSetting } from "./setting.js";
import { SIGNALS } from "./signals/index.js";
import { type Throttle, throttleOf } from "./throttle.js";
import { watchOf } from "./watch.js";

/** The signals that a backfill of this database can wait for. */
const kindsOf = (database: Database): readonly SignalKind[] => [...SIGNALS, ...database.signals];

/**
 * Looks at what was asked for before anything is changed: a limit that nobody reads would be none.
 *
 * @throws ZmigrateError throttle-unfit: there is no such signal on this database, or it names what is not there
 */
export function checkSignals(
  database: Database,
  { signals, env }: ThrottleSetting,
  replicaUrls: readonly string[],
): void {
  const kinds = new Map(kindsOf(database).map((kind) => [kind.name, kind]));
  for (const [signal, setting] of Object.entries(signals)) {
    const kind = kinds.get(signal);
    const reason =
      kind === undefined
        ? `${database.server.engine} has no such signal: it has ${[...kinds.keys()].join(", ")}`
        : setting === false
          ? null
          : kind.problem(setting, { env, replicaUrls }, database.engine);
    if (reason !== null) throw new ZmigrateError("throttle-unfit", { signal, reason });
  }
}

export interface ThrottleOptions extends ThrottleSetting, Surroundings {
  readonly database: Database;
  /** The table whose rows are moved. */
  readonly relation: RelationName;
  /** Asked each time. */
  readonly maxLagMs: () => number;
  /** Told once of a signal that is on by default and may not be read. */
  readonly leftOut: (signal: string, why: string) => void;
}

/** How often the lag is measured, milliseconds: ten times within the limit, and no more often than a server would notice. */
const intervalFor = (maxLagMs: number): number => Math.min(200, Math.max(50, maxLagMs / 10));

/**
 * The throttle of a backfill: the lag of replicas, the signals that were asked for, and those that are on by default.
 *
 * @throws what the database throws when it cannot be watched
 */
export async function openThrottle(options: ThrottleOptions): Promise<Throttle> {
  const { database, relation, maxLagMs, replicaUrls, signals: chosen, leftOut } = options;
  const intervalMs = intervalFor(maxLagMs());
  const lag = await database.lagSignal({ maxLagMs, replicaUrls, intervalMs });
  const watch = watchOf(database, relation, options);
  const signals = kindsOf(database).flatMap((kind) => {
    const { name } = kind;
    const setting = chosen[name] ?? kind.byDefault;
    if (setting === null || setting === false) return [];
    const leaveOut = name in chosen ? null : (why: string) => leftOut(name, why);
    const readers = [kind.open(setting, watch)].flat();
    return readers.map((reader) => cached(guarded(reader, { name, database, leaveOut }), kind.everyMs));
  });
  const throttle = throttleOf([cached(lag, intervalMs), ...signals]);
  return {
    check: () => throttle.check(),
    async close() {
      await throttle.close();
      await watch.close();
    },
  };
}
