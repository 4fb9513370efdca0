import { findTable, sameRelation } from "../src/engines/engine.js";
import { isWholeKey } from "../src/engines/found-by-key.js";
import type { Constraint, Table } from "../src/model/catalog.js";
import type { AddConstraint } from "../src/model/detail/constraint.js";
import type { CreateIndex } from "../src/model/operation.js";
import type { RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";

type Asked = Pick<RuleContext, "operation" | "catalog" | "siblings" | "laterOn" | "engine">;

const isUnique = ({ kind }: { readonly kind: string }): boolean => kind === "primary-key" || kind === "unique";

/** The known key that an operation drops; of MySQL's and MariaDB's by its index, too. */
function keyDropped({ operation }: Asked, table: Table): Pick<Constraint, "columns"> | null {
  const index = detailOf(operation, "drop-index")?.index.name;
  if (index !== undefined) return table.indexes.find((one) => one.name === index && isWholeKey(one)) ?? null;
  const dropped = detailOf(operation, "drop-constraint");
  if (dropped === null) return null;
  const isMeant = ({ name, kind }: Constraint) =>
    dropped.name === null ? kind === dropped.constraint : name === dropped.name;
  return table.constraints.find((one) => isUnique(one) && isMeant(one)) ?? null;
}

/** Of an index that is there already its own; of one with INCLUDE those too, so that it is no other's like. */
function columnsOf({ constraint, usingIndex }: AddConstraint, { indexes }: Table): readonly string[] {
  return usingIndex === null ? constraint.columns : (indexes.find(({ name }) => name === usingIndex)?.columns ?? []);
}

/** ON CONFLICT goes by no key that is checked later (55000). */
const isLater = ({ constraint }: AddConstraint): boolean =>
  /\bDEFERRABLE\b/i.test(constraint.text) && !/\bNOT\s+DEFERRABLE\b/i.test(constraint.text);

const asSet = (columns: readonly string[]): string => [...columns].sort().join("\0");

/** A unique index of all rows, over the same whole columns of the same table. */
function isLike(made: CreateIndex, columns: readonly string[], { operation, catalog }: Asked): boolean {
  const of = operation.relation;
  if (of === null || !sameRelation(made.relation, of, catalog.defaultSchema)) return false;
  const keys = made.keys.flatMap(({ column }) => column ?? []);
  const isPlain = keys.length === made.keys.length && !/\)\s*\(|\(\s*\d+\s*\)/.test(made.definition);
  return made.unique && !made.ifNotExists && made.where === null && isPlain && asSet(keys) === asSet(columns);
}

/**
 * Whether the same ALTER TABLE, or the same transaction, puts a unique key over the same columns in the place of the one that
 * an operation drops: nobody reads or writes a row in between.
 */
export function isKeyPutBack(context: Asked): boolean {
  const { operation, catalog, siblings, laterOn, engine } = context;
  const { relation } = operation;
  const table = relation === null ? null : findTable(catalog, relation);
  const key = table === null ? null : keyDropped(context, table);
  if (relation === null || table === null || key === null) return false;
  const later = engine.name === "postgres" ? laterOn(relation.name) : [];
  return [...siblings, ...later].some((one) => {
    if (one.kind === "create-index") return isLike(one, key.columns, context);
    const added = detailOf(one, "add-constraint");
    if (added === null || one.relation === null || !isUnique(added.constraint) || isLater(added)) return false;
    if (!sameRelation(one.relation, relation, catalog.defaultSchema)) return false;
    return asSet(columnsOf(added, table)) === asSet(key.columns);
  });
}
