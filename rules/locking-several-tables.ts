import { ownerOfSequence } from "../src/engines/postgres/own-sequence.js";
import { POSTGRES, type Rule } from "./rule.js";
import { detailOf } from "./understood.js";

const STRONG: ReadonlySet<string> = new Set(["reads", "writes"]);

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
    if (strong.every(({ relation, mode }) => held.some((h) => h.relation.name === relation.name && h.mode === mode)))
      return null;
    const own = new Set(strong.map((lock) => lock.relation.name));
    const other = held.find((lock) => !own.has(lock.relation.name));
    const [next] = strong;
    if (next === undefined || other === undefined || operation.relation === null) return null;
    const changed = detailOf(operation, "drop-object") ?? detailOf(operation, "alter-object");
    const owner = changed?.object === "sequence" ? ownerOfSequence(operation.relation, catalog) : null;
    // Whoever writes to the table waits for that already.
    if (owner !== null && held.some((lock) => lock.relation.name === owner.table.relation.name)) return null;
    return {
      message: `The lock on ${engine.quoteRelation(other.relation)} (from ${other.by}) is still held while this waits for ${engine.quoteRelation(next.relation)}: both stand still, and another session that locks them the other way round makes a deadlock.`,
      help: "Commit between them: one table a transaction.",
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
