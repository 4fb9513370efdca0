import type { Table } from "../../../model/catalog.js";
import type { RelationName } from "../../../model/name.js";
import type { CreateIndex, Operation } from "../../../model/operation.js";
import type { Step } from "../../../model/step.js";
import type { StrategyContext } from "../../engine.js";
import { DROP, SWAP } from "../../place.js";
import { step } from "../../step.js";
import * as locks from "../effects/helper-statements.js";
import { generatedName, literal, quote, quoteRelation, shortHash } from "../names.js";

/** Whether an operation drops, makes or renames an index of this name. */
function isAbout({ schema, name }: RelationName, { catalog }: StrategyContext) {
  const inSchema = (other: string | null) => (other ?? catalog.defaultSchema) === (schema ?? catalog.defaultSchema);
  return (operation: Operation): boolean => {
    if (operation.kind === "create-index") return operation.name === name && inSchema(operation.relation.schema);
    const detail = operation.kind === "other" ? operation.detail : undefined;
    if (detail?.kind === "drop-index") return detail.index.name === name && inSchema(detail.index.schema);
    return detail?.kind === "rename-index" && (detail.from === name || detail.to === name);
  };
}

/** The index that takes the name of the one that the file drops: null where there is none, or the file does more with that name. */
export function heirOf(index: RelationName, context: StrategyContext): CreateIndex | null {
  const [dropped, made, ...more] = context.file.map((f) => f.operation).filter(isAbout(index, context));
  const drops = dropped?.kind === "other" && dropped.detail?.kind === "drop-index";
  return drops && made?.kind === "create-index" && more.length === 0 ? made : null;
}

const named = (word: string, { schema, name }: RelationName, { migrationId }: StrategyContext): RelationName => ({
  schema,
  name: generatedName(word, name, shortHash(migrationId, schema ?? "", name, "index")),
});

/** What an index is called until it takes the name of the one that the file drops. */
export const heirName = (index: RelationName, context: StrategyContext): string =>
  named("zmigrate_new", index, context).name;

const rename = (from: RelationName, to: RelationName, mayLack: boolean): string =>
  `ALTER INDEX ${mayLack ? "IF EXISTS " : ""}${quoteRelation(from)} RENAME TO ${quote(to.name)}`;

/** One transaction gives the name to the new index; the old one is there until the drop, so that a rollback builds nothing. */
export function exchangeSteps(index: RelationName, table: Table, context: StrategyContext): readonly Step[] {
  const [heir, parked] = [named("zmigrate_new", index, context), named("zmigrate_dropped", index, context)];
  const common = { phase: "contract", kind: "ddl" } as const;
  return [
    step({
      ...common,
      ...SWAP,
      id: `${context.ordinal}-exchange-index`,
      sql: [rename(index, parked, true), rename(heir, index, false)],
      undo: [rename(index, heir, false), rename(parked, index, true)],
      locks: [locks.renameIndex(index), locks.renameIndex(heir)],
      reason: `The new index takes the name ${index.name}; the old one is parked as ${parked.name}, and a rename brings it back.`,
    }),
    step({
      ...common,
      ...DROP,
      id: `${context.ordinal}-drop-index`,
      sql: [`DROP INDEX CONCURRENTLY IF EXISTS ${quoteRelation(parked)}`],
      transaction: false,
      unlimited: true,
      locks: [locks.dropConcurrently(table.relation), locks.dropConcurrently(parked)],
      probe: {
        sql: `SELECT CASE WHEN pg_catalog.to_regclass(${literal(quoteRelation(parked))}) IS NULL THEN 'done' ELSE 'absent' END AS state`,
        repair: [],
      },
      reason: `From here on the old ${index.name} is gone.`,
    }),
  ];
}
