import { findTable, sameRelation } from "../engines/engine.js";
import { ORPHAN_TARGET } from "../engines/orphan.js";
import type { Catalog } from "../model/catalog.js";
import type { RelationName } from "../model/name.js";
import type { MigrationPlan } from "../model/plan.js";
import type { Run } from "./run.js";

const literally = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);

/**
 * A condition over a table's rows with another name for one of its columns, both quoted. The table that a foreign key points
 * at may have a column of that name, or the name itself.
 */
export function withOwn(condition: string, column: string, now: string): string {
  const own = new RegExp(
    `(?<!${literally(ORPHAN_TARGET)}\\.)${literally(column)}(?!\\.| AS ${literally(ORPHAN_TARGET)} )`,
    "g",
  );
  return condition.replaceAll(own, () => now);
}

/**
 * A condition that a rollback asks behind the swap of a type change, of the columns that it brings back: they are parked, and
 * under their names stand those of the new type.
 */
export function withFormer(run: Run, plan: MigrationPlan, catalog: Catalog, of: RelationName, written: string): string {
  const { quote, quoteRelation } = run.options.database.engine;
  return (plan.sides ?? []).reduce((condition, { relation, keptIn, kept, parked }) => {
    const table = keptIn ?? relation;
    const there = new Set(findTable(catalog, table)?.columns.map((c) => c.name));
    if (!there.has(kept) || !there.has(parked)) return condition;
    const isTarget = condition.includes(`${quoteRelation(table)} AS ${ORPHAN_TARGET} `);
    const inTarget = isTarget
      ? condition.replaceAll(`${ORPHAN_TARGET}.${quote(kept)}`, () => `${ORPHAN_TARGET}.${quote(parked)}`)
      : condition;
    return sameRelation(table, of, catalog.defaultSchema) ? withOwn(inTarget, quote(kept), quote(parked)) : inTarget;
  }, written);
}
