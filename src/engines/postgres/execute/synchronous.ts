import type { Session } from "../../engine.js";

interface State {
  readonly names: string;
  readonly commit: string;
  /** Synchronous standbys that are connected and keep up. */
  readonly there: number;
  /** Some are not shown to this role (pg_monitor). */
  readonly hidden: boolean;
}

const STATE = `
  SELECT pg_catalog.current_setting('synchronous_standby_names') AS names, pg_catalog.current_setting('synchronous_commit') AS commit,
         (pg_catalog.count(*) FILTER (WHERE state = 'streaming' AND sync_state IN ('sync', 'quorum')))::int AS there,
         pg_catalog.count(*) <> pg_catalog.count(sync_state) AS hidden
    FROM pg_catalog.pg_stat_replication`;

/** Settings of synchronous_commit with which a COMMIT waits for no standby. */
const LOCAL: ReadonlySet<string> = new Set(["off", "local"]);

/** How many standbys a COMMIT waits for: `FIRST 2 (a, b)`, `ANY 1 (*)`, `2 (a, b)`, `a, b`. @example neededBy("ANY 2 (a, b)") // 2 */
export function neededBy(names: string): number {
  if (names.trim() === "") return 0;
  return Number(/^\s*(?:FIRST\s+|ANY\s+)?(\d+)\s*\(/i.exec(names)?.[1] ?? 1);
}

/**
 * Whom every COMMIT of this session waits for without end, as the server stands now: standbys that are not connected.
 *
 * @returns null where there are enough of them, or the role may not see which there are
 */
export async function waitsForStandby(session: Session): Promise<string | null> {
  const [state] = await session.query<State>(STATE);
  if (state === undefined || LOCAL.has(state.commit) || state.hidden) return null;
  const { names, there } = state;
  const needed = neededBy(names);
  if (there >= needed) return null;
  return `synchronous_standby_names is ${names}, and ${there} of ${needed} ${needed === 1 ? "is" : "are"} connected`;
}

/** Those of `$1` whose COMMIT is on this server's disk, and waits for standbys to have it. */
const HELD = `FROM pg_catalog.pg_stat_activity WHERE pid = ANY ($1::int[]) AND wait_event_type = 'IPC' AND wait_event = 'SyncRep'`;

/**
 * What the COMMITs of these sessions wait for, seen from `observer`.
 *
 * @returns null where none of them waits for a standby
 */
export async function commitsWaitFor(observer: Session, ids: readonly number[]): Promise<string | null> {
  const [held] = await observer.query<{ names: string }>(
    `SELECT pg_catalog.current_setting('synchronous_standby_names') AS names ${HELD} LIMIT 1`,
    [ids],
  );
  if (held === undefined) return null;
  return (await waitsForStandby(observer)) ?? `synchronous_standby_names is ${held.names}`;
}

/**
 * Has these sessions' COMMITs wait no longer: to the server that is a warning, and no error.
 *
 * @returns how many did
 */
export async function endCommits(observer: Session, ids: readonly number[]): Promise<number> {
  return (await observer.query(`SELECT pg_catalog.pg_cancel_backend(pid) ${HELD}`, [ids])).length;
}
