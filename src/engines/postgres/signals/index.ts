import { activeSessions } from "./active-sessions.js";
import { expectedReplicas } from "./expected-replicas.js";
import { lockWaiters } from "./lock-waiters.js";
import { longTransactions } from "./long-transactions.js";
import { slots } from "./slots.js";
import { vacuum } from "./vacuum.js";
import { walRate } from "./wal-rate.js";
import { xminAge } from "./xmin-age.js";

/** What a backfill can wait for on PostgreSQL besides the lag of replicas. A new signal is one file and one line here. */
export const POSTGRES_SIGNALS = Object.freeze([
  lockWaiters,
  slots,
  expectedReplicas,
  longTransactions,
  xminAge,
  activeSessions,
  walRate,
  vacuum,
] as const);
