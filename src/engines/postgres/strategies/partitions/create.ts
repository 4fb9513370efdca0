import { show } from "../../../../model/name.js";
import type { CreateTable } from "../../../../model/operation.js";
import { findTable, type Phased, Refusal, type StrategyContext } from "../../../engine.js";
import { step } from "../../../step.js";
import { postgresEffects } from "../../effects/index.js";
import { quoteRelation } from "../../names.js";
import { tableOf } from "../subject.js";
import { refuseDefault } from "./attach.js";

/**
 * CREATE TABLE ... PARTITION OF: empty, so that its parent is locked for a moment only.
 *
 * @throws Refusal beside a DEFAULT partition, which would be read while everybody waits
 */
export function createPartition(operation: CreateTable, context: StrategyContext): Phased {
  const [source] = operation.sources ?? [];
  if (source === undefined) throw new Refusal("The table that it is a partition of is not named.", "Name it.");
  const parent = tableOf(source, context);
  refuseDefault(parent, operation.bound?.kind === "default" ? "DEFAULT" : "");
  const schema = operation.relation.schema ?? context.catalog.defaultSchema;
  const effect = postgresEffects(operation, context);
  const made = step({
    id: `${context.ordinal}-create-partition`,
    phase: "expand",
    kind: "ddl",
    sql: [context.statement],
    undo: [`DROP TABLE IF EXISTS ${quoteRelation({ schema, name: operation.relation.name })}`],
    locks: effect.locks.map((l) => ({
      ...l,
      relation: findTable(context.catalog, l.relation)?.relation ?? l.relation,
    })),
    reason: `It is empty, and takes the rows of ${show(parent.relation)} that belong there from now on.`,
  });
  return { steps: [made], retires: [], gates: [], notes: [] };
}
