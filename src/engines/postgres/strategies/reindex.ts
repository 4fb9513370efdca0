import type { Index, Table } from "../../../model/catalog.js";
import type { Reindex } from "../../../model/detail/index-change.js";
import type { OtherOperation } from "../../../model/operation.js";
import { type Phased, Refusal, type StrategyContext } from "../../engine.js";
import { BACKFILL } from "../../place.js";
import { quoteRelation } from "../names.js";
import { asChange } from "./constraint/steps.js";
import { mustHaveIndex } from "./own-index.js";
import { tableOf } from "./subject.js";
import { stepOf } from "./written.js";

/** What a build that was cut off has left: it is invalid, and has a name that the server makes. */
function leftovers(table: Table, indexes: readonly Index[]): string[] {
  const valid = new Set(table.indexes.filter((i) => i.valid).map((i) => i.name));
  const names = indexes.map((i) => `${i.name}_ccnew`).filter((n) => Buffer.byteLength(n) <= 63 && !valid.has(n));
  return names.map(
    (name) => `DROP INDEX CONCURRENTLY IF EXISTS ${quoteRelation({ schema: table.relation.schema, name })}`,
  );
}

/** REINDEX CONCURRENTLY, whatever was written. Cut off, it is run once more. @throws Refusal */
export function reindex(detail: Reindex, operation: OtherOperation, context: StrategyContext): Phased {
  const { relation } = operation;
  if (relation === null || (detail.what !== "index" && detail.what !== "table"))
    throw new Refusal(
      `REINDEX ${detail.what.toUpperCase()} builds every index there is, one after the other.`,
      "Write REINDEX TABLE for each table that needs it.",
    );
  const own = detail.what === "index" ? mustHaveIndex(relation, context) : null;
  const table = own?.table ?? tableOf(relation, context);
  const indexes = own === null ? table.indexes : [own.index];
  const name = own === null ? table.relation : { schema: table.relation.schema, name: own.index.name };
  const step = stepOf(asChange({ ...operation, relation: name }, { ...detail, concurrently: true }), context, {
    name: "reindex",
    ...BACKFILL,
    transaction: false,
    unlimited: true,
    sql: [...leftovers(table, indexes), `REINDEX ${detail.what.toUpperCase()} CONCURRENTLY ${quoteRelation(name)}`],
    reason: "Built beside the old one while the table is read and written, and put in its place.",
  });
  return { steps: [step], retires: [], gates: [], notes: [] };
}
