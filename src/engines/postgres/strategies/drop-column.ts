import type { Column, Constraint, Index, Table } from "../../../model/catalog.js";
import { show } from "../../../model/name.js";
import type { DropColumn } from "../../../model/operation.js";
import type { Step } from "../../../model/step.js";
import { type Phased, Refusal, type StrategyContext } from "../../engine.js";
import { step } from "../../step.js";
import * as locks from "../effects/helper-statements.js";
import { generatedName, quote, quoteRelation, shortHash } from "../names.js";
import { keyUntilSwap } from "./key-until-swap.js";
import { keysCalled } from "./keys-called.js";
import { needsNoNull, notNullAgain } from "./not-null-again.js";
import { dropPlainly } from "./plainly.js";
import { claimsOnShared } from "./shared.js";
import { columnOf, constraintsNaming, tableOf } from "./subject.js";

export function refuseWhatOthersNeed(table: Table, column: Column): void {
  const where = `${show(table.relation)}.${column.name}`;
  const key = constraintsNaming(table, column.name).find((c) => c.kind === "primary-key");
  if (key !== undefined)
    throw new Refusal(`${where} is part of the primary key ${key.name}.`, "Give the table another primary key first.");
  const inbound = table.referencedBy.find((i) => i.columns.includes(column.name));
  if (inbound !== undefined)
    throw new Refusal(
      `The foreign key ${inbound.constraint} of ${show(inbound.relation)} points at ${where}.`,
      "Drop that foreign key in an earlier migration.",
    );
  const identity = table.indexes.find((i) => i.replicaIdentity === true && i.columns.includes(column.name));
  if (identity !== undefined)
    throw new Refusal(
      `${where} is part of the replica identity ${identity.name}: without it, UPDATE and DELETE of a published table fail.`,
      `Choose another one first: \`ALTER TABLE ${quoteRelation(table.relation)} REPLICA IDENTITY ...\`.`,
    );
}

/**
 * New code does not name the column any more: its INSERT must not fail for want of a value.
 *
 * @throws Refusal where the server keeps it NOT NULL until the swap
 */
export function relax(id: string, table: Table, column: Column, context: StrategyContext): Step[] {
  const filled =
    column.default !== null || column.autoIncrement || column.identity !== null || column.generated !== null;
  if (!column.notNull || filled) return [];
  const key = keyUntilSwap(table, column, context);
  if (key !== null)
    throw new Refusal(
      `${show(table.relation)}.${column.name} is part of the primary key ${key.name}, which this file drops in the swap: until then the server takes no row without a value for it, so that new code, which does not know the column any more, could not insert.`,
      "Put DROP COLUMN into a later migration, and go on writing the column until that. Or give it a default in an earlier one.",
    );
  const why = `New code does not write ${column.name} any more, and it is NOT NULL without a default.`;
  return [relaxed(id, table, column, context, why)];
}

/**
 * The same for a column that follows others: what they give may be NULL, which no default stands in for. A key's column and
 * an identity take no NULL, and keep what they are.
 */
export function relaxFollowing(id: string, table: Table, column: Column, context: StrategyContext): Step[] {
  const isDefaulted = column.notNull && column.default !== null && column.identity === null;
  if (!isDefaulted || keyUntilSwap(table, column, context) !== null) return relax(id, table, column, context);
  const why = `New code does not write ${column.name} any more, and what it follows may be NULL.`;
  return [relaxed(id, table, column, context, why)];
}

/** Takes NOT NULL from a column that has it. */
export function relaxed(id: string, table: Table, column: Column, context: StrategyContext, why: string): Step {
  return step({
    id,
    phase: "expand",
    kind: "ddl",
    sql: [`ALTER TABLE ${quoteRelation(table.relation)} ALTER COLUMN ${quote(column.name)} DROP NOT NULL`],
    undo: notNullAgain(table, column, context),
    undoTransaction: false,
    undoNeeds: needsNoNull(table, column, context),
    locks: [locks.alterTable(table.relation)],
    reason: `${why} A rollback counts the rows without a value first, and refuses while there are any.`,
  });
}

/** Whether a statement may be refused for it. */
const judges = (o: Index | Constraint): boolean => !("unique" in o) || o.unique;

/** Drops a column in two gated steps: parked under another name first, which can be undone, and dropped later. */
export function dropColumn(operation: DropColumn, context: StrategyContext): Phased {
  const table = tableOf(operation.relation, context);
  if (operation.cascade)
    throw new Refusal(
      "DROP COLUMN ... CASCADE drops whatever uses the column, seen or unseen.",
      "Leave CASCADE out and drop what uses the column by name.",
    );
  if (operation.ifExists && !table.columns.some((c) => c.name === operation.column))
    return {
      steps: [],
      retires: [],
      gates: [],
      notes: [`${show(table.relation)} has no column ${operation.column}: IF EXISTS has nothing to do.`],
    };
  const column = columnOf(table, operation.column);
  if (context.newTable) return dropPlainly(operation, context);
  refuseWhatOthersNeed(table, column);
  const relation = quoteRelation(table.relation);
  const parked = generatedName(
    "zmigrate_dropped",
    column.name,
    shortHash(context.migrationId, table.relation.schema ?? "", table.relation.name, column.name),
  );
  const rename = (from: string, to: string) => `ALTER TABLE ${relation} RENAME COLUMN ${quote(from)} TO ${quote(to)}`;
  const common = { phase: "contract", kind: "ddl", locks: [locks.alterTable(table.relation)] } as const;
  const namesIt = (o: { readonly columns: readonly string[] }) => o.columns.includes(column.name);
  const indexes = table.indexes.filter(namesIt);
  const constraints = table.constraints.filter((c) => c.index === null && namesIt(c));
  const lost = [...indexes, ...constraints];
  const shared = claimsOnShared({
    relation: table.relation,
    column: column.name,
    change: `drops ${column.name}`,
    context,
    indexes,
    constraints,
  });
  const drops = keysCalled(constraints, table.relation, [table.relation.name]);
  return {
    steps: [
      ...relax(`${context.ordinal}-allow-omission`, table, column, context),
      step({
        ...common,
        id: `${context.ordinal}-park`,
        stage: "swap",
        sql: [rename(column.name, parked)],
        undo: [rename(parked, column.name)],
        reason: `${column.name} is parked as ${parked}: nothing is lost yet, and a rename brings it back.`,
      }),
      step({
        ...common,
        id: `${context.ordinal}-drop`,
        stage: "drop",
        sql: [`ALTER TABLE ${relation} DROP COLUMN IF EXISTS ${quote(parked)}`],
        reason: `From here on the values of ${column.name} are gone.`,
      }),
    ],
    retires: [{ relation: table.relation, column: column.name, parked, replacement: null, exchanges: false }],
    claims: shared.map((claim) => ({ ...claim, drops: true })),
    gates: [],
    ...(drops.length === 0 ? {} : { drops }),
    notes: lost.map((o) =>
      judges(o)
        ? `${o.name} goes with the column, when that is dropped: until then it judges every row as before, also those of code that does not know the column any more.`
        : `${o.name} goes with the column.`,
    ),
  };
}
