import { ownerOfSequence } from "../src/engines/postgres/own-sequence.js";
import type { Lock } from "../src/model/effect.js";
import type { Operation } from "../src/model/operation.js";
import { namesText } from "../src/plural.js";
import { writtenAs } from "./locks.js";
import { type HeldLock, POSTGRES, type Rule, type RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";

const STRONG: ReadonlySet<string> = new Set(["reads", "writes"]);

/** Each blocks all that those in front of it do. */
const MODES = ["SHARE", "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE"];

const includes = (held: Lock, lock: Lock): boolean =>
  held.relation.name === lock.relation.name && MODES.indexOf(held.mode) >= MODES.indexOf(lock.mode);

/** What an earlier statement of the transaction has dropped, and one behind this makes again, or gives the name. */
function missingMeanwhile({ held, laterOn }: RuleContext): string | null {
  const isMade = ({ drops, relation }: HeldLock): boolean =>
    [...laterOn(drops ?? ""), ...laterOn(relation.name)].some((later) => nameMade(later) === drops);
  return held.find((lock) => lock.drops !== null && isMade(lock))?.drops ?? null;
}

function nameMade(later: Operation): string | null {
  if (later.kind === "create-table") return later.relation.name;
  const named = detailOf(later, "rename-object") ?? detailOf(later, "rename-table");
  if (named !== null) return typeof named.to === "string" ? named.to : named.to.name;
  const added = detailOf(later, "add-constraint");
  return added === null ? (detailOf(later, "create-object")?.name?.name ?? null) : added.constraint.name;
}

function helpOf(context: RuleContext): string {
  const missing = missingMeanwhile(context);
  if (missing === null) return "Commit between them: one table a transaction.";
  return `Leave them in one transaction, or others meet a database without ${context.engine.quote(missing)} meanwhile; write SET LOCAL lock_timeout = '2s'; at its beginning, and run it again when it fails (55P03, 40P01).`;
}

export const rule: Rule = {
  id: "locking-several-tables",
  engines: POSTGRES,
  severity: "warning",
  aside: true,
  protects: "Locks are held until the transaction ends: two tables in one transaction wait for both, and can deadlock.",
  check(context) {
    const { operation, effect, held, inTransaction, engine, catalog } = context;
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
      message: `The lock on ${engine.quoteRelation(other.relation)} (from ${writtenAs(other)}) is still held while this waits for ${namesText(tables)}: ${tables.length > 1 ? "all" : "both"} stand still, and another session that locks them the other way round makes a deadlock.`,
      help: helpOf(context),
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
