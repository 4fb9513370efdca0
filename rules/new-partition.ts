import type { CreateTable } from "../src/model/operation.js";
import type { RuleContext, Verdict } from "./rule.js";

/** The bound as ATTACH PARTITION takes it. */
function boundOf({ bound }: CreateTable): string {
  switch (bound?.kind) {
    case "from-to":
      return `FOR VALUES ${bound.text}`;
    case "in":
      return `FOR VALUES IN (${bound.text})`;
    default:
      return "<the bound>";
  }
}

/**
 * CREATE TABLE ... PARTITION OF under a parent that has, or may have, a DEFAULT partition: the one thing that takes a
 * PARTITION OF longer than a moment. ATTACH leaves the parent open (measured on 18); LIKE may not bring an identity
 * along, which a table that is attached must not have (55000).
 */
export function newPartition({ operation, effect, engine }: RuleContext): Verdict | null {
  if (operation.kind !== "create-table" || operation.form !== "partition-of") return null;
  const [parent] = operation.sources ?? [];
  if (parent === undefined || !effect.scan) return null;
  const [whole, part] = [parent, operation.relation].map((name) => engine.quoteRelation(name));
  const by = operation.partitioned ? " <its PARTITION BY>" : "";
  return {
    message: `All reads and writes of ${whole} wait while every row of its DEFAULT partition is read (ACCESS EXCLUSIVE).`,
    help: `Make it a table of its own and attach it, while reads and writes of ${whole} go on: CREATE TABLE ${part} (LIKE ${whole} INCLUDING ALL EXCLUDING IDENTITY)${by}; ALTER TABLE ${whole} ATTACH PARTITION ${part} ${boundOf(operation)}; The rows of the DEFAULT partition are still read, under its own lock, unless a CHECK on it (NOT VALID, then VALIDATE) has said before that none is within the bound.`,
  };
}
