import type { Truncate } from "../../../model/detail/table.js";
import { type RelationName, show } from "../../../model/name.js";
import type { OtherOperation } from "../../../model/operation.js";
import { findTable, type Phased, Refusal, type StrategyContext, sameRelation } from "../../engine.js";
import { quoteRelation } from "../names.js";
import { together } from "./objects/in-file.js";
import { stepOf } from "./written.js";

/** @throws Refusal while a table that stays as it is points at one that is emptied */
function refuse(detail: Truncate, tables: readonly RelationName[], context: StrategyContext): void {
  if (detail.cascade)
    throw new Refusal(
      "TRUNCATE ... CASCADE empties every table that points at this one, seen or unseen.",
      "Name the tables.",
    );
  const { catalog } = context;
  for (const relation of tables)
    for (const key of findTable(catalog, relation)?.referencedBy ?? []) {
      if (tables.some((t) => sameRelation(t, key.relation, catalog.defaultSchema))) continue;
      throw new Refusal(
        `The foreign key ${key.constraint} of ${show(key.relation)} points at ${show(relation)}: the server refuses (0A000).`,
        `Name ${show(key.relation)} in the same TRUNCATE if it is to be emptied too, or delete rows with DELETE ... WHERE.`,
      );
    }
}

/** TRUNCATE, at the end of contract: nothing brings the rows back, and old code may read them until then. @throws Refusal */
export function truncate(detail: Truncate, operation: OtherOperation, context: StrategyContext): Phased {
  const all = together(operation, context);
  const tables = all.flatMap((o) =>
    o.relation === null ? [] : [findTable(context.catalog, o.relation)?.relation ?? o.relation],
  );
  refuse(detail, tables, context);
  // One statement empties tables that point at each other; the first operation of it stands for all.
  if (all[0] !== operation) return { steps: [], retires: [], gates: [], notes: [] };
  const names = tables.map(quoteRelation).join(", ");
  const own = all.flatMap((o) =>
    o.kind === "other" ? stepOf(o, context, { name: "", sql: [], reason: "" }).locks : [],
  );
  const made = stepOf(operation, context, {
    name: "truncate",
    ...(context.newTable ? {} : ({ phase: "contract", stage: "drop" } as const)),
    final: !context.newTable,
    sql: [`TRUNCATE TABLE ${names}${detail.restartIdentity ? " RESTART IDENTITY" : ""}`],
    locks: own,
    reason: "From here on the rows are gone. No trigger for each row fires.",
  });
  const counted = tables.map(
    (t) => `${show(t)} has about ${findTable(context.catalog, t)?.rows ?? "an unknown number of"} rows.`,
  );
  return {
    steps: [made],
    retires: [],
    gates: [],
    notes: [...counted, "Rows that old code writes until then go, too."],
    ...(context.newTable ? { leaves: ["A rollback does not bring the rows of TRUNCATE back."] } : {}),
  };
}
