import { sameRelation } from "../src/engines/engine.js";
import type { RelationName } from "../src/model/name.js";
import type { CreateTable } from "../src/model/operation.js";
import type { RuleContext, Verdict } from "./rule.js";

type Asked = Pick<RuleContext, "operation" | "effect" | "engine" | "catalog">;

/** The bound as ATTACH PARTITION takes it. */
function boundOf({ bound }: CreateTable): string {
  switch (bound?.kind) {
    case "from-to":
      return `FOR VALUES ${bound.text}`;
    case "in":
      return `FOR VALUES IN (${bound.text})`;
    case "modulus":
      return `FOR VALUES WITH (${bound.text})`;
    case "default":
      return "DEFAULT";
    default:
      return "<the bound>";
  }
}

interface Below {
  readonly operation: CreateTable;
  readonly parent: RelationName;
}

function partitionOf({ operation }: Asked): Below | null {
  if (operation.kind !== "create-table" || operation.form !== "partition-of") return null;
  const [parent] = operation.sources ?? [];
  return parent === undefined ? null : { operation, parent };
}

/** LIKE may not bring an identity along, which a table that is attached must not have (55000). */
function attached({ operation, parent }: Below, { engine }: Asked): string {
  const [whole, part] = [parent, operation.relation].map((name) => engine.quoteRelation(name));
  const by = operation.partitioned ? " <its PARTITION BY>" : "";
  return `Make it a table of its own and attach it, while reads and writes of ${whole} go on: CREATE TABLE ${part} (LIKE ${whole} INCLUDING ALL EXCLUDING IDENTITY)${by}; ALTER TABLE ${whole} ATTACH PARTITION ${part} ${boundOf(operation)};`;
}

/**
 * CREATE TABLE ... PARTITION OF under a parent that has, or may have, a DEFAULT partition: the one thing that takes a
 * PARTITION OF longer than a moment.
 */
export function searchedPartition(asked: Asked): Verdict | null {
  const below = partitionOf(asked);
  if (below === null || !asked.effect.scan) return null;
  const whole = asked.engine.quoteRelation(below.parent);
  return {
    message: `All reads and writes of ${whole} wait while every row of its DEFAULT partition is read (ACCESS EXCLUSIVE).`,
    help: `${attached(below, asked)} The rows of the DEFAULT partition are still read, under its own lock, unless a CHECK on it (NOT VALID, then VALIDATE) has said before that none is within the bound.`,
  };
}

/** CREATE TABLE ... PARTITION OF under a parent that others use, and nothing is searched: it waits for who reads, and ATTACH does not. */
export function queuedPartition(asked: Asked): Verdict | null {
  const below = partitionOf(asked);
  if (below === null || asked.effect.scan) return null;
  const { effect, engine, catalog } = asked;
  const isParent = (relation: RelationName) => sameRelation(relation, below.parent, catalog.defaultSchema);
  if (!effect.locks.some(({ relation, blocks }) => blocks === "reads" && isParent(relation))) return null;
  const whole = engine.quoteRelation(below.parent);
  return {
    message: `It waits for the longest query on ${whole}, and all reads and writes of ${whole} wait behind it (ACCESS EXCLUSIVE).`,
    help: attached(below, asked),
  };
}
