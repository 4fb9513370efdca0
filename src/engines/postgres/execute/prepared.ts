import type { Blocker } from "../../engine.js";
import { endedBy, preparedBlocker } from "../../prepared-holder.js";

/** A prepared transaction, as the server has it. */
export interface PreparedRow extends Record<string, unknown> {
  readonly gid: string;
  readonly owner: string;
  readonly age: string;
  /** What ends it, quoted by the server. */
  readonly commit: string;
  readonly rollback: string;
}

/** Of `pg_prepared_xacts p`. */
export const PREPARED_COLUMNS = `p.gid, p.owner::text AS owner,
            (EXTRACT(epoch FROM pg_catalog.clock_timestamp() - p.prepared) * 1000)::bigint::text AS age,
            pg_catalog.format('COMMIT PREPARED %L', p.gid) AS commit, pg_catalog.format('ROLLBACK PREPARED %L', p.gid) AS rollback`;

/**
 * Which locks, of `pg_locks l`, are those of `pg_prepared_xacts p`. They belong to no process, and to one virtual transaction:
 * measured, that of the session which has prepared it, and another one after a restart. Each holds its own number.
 */
export const IS_OF_PREPARED = `l.pid IS NULL AND EXISTS (
      SELECT 1 FROM pg_catalog.pg_locks own
      WHERE own.locktype = 'transactionid' AND own.pid IS NULL AND own.granted
        AND own.transactionid = p.transaction AND own.virtualtransaction = l.virtualtransaction)`;

export const toPreparedBlocker = ({ gid, owner, age, commit, rollback }: PreparedRow): Blocker =>
  preparedBlocker({ name: gid, user: owner, ageMs: Number(age), text: endedBy(commit, rollback) });
