import { findTable } from "../src/engines/engine.js";
import type { RelationName } from "../src/model/name.js";
import { breakageOf } from "./breakage.js";
import { blockedBy, longLock } from "./locks.js";
import { searchedPartition } from "./new-partition.js";
import { outsideTransaction } from "./outside-transaction.js";
import { ALL_ENGINES, type Rule, type RuleContext, type Verdict } from "./rule.js";
import { detailOf, isUnderstood } from "./understood.js";

const DOING = {
  scan: "every row is read",
  rewrite: "the table is written again",
  build: "the index is built",
  brief: "",
};

/** SQL that does the same beside the traffic, where there is such a thing. */
function besideTraffic(context: RuleContext): string | null {
  const { operation, engine } = context;
  if (engine.name !== "postgres" || operation.kind !== "other" || operation.relation === null) return null;
  const name = engine.quoteRelation(operation.relation);
  const outside = outsideTransaction(context);
  const reindex = detailOf(operation, "reindex");
  if (reindex !== null && (reindex.what === "index" || reindex.what === "table")) {
    return `${outside}Build it anew beside the traffic: REINDEX ${reindex.what.toUpperCase()} CONCURRENTLY ${name};`;
  }
  if (detailOf(operation, "refresh-view")?.withData === true) {
    return `Refresh it beside its readers, which needs a unique index over columns: REFRESH MATERIALIZED VIEW CONCURRENTLY ${name};`;
  }
  const attached = detailOf(operation, "attach-partition");
  if (attached === null) return null;
  const partition = engine.quoteRelation(attached.partition);
  const check = engine.quote(`${attached.partition.name}_bound`.slice(0, 63));
  return `First say by a CHECK that every row is within the bound, so that ATTACH reads none: ALTER TABLE ${partition} ADD CONSTRAINT ${check} CHECK (<the bound, and its columns IS NOT NULL>) NOT VALID; ALTER TABLE ${partition} VALIDATE CONSTRAINT ${check}; then attach it. Where ${name} has a DEFAULT partition, it needs a CHECK that the bound is not in it.`;
}

const SPLIT =
  "Split the change so that each statement holds its lock briefly, or run it when the table may stand still, and say so with an ignore.";

/** MyISAM and the like, where it is known, change next to nothing without a copy (MySQL, MariaDB). */
function ofOtherEngine({ catalog }: RuleContext, relation: RelationName): string | null {
  const engine = findTable(catalog, relation)?.engine ?? null;
  if (engine === null || /^innodb$/i.test(engine)) return null;
  return `${engine} copies or locks the table for all but names, defaults and comments: fill one of InnoDB beside it (pt-online-schema-change), or run it when the table may stand still, and say so with an ignore.`;
}

/** All tables of a database or a schema, one after the other: which they are is not said. */
function wholeReindex({ operation, engine }: RuleContext): Verdict | null {
  const reindex = detailOf(operation, "reindex");
  if (reindex === null || reindex.concurrently || reindex.what === "table" || reindex.what === "index") return null;
  const help =
    reindex.what === "system"
      ? "Run it when the application may stand still, and say so with an ignore: catalogs are not reindexed CONCURRENTLY."
      : `Build them anew beside the traffic: put CONCURRENTLY behind REINDEX ${reindex.what.toUpperCase()}.`;
  return {
    message: `One after the other, all writes of each table of the ${reindex.what}, and reads that plan with its indexes, wait while they are built (SHARE, ACCESS EXCLUSIVE).`,
    help: engine.name === "postgres" ? help : SPLIT,
  };
}

/** VACUUM FULL and CLUSTER without a table (PostgreSQL). */
function wholeRewrite({ operation, engine }: RuleContext): Verdict | null {
  if (detailOf(operation, "rebuild-table") === null || operation.relation !== null || engine.name !== "postgres")
    return null;
  const which =
    operation.kind === "other" && operation.what === "cluster"
      ? "each table of the database that was clustered before"
      : "each table of the database";
  return {
    message: `One after the other, all reads and writes of ${which} wait while it and its indexes are written again (ACCESS EXCLUSIVE).`,
    help: "Name the tables that need it, and run it when each may stand still; VACUUM without FULL lets reads and writes go on.",
  };
}

/** REINDEX of a table or an index: it is the table that people know. */
function tableReindex(context: RuleContext): Verdict | null {
  const { operation, effect, engine } = context;
  const reindex = detailOf(operation, "reindex");
  const table = effect.locks.find((lock) => lock.blocks === "writes" && lock.held === "build");
  const help = besideTraffic(context);
  if (reindex === null || table === undefined || help === null) return null;
  const readers = reindex.what === "index" ? "this index" : "an index";
  return {
    message: `Nobody can write to ${engine.quoteRelation(table.relation)} while it is built (SHARE), and reads that would use ${readers} of it wait (ACCESS EXCLUSIVE).`,
    help,
  };
}

/** IF NOT EXISTS: it may have been there, with rows. */
const MYISAM = "CREATE TABLE IF NOT EXISTS log (id int PRIMARY KEY, n int, KEY n (n)) ENGINE=MyISAM;";

export const rule: Rule = {
  id: "blocking-table-access",
  engines: ALL_ENGINES,
  severity: "error",
  fallback: true,
  costs: true,
  protects: "A lock that is held for as long as the table is large stops the application for that long.",
  check(context) {
    const { operation, effect, engine } = context;
    const lock = isUnderstood(operation) ? longLock(effect) : null;
    // Nobody writes to a materialized view, and its readers go on.
    const whole = wholeReindex(context) ?? wholeRewrite(context);
    if (whole !== null) return whole;
    if (lock === null || detailOf(operation, "refresh-view")?.concurrently === true) return null;
    const partition = searchedPartition(context);
    if (partition !== null) return partition;
    const reindexed = tableReindex(context);
    if (reindexed !== null) return reindexed;
    const table = engine.quoteRelation(lock.relation);
    const besides = [breakageOf(context), effect.fails].filter((why) => why !== null);
    const also = besides.length === 0 ? "" : ` Besides: ${besides.join("; ")}.`;
    return {
      message: `All ${blockedBy(lock)} of ${table} wait while ${DOING[lock.held]} (${lock.mode}).${also}`,
      help: besideTraffic(context) ?? ofOtherEngine(context, lock.relation) ?? SPLIT,
    };
  },
  bad: [
    { sql: "REINDEX DATABASE app;", engines: ["postgres"] },
    { sql: "VACUUM FULL;", engines: ["postgres"] },
    { sql: `${MYISAM} ALTER TABLE log ADD COLUMN age int;`, engines: ["mysql", "mariadb"] },
    { sql: "CREATE FULLTEXT INDEX users_bio ON users (bio);", engines: ["mysql", "mariadb"] },
    { sql: "CREATE TABLE events_2031 PARTITION OF events FOR VALUES FROM (2031) TO (2032);", engines: ["postgres"] },
  ],
  good: [
    { sql: "ALTER TABLE users ADD COLUMN age int;" },
    {
      sql: `${MYISAM} ALTER TABLE log COMMENT 'What was done', RENAME INDEX n TO by_n;`,
      engines: ["mysql", "mariadb"],
    },
    { sql: "REFRESH MATERIALIZED VIEW CONCURRENTLY totals;", engines: ["postgres"] },
    { sql: "CREATE INDEX users_email ON users (email);", engines: ["mysql", "mariadb"] },
    {
      sql: "CREATE TABLE events_2031 (LIKE events INCLUDING ALL EXCLUDING IDENTITY);",
      engines: ["postgres"],
    },
  ],
};
