import type { MaintainPartition } from "../../../../model/detail/partition.js";
import type { MaintainTable } from "../../../../model/detail/table.js";
import type { Effect } from "../../../../model/effect.js";
import { isInnodb } from "../../innodb.js";
import { altered, type Change, unaltered } from "../change.js";
import { analyzesQuietly } from "../server.js";
import type { Subject } from "../subject.js";
import { exclusive, REBUILD, REBUILD_SHARED } from "../ways.js";
import { worstChange } from "../worst.js";

/** ANALYZE, CHECK, CHECKSUM, OPTIMIZE and REPAIR TABLE. */
export function maintainTableChange({ verb }: MaintainTable, subject: Subject): Change {
  return verb === "vacuum" ? worstChange(subject.operation) : maintained(verb, subject);
}

/** The same for partitions. OPTIMIZE writes the whole table anew, and REBUILD its partitions while writers wait. */
export function maintainPartitionChange({ verb }: MaintainPartition, subject: Subject): Change {
  if (verb === "rebuild") return altered(subject.relation, REBUILD_SHARED);
  if (verb !== "optimize") return maintained(verb, subject);
  return altered(subject.relation, REBUILD, {
    assumes: ["InnoDB writes the whole table anew, whatever partitions are named"],
  });
}

type Verb = "analyze" | "check" | "checksum" | "optimize" | "repair";

function maintained(verb: Verb, subject: Subject): Change {
  if (subject.table !== null && !isInnodb(subject.table)) return lockedWhole(verb, subject);
  switch (verb) {
    case "optimize":
      return altered(subject.relation, REBUILD);
    case "analyze":
      return unaltered(analyzeSaid(subject));
    case "check":
    case "checksum":
      return unaltered({ scan: true, locks: [opened(subject)], transaction: verb === "check" ? "never" : "any" });
    case "repair":
      return unaltered({
        locks: [exclusive(subject.relation)],
        transaction: "never",
        assumes: ["InnoDB does not repair"],
      });
  }
}

/**
 * MyISAM and the like lock tables, not rows: reads, too, wait behind the first write that waits. MySQL 9.7, 1,000,000 rows:
 * ANALYZE 4.4 s, CHECK 5.9 s, OPTIMIZE 34.7 s, and the longest SELECT of one row waited as long.
 */
function lockedWhole(verb: Verb, { relation }: Subject): Change {
  const rewrite = verb === "optimize" || verb === "repair";
  const held = rewrite ? "rewrite" : "scan";
  const lock = Object.freeze({ relation, mode: "table lock", blocks: "reads", held } as const);
  return unaltered({ locks: [lock], scan: true, rewrite, transaction: verb === "checksum" ? "any" : "never" });
}

/** Other DDL waits. */
function opened({ relation }: Subject): Effect["locks"][number] {
  return Object.freeze({ relation, mode: "MDL SHARED READ", blocks: "ddl", held: "scan" });
}

/** Before about 8.0.24 the table's definition was flushed, and every new statement waited behind the longest query. */
function analyzeSaid(subject: Subject): Partial<Effect> {
  if (analyzesQuietly(subject.server)) return { transaction: "never" };
  const flush = { relation: subject.relation, mode: "TABLE FLUSH", blocks: "reads", held: "brief" } as const;
  return { transaction: "never", locks: [Object.freeze(flush)] };
}
