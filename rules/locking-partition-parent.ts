import { queuedPartition } from "./new-partition.js";
import { POSTGRES, type Rule } from "./rule.js";

/** Where the DEFAULT partition is read as well, `blocking-table-access` says so. */
export const rule: Rule = {
  id: "locking-partition-parent",
  engines: POSTGRES,
  severity: "warning",
  protects:
    "PARTITION OF takes the parent's strongest lock: it waits for every query of it, and every query waits behind it.",
  check: queuedPartition,
  bad: [
    { sql: "CREATE TABLE readings_3 PARTITION OF readings FOR VALUES WITH (MODULUS 4, REMAINDER 3);" },
    { sql: "CREATE TABLE events_rest PARTITION OF events DEFAULT;" },
  ],
  good: [
    {
      sql: "CREATE TABLE events (id bigint, day date) PARTITION BY RANGE (day);\nCREATE TABLE events_2031 PARTITION OF events FOR VALUES FROM ('2031-01-01') TO ('2032-01-01');",
    },
    {
      sql: "CREATE TABLE events_2031 (LIKE events INCLUDING ALL EXCLUDING IDENTITY);\nALTER TABLE events ATTACH PARTITION events_2031 FOR VALUES FROM ('2031-01-01') TO ('2032-01-01');",
    },
  ],
};
