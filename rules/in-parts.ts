import { findTable } from "../src/engines/engine.js";
import type { RelationName } from "../src/model/name.js";
import type { CreateIndex } from "../src/model/operation.js";
import type { RuleContext } from "./rule.js";

type Asked = Pick<RuleContext, "engine" | "catalog">;

/** What an index is of, and how it is defined. */
export type IndexText = Pick<CreateIndex, "relation" | "name" | "unique" | "definition">;

/** The partitions of a table that files made; empty where it has none, or is not known. */
export const partitionsOf = (relation: RelationName, { catalog }: Pick<Asked, "catalog">): readonly RelationName[] =>
  (findTable(catalog, relation)?.partitions ?? []).map((partition) => partition.relation);

/** The index of a partitioned table in parts: each partition's is built beside the traffic (0A000 for the whole). */
export function indexInParts({ relation, name, unique, definition }: IndexText, asked: Asked): string {
  const { quote, quoteRelation } = asked.engine;
  const kind = unique ? "UNIQUE INDEX" : "INDEX";
  const called = name ?? `${relation.name}_idx`;
  const whole = `CREATE ${kind} ${quote(called)} ON ONLY ${quoteRelation(relation)} ${definition};`;
  return inParts(whole, { relation, name: called }, asked, (partition, own) => [
    `CREATE ${kind} CONCURRENTLY ${quote(own)} ON ${quoteRelation(partition)} ${definition};`,
  ]);
}

const SHOWN = 3;

/** A foreign key of a partitioned table, which cannot be NOT VALID before PostgreSQL 18. @param name quoted @param key the key without its name */
export function keyInParts(relation: RelationName, name: string, key: string, asked: Asked): string {
  const leaves = leavesOf(relation, asked);
  const added = (table: RelationName) =>
    `ALTER TABLE ${asked.engine.quoteRelation(table)} ADD CONSTRAINT ${name} ${key}`;
  const parts = leaves
    .slice(0, SHOWN)
    .flatMap((leaf) => [
      `${added(leaf)} NOT VALID;`,
      `ALTER TABLE ${asked.engine.quoteRelation(leaf)} VALIDATE CONSTRAINT ${name};`,
    ]);
  const rest = leaves.length - SHOWN;
  const more = rest > 0 ? ` The other ${rest} partitions get theirs before the last of these statements.` : "";
  return `Each statement in a transaction of its own, partition by partition (before PostgreSQL 18 the whole cannot be NOT VALID); the last one takes theirs over and reads no row: ${[...parts, `${added(relation)};`].join(" ")}${more}`;
}

/** The partitions that hold rows. */
const leavesOf = (relation: RelationName, asked: Pick<Asked, "catalog">): readonly RelationName[] =>
  partitionsOf(relation, asked).flatMap((one) =>
    partitionsOf(one, asked).length === 0 ? [one] : leavesOf(one, asked),
  );

/**
 * A statement for the table alone, and those for each partition, whose index then becomes a part of the table's.
 *
 * @param index the table, and the name of its index
 * @param build makes the index of a partition, under a name of its own
 */
export function inParts(
  whole: string,
  { relation, name }: { readonly relation: RelationName; readonly name: string },
  { engine, catalog }: Asked,
  build: (partition: RelationName, own: string) => readonly string[],
): string {
  const partitions = partitionsOf(relation, { catalog });
  const index = engine.quoteRelation({ schema: relation.schema, name });
  const parts = partitions.slice(0, SHOWN).flatMap((partition) => {
    const own = `${partition.name}_${name}`.slice(0, 63);
    const attached = engine.quoteRelation({ schema: partition.schema, name: own });
    return [...build(partition, own), `ALTER INDEX ${index} ATTACH PARTITION ${attached};`];
  });
  const rest = partitions.length - SHOWN;
  const more = rest > 0 ? ` And so for the other ${rest} partitions.` : "";
  return `PostgreSQL refuses CONCURRENTLY on a partitioned table, so build it partition by partition: ${[whole, ...parts].join(" ")}${more}`;
}
