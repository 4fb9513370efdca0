import { ownerOfSequence } from "../src/engines/postgres/own-sequence.js";
import type { Lock } from "../src/model/effect.js";
import { namesText } from "../src/plural.js";
import { POSTGRES, type Rule } from "./rule.js";
import { detailOf } from "./understood.js";

const STRONG: ReadonlySet<string> = new Set(["reads", "writes"]);

/** Each blocks all that those in front of it do. */
const MODES = ["SHARE", "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE"];

const includes = (held: Lock, lock: Lock): boolean =>
  held.relation.name === lock.relation.name && MODES.indexOf(held.mode) >= MODES.indexOf(lock.mode);

export const rule: Rule = {
  id: "locking-several-tables",
  engines: POSTGRES,
  severity: "warning",
  aside: true,
  protects: "Locks are held until the transaction ends: two tables in one transaction wait for both, and can deadlock.",
  check({ operation, effect, held, inTransaction, engine, catalog }) {
    if (!inTransaction) return null;
    const strong = effect.locks.filter((lock) => STRONG.has(lock.blocks));
    // What the transaction has locked as strongly already is not waited for.
    const waited = strong.filter((lock) => !held.some((earlier) => includes(earlier, lock)));
    const own = new Set(strong.map((lock) => lock.relation.name));
    const other = held.find((lock) => !own.has(lock.relation.name));
    if (waited.length === 0 || other === undefined || operation.relation === null) return null;
    const changed = detailOf(operation, "drop-object") ?? detailOf(operation, "alter-object");
    const owner = changed?.object === "sequence" ? ownerOfSequence(operation.relation, catalog) : null;
    // Whoever writes to the table waits for that already.
    if (owner !== null && held.some((lock) => lock.relation.name === owner.table.relation.name)) return null;
    const tables = [...new Set(waited.map(({ relation }) => engine.quoteRelation(relation)))];
    return {
      message: `The lock on ${engine.quoteRelation(other.relation)} (from ${other.by}) is still held while this waits for ${namesText(tables)}: ${tables.length > 1 ? "all" : "both"} stand still, and another session that locks them the other way round makes a deadlock.`,
      help: "Commit between them: one table a transaction.",
      once: tables,
    };
  },
  bad: [{ sql: "BEGIN;\nALTER TABLE users ADD COLUMN a int;\nALTER TABLE teams ADD COLUMN a int;\nCOMMIT;" }],
  good: [
    {
      sql: "BEGIN;\nALTER TABLE users ADD COLUMN a int;\nCOMMIT;\nBEGIN;\nALTER TABLE teams ADD COLUMN a int;\nCOMMIT;",
    },
    { sql: "BEGIN;\nALTER TABLE users ADD COLUMN a int;\nALTER TABLE users ADD COLUMN b int;\nCOMMIT;" },
    { sql: "ALTER TABLE users ADD COLUMN a int;\nALTER TABLE teams ADD COLUMN a int;" },
  ],
};
