import { findTable } from "../src/engines/engine.js";
import { parentOf } from "../src/engines/postgres/effects/relations.js";
import { queuedPartition } from "./new-partition.js";
import { outsideTransaction } from "./outside-transaction.js";
import { POSTGRES, type Rule, type RuleContext, type Verdict } from "./rule.js";
import { detailOf } from "./understood.js";

/** A partition that a statement takes away, and its parent. */
function takenPartition({ operation, catalog, phase }: RuleContext) {
  const { relation } = operation;
  if (relation === null) return null;
  const detached = detailOf(operation, "detach-partition");
  if (detached !== null) return detached.mode === "plain" ? { parent: relation, partition: detached.partition } : null;
  // Without the phase `ban-drop-table` says whom it holds up.
  const isDrop = detailOf(operation, "drop-table") !== null && phase === "contract";
  const parent = isDrop ? parentOf(catalog, relation) : null;
  return parent ? { parent, partition: relation } : null;
}

function takenOut(context: RuleContext): Verdict | null {
  const taken = takenPartition(context);
  const limit = context.settings.lock_timeout?.trim() ?? "0";
  if (taken === null || !/^0\D*$/.test(limit)) return null;
  const [whole, part] = [taken.parent, taken.partition].map((name) => context.engine.quoteRelation(name));
  const partitions = findTable(context.catalog, taken.parent)?.partitions ?? [];
  const beside = `${outsideTransaction(context)}Detach it beside the traffic: ALTER TABLE ${whole} DETACH PARTITION ${part} CONCURRENTLY;`;
  return {
    message: `It waits for the longest query on ${whole}, and all reads and writes of ${whole} wait behind it (ACCESS EXCLUSIVE).`,
    help: partitions.some((one) => one.default)
      ? "SET lock_timeout = '2s'; before it, and try again when it fails: beside a DEFAULT partition there is no CONCURRENTLY."
      : beside,
  };
}

/** Where the DEFAULT partition is read as well, `blocking-table-access` says so. */
export const rule: Rule = {
  id: "locking-partition-parent",
  engines: POSTGRES,
  severity: "warning",
  aside: true,
  protects:
    "PARTITION OF, DETACH and DROP of a partition take the parent's strongest lock: it waits for every query of it, and every query waits behind it.",
  check: (context) => queuedPartition(context) ?? takenOut(context),
  bad: [
    { sql: "ALTER TABLE events DETACH PARTITION events_1;" },
    { sql: "CREATE TABLE readings_3 PARTITION OF readings FOR VALUES WITH (MODULUS 4, REMAINDER 3);" },
    { sql: "CREATE TABLE events_rest PARTITION OF events DEFAULT;" },
  ],
  good: [
    { sql: "ALTER TABLE events DETACH PARTITION events_1 CONCURRENTLY;" },
    { sql: "SET lock_timeout = '2s';\nALTER TABLE events DETACH PARTITION events_1;" },
    {
      sql: "CREATE TABLE events (id bigint, day date) PARTITION BY RANGE (day);\nCREATE TABLE events_2031 PARTITION OF events FOR VALUES FROM ('2031-01-01') TO ('2032-01-01');",
    },
    {
      sql: "CREATE TABLE events_2031 (LIKE events INCLUDING ALL EXCLUDING IDENTITY);\nALTER TABLE events ATTACH PARTITION events_2031 FOR VALUES FROM ('2031-01-01') TO ('2032-01-01');",
    },
  ],
};
