import type { Session } from "../../engine.js";
import { kept } from "../../kept.js";
import { replicaName, replicaReason, replicaUnusable } from "../../replica.js";
import { targetOf } from "../execute/connect.js";
import { classify, describe } from "../execute/errors.js";

/** One replica's place: WAL positions are 64-bit counts of bytes. */
export interface ReplicaPosition {
  readonly name: string;
  /** Null when it cannot be read. */
  readonly replayed: bigint | null;
  /** Why it cannot, with the replica's name; "" when it can. */
  readonly why: string;
}

export interface Positions {
  readonly written: bigint;
  readonly replicas: readonly ReplicaPosition[];
}

interface PositionRow {
  readonly written: string;
  readonly replicas: string;
}

const bytes = (lsn: string) => `pg_catalog.pg_wal_lsn_diff(${lsn}, '0/0')::text`;

function positionOf(name: string, lsn: string | null, why: string): ReplicaPosition {
  return lsn === null
    ? { name, replayed: null, why: `replica ${name} ${why}` }
    : { name, replayed: BigInt(lsn), why: "" };
}

/** Of `pg_stat_replication r`: no replica of those that $1 names, by its application name, address or host. */
const NOT_IGNORED =
  "NOT COALESCE(ARRAY[r.application_name, pg_catalog.host(r.client_addr), r.client_hostname] && $1::text[], false)";

/**
 * The primary's WAL position and that of every streaming replica. Logical walsenders are no replicas of the schema.
 *
 * @param ignored replicas that nobody waits for
 */
export async function positions(primary: Session, ignored: readonly string[] = []): Promise<Positions> {
  const [row] = await primary.query<PositionRow>(
    `
    SELECT ${bytes("pg_catalog.pg_current_wal_lsn()")} AS written,
      (SELECT COALESCE(pg_catalog.json_agg(pg_catalog.json_build_array(
                COALESCE(NULLIF(r.application_name, ''), 'replica') || COALESCE(' ' || r.client_addr::text, ''), ${bytes("r.replay_lsn")})), '[]')
         FROM pg_catalog.pg_stat_replication r
        WHERE r.state IS DISTINCT FROM 'backup' AND NOT EXISTS (
              SELECT FROM pg_catalog.pg_replication_slots s WHERE s.active_pid = r.pid AND s.slot_type = 'logical')
          AND ${NOT_IGNORED})::text AS replicas`,
    [ignored],
  );
  if (row === undefined) throw new Error("the primary told no position");
  const replicas = JSON.parse(row.replicas) as [string, string | null][];
  // Null also for one that is just starting.
  const blind = "shows no position (the role may need pg_monitor)";
  return { written: BigInt(row.written), replicas: replicas.map(([name, lsn]) => positionOf(name, lsn, blind)) };
}

/** What a replica says of itself. One that was promoted keeps its last position, and replays nothing any more. */
async function replayedBy(replica: Session, name: string): Promise<ReplicaPosition> {
  const [row] = await replica.query<{ standby: boolean; lsn: string | null }>(
    `SELECT pg_catalog.pg_is_in_recovery() AS standby, ${bytes("pg_catalog.pg_last_wal_replay_lsn()")} AS lsn`,
  );
  if (row?.standby !== true) return positionOf(name, null, "is no standby any more: it takes writes itself");
  return positionOf(name, row.lsn, "has replayed nothing yet");
}

/** How long a replica may take to answer before it counts as too far behind, milliseconds. */
const ANSWER_MS = 3_000;

/** Replicas that were named by URL, and their positions. One that cannot be asked is tried again each time. */
export interface NamedReplicas {
  /** Never throws. */
  positions(): Promise<ReplicaPosition[]>;
  close(): Promise<void>;
}

/** @param open opens a session on one. @throws ZmigrateError replica-unusable */
export function namedReplicas(urls: readonly string[], open: (url: string) => Promise<Session>): NamedReplicas {
  const replicas = urls.map((url) => ({ name: replicaName(url, targetOf), link: kept(() => open(url)) }));
  const ask = async ({ name, link }: (typeof replicas)[number]): Promise<ReplicaPosition> => {
    try {
      return await link.ask(ANSWER_MS, (session) => replayedBy(session, name));
    } catch (error) {
      return { name, replayed: null, why: replicaReason(replicaUnusable(name, error, { classify, describe })) };
    }
  };
  return {
    positions: () => Promise.all(replicas.map(ask)),
    close: async () => void (await Promise.all(replicas.map((r) => r.link.close()))),
  };
}
