import type { Table } from "../../../model/catalog.js";
import type { Effect, Lock, Need } from "../../../model/effect.js";
import type { DropColumn } from "../../../model/operation.js";
import { effect, refusedFor } from "../../effect.js";
import { type EffectContext, findTable } from "../../engine.js";
import { columnsIn } from "../parse/columns.js";
import { dependentsOn, functionBreaks, HOLDING } from "./dependents.js";
import { leftBehind } from "./left-behind.js";
import { lock } from "./locks.js";
import { partitionNote, unknownDependents } from "./notes.js";
import { publishing } from "./published-parts.js";
import { referencedTables, sameRelation, withPartitions } from "./relations.js";
import { identityLost } from "./replica-identity.js";

/** DROP COLUMN: a change of the catalog that takes the data, and every index and constraint over it. */
export function dropColumnEffect(operation: DropColumn, context: EffectContext): Effect {
  const { relation, column } = operation;
  const table = findTable(context.catalog, relation);
  const all = operation.only === true ? [relation] : withPartitions(context.catalog, relation);
  const own = all.map((r) => lock(r, "ACCESS EXCLUSIVE", "brief"));
  // PostgreSQL takes the lock before it finds that there is nothing to drop.
  if (operation.ifExists && isMissing(table, column)) return effect({ locks: own });
  const why = `statements that name ${column} fail (42703) as soon as it is gone`;
  const left = [...functionBreaks(table, column), ...leftBehind({ kind: "column", relation, column }, context.catalog)];
  const needed = keyOfPartitions(table, column) ?? (operation.cascade ? null : needOf(operation, table, context));
  return effect({
    locks: [...own, ...foreignLocks(operation, table, context)],
    breaks: [
      Object.freeze({ what: "both", who: "N-1", why }),
      ...left,
      ...identityLost(table, { column }, context.catalog),
    ],
    ...refusedFor(needed),
    destroys: true,
    assumes: [
      ...partitionNote(table),
      ...(left.length > 0 || needed !== null ? [] : unknownDependents(context.catalog, table, column)),
      ...unknownKeys(table, column),
    ],
  });
}

function isMissing(table: Table | null, column: string): boolean {
  return table?.columns.some((c) => c.name === column) === false;
}

/** A foreign key has triggers on both of its tables: dropping it locks both. */
function foreignLocks(operation: DropColumn, table: Table | null, { catalog }: EffectContext): Lock[] {
  if (table === null) return [];
  const pointing = operation.cascade ? table.referencedBy.filter((r) => r.columns.includes(operation.column)) : [];
  const others = [...referencedTables(table, operation.column), ...pointing.map((r) => r.relation)];
  const distinct = others.filter((o, i) => others.findIndex((p) => sameRelation(catalog, o, p)) === i);
  return distinct
    .filter((o) => !sameRelation(catalog, o, operation.relation))
    .map((o) => lock(o, "ACCESS EXCLUSIVE", "brief"));
}

function needOf({ relation, column }: DropColumn, table: Table | null, { catalog }: EffectContext): Need | null {
  const published = publishing(relation, column, catalog).map((name) => `publication ${name}`);
  const holding = dependentsOn(table, column, HOLDING).map((d) => `${d.kind} ${d.name}`);
  const pointing = (table?.referencedBy ?? []).filter((r) => r.columns.includes(column));
  const all = [
    ...new Set([
      ...holding,
      ...published,
      ...computedFrom(table, column),
      ...pointing.map((r) => `foreign key ${r.constraint}`),
    ]),
  ];
  return all.length === 0 ? null : { code: "2BP01", why: `${all.join(", ")} depends on ${column}` };
}

/** Not even CASCADE takes a column that rows are spread by. */
function keyOfPartitions(table: Table | null, column: string): Need | null {
  if (table?.partitionKey?.includes(column) !== true) return null;
  return { code: "42P16", why: `${column} is in the partition key` };
}

/** Generated columns as files write them; a database says them as dependents. */
function computedFrom(table: Table | null, column: string): string[] {
  const generated = (table?.columns ?? []).filter((c) => c.name !== column && c.generated !== null);
  const from = generated.filter((c) => columnsIn(c.generated?.expression ?? "").includes(column));
  return from.map((c) => `generated-column ${c.name}`);
}

function unknownKeys(table: Table | null, column: string): string[] {
  if (table !== null) return [];
  return [`a foreign key over ${column} would lock its other table too: the table is not known`];
}
