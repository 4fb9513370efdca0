import type { Index, Table } from "../../../../model/catalog.js";
import { type RelationName, show } from "../../../../model/name.js";
import { findTable, type Phased, type StrategyContext } from "../../../engine.js";
import { DROP, SWAP } from "../../../place.js";
import { step } from "../../../step.js";
import * as locks from "../../effects/helper-statements.js";
import { generatedName, quote, quoteRelation, shortHash } from "../../names.js";
import { goingClaims } from "../constraint/steps.js";

/** The tables of the tree, its head first. */
const treeOf = ({ relation, partitions = [] }: Table, context: StrategyContext): readonly RelationName[] => [
  relation,
  ...partitions.flatMap((p) => {
    const table = findTable(context.catalog, p.relation);
    return table === null ? [p.relation] : treeOf(table, context);
  }),
];

const rename = (from: RelationName, { name }: RelationName): string =>
  `ALTER INDEX IF EXISTS ${quoteRelation(from)} RENAME TO ${quote(name)}`;

/**
 * DROP INDEX on a table with partitions, where the server has no CONCURRENTLY and a rollback would have to build a tree: it
 * is parked under another name, by which it goes on to serve queries and ON CONFLICT, and dropped behind the park.
 */
export function dropDividedIndex(table: Table, index: Index, context: StrategyContext): Phased {
  const { schema } = table.relation;
  const here = { schema, name: index.name };
  const hash = shortHash(context.migrationId, schema ?? "", index.name, "index");
  const parked = { schema, name: generatedName("zmigrate_dropped", index.name, hash) };
  const all = show(table.relation);
  return {
    steps: [
      step({
        ...SWAP,
        id: `${context.ordinal}-park-index`,
        kind: "ddl",
        sql: [rename(here, parked)],
        undo: [rename(parked, here)],
        locks: [locks.renameIndex(here)],
        reason: `The index is parked as ${parked.name}: nothing is lost yet, and a rename brings it back.`,
      }),
      step({
        ...DROP,
        id: `${context.ordinal}-drop-index`,
        kind: "ddl",
        sql: [`DROP INDEX IF EXISTS ${quoteRelation(parked)}`],
        locks: [locks.alterTable(parked), ...treeOf(table, context).map(locks.alterTable)],
        reason: `Goes with its parts, for a moment in which nobody reads or writes ${all} or a partition: there is no CONCURRENTLY for it. From here on a rollback is not possible.`,
      }),
    ],
    retires: [],
    claims: goingClaims(table.relation, index.columns, `drops the index ${index.name}`),
    gates: [],
    notes: [
      `${index.name} is used until the drop. Its parts keep their names until then, and old code's queries may be slow from then on.`,
    ],
  };
}
