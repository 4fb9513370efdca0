import type { Session } from "../../engine.js";

/** One replica's place: WAL positions are 64-bit counts of bytes. */
export interface ReplicaPosition {
  readonly name: string;
  /** Null when it cannot be read: the role lacks pg_monitor, or the replica is just starting. */
  readonly replayed: bigint | null;
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

/** The primary's WAL position and that of every streaming replica. Logical walsenders are no replicas of the schema. */
export async function positions(primary: Session): Promise<Positions> {
  const [row] = await primary.query<PositionRow>(`
    SELECT ${bytes("pg_catalog.pg_current_wal_lsn()")} AS written,
      (SELECT COALESCE(pg_catalog.json_agg(pg_catalog.json_build_array(
                COALESCE(NULLIF(r.application_name, ''), 'replica') || COALESCE(' ' || r.client_addr::text, ''), ${bytes("r.replay_lsn")})), '[]')
         FROM pg_catalog.pg_stat_replication r
        WHERE r.state IS DISTINCT FROM 'backup' AND NOT EXISTS (
              SELECT FROM pg_catalog.pg_replication_slots s WHERE s.active_pid = r.pid AND s.slot_type = 'logical'))::text AS replicas`);
  if (row === undefined) throw new Error("the primary told no position");
  const replicas = JSON.parse(row.replicas) as [string, string | null][];
  return {
    written: BigInt(row.written),
    replicas: replicas.map(([name, lsn]) => ({ name, replayed: lsn === null ? null : BigInt(lsn) })),
  };
}

/** What a replica says of itself. A server that is not in recovery has no replay position: null. */
export async function replayedBy(replica: Session, name: string): Promise<ReplicaPosition> {
  const [row] = await replica.query<{ lsn: string | null }>(
    `SELECT ${bytes("pg_catalog.pg_last_wal_replay_lsn()")} AS lsn`,
  );
  return { name, replayed: row?.lsn == null ? null : BigInt(row.lsn) };
}
