import { activeSessions } from "./active-sessions.js";
import { binlogRate } from "./binlog-rate.js";
import { expectedReplicas } from "./expected-replicas.js";
import { historyLength } from "./history-length.js";
import { lockWaiters } from "./lock-waiters.js";
import { longTransactions } from "./long-transactions.js";

/** What a backfill can wait for on MySQL and MariaDB besides the lag of replicas. A new signal is one file and one line here. */
export const MYSQL_SIGNALS = Object.freeze([
  lockWaiters,
  expectedReplicas,
  longTransactions,
  historyLength,
  activeSessions,
  binlogRate,
] as const);
