import type { Truncate } from "../../../model/detail/table.js";
import { show } from "../../../model/name.js";
import type { OtherOperation } from "../../../model/operation.js";
import { type Phased, Refusal } from "../../engine.js";
import { quote, quoteRelation } from "../names.js";
import type { MysqlContext } from "./algorithms.js";
import { tableOf } from "./subject.js";
import { stepOf } from "./written.js";

/** TRUNCATE, at the end of contract: nothing brings the rows back. @throws Refusal while a foreign key points at it */
export function truncate(_: Truncate, operation: OtherOperation, context: MysqlContext): Phased {
  const { relation } = operation;
  if (relation === null) throw new Refusal("The table is not named.", "Name it.");
  const table = tableOf(relation, context);
  const key = table.referencedBy.find((r) => r.relation.name !== table.relation.name);
  if (key !== undefined)
    throw new Refusal(
      `The foreign key ${key.constraint} of ${show(key.relation)} points at ${show(table.relation)}: the server refuses (1701).`,
      `Drop ${quote(key.constraint)} in an earlier migration, or delete rows with DELETE ... WHERE.`,
    );
  const made = stepOf(operation, context, {
    name: "truncate",
    ...(context.newTable ? {} : ({ phase: "contract", stage: "drop" } as const)),
    final: !context.newTable,
    sql: [`TRUNCATE TABLE ${quoteRelation(table.relation)}`],
    reason: "From here on the rows are gone. No trigger fires.",
  });
  return {
    steps: [made],
    retires: [],
    gates: [],
    notes: [
      `${show(table.relation)} has about ${table.rows ?? "an unknown number of"} rows. Rows that old code writes until then go, too, and a run that is cut off in the very moment empties the table once more when it is run again.`,
    ],
    ...(context.newTable ? { leaves: ["A rollback does not bring the rows of TRUNCATE back."] } : {}),
  };
}
