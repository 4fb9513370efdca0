import { duration } from "../../../files/duration.js";
import { limitJudge } from "../../limit.js";
import { go } from "../../reading.js";
import { defineSignal } from "../../signal.js";
import { age } from "../../signal-settings.js";
import { TRANSACTION_AGE_MS } from "../transaction-age.js";
import { seeing } from "./sight.js";

const OLDEST = `SELECT t.trx_mysql_thread_id AS id, ${TRANSACTION_AGE_MS} AS ms FROM information_schema.INNODB_TRX t
  WHERE t.trx_mysql_thread_id NOT IN (?) ORDER BY t.trx_started LIMIT 1`;

/**
 * Measured: what INNODB_TRX shows is renewed only when nobody has read it for 100 ms, so that it must not be asked often.
 *
 * The age of the oldest InnoDB transaction: while it lasts, nothing that a backfill overwrites is purged. Off by default:
 * a nightly dump is a long transaction.
 */
export const longTransactions = defineSignal({
  name: "longTransactions",
  setting: age,
  everyMs: 1_000,
  open(max, watch) {
    const judge = limitJudge(max);
    return {
      async read() {
        const [row] = await seeing(watch, "other sessions' transactions", "PROCESS ON *.*", (s) =>
          s.query<{ id: string; ms: string }>(OLDEST, [[-1, ...watch.database.ownSessions()]]),
        );
        if (row === undefined) return go("no other transaction is open in InnoDB");
        const ms = Number(row.ms);
        // XA transactions that were prepared before a restart have no connection.
        const whose = Number(row.id) === 0 ? "a prepared XA transaction" : `connection ${row.id}`;
        return judge(ms, `a transaction has been open for ${duration(ms)} (limit ${duration(max)}): ${whose}`);
      },
    };
  },
});
