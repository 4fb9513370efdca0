import type { Column, Constraint, Index, Table } from "../../../../model/catalog.js";
import type { RelationName } from "../../../../model/name.js";
import type { RenameColumn } from "../../../../model/operation.js";
import type { StrategyContext } from "../../../engine.js";
import { generatedName, shortHash } from "../../names.js";
import { oldWrites } from "../../triggers/sync.js";
import type { OldWrites } from "../../triggers/writers.js";
import { isDeferrable, refuseDeferrable } from "../deferrable.js";
import { goesWithParked } from "../shared.js";
import { columnOf, constraintsNaming, mustBeFree, mustBePlain, mustTakeUpdates, tableOf } from "../subject.js";
import { refuseWhatCannotTravel } from "./refuse.js";

/** All that the steps of one rename need to know. */
export interface Rename {
  readonly table: Table;
  readonly relation: RelationName;
  readonly old: Column;
  readonly to: string;
  readonly hash: string;
  readonly parked: string;
  readonly context: StrategyContext;
  /** Indexes that name the column and carry no constraint, or a unique one. */
  readonly indexes: readonly Index[];
  readonly checks: readonly Constraint[];
  readonly foreignKeys: readonly Constraint[];
  readonly uniques: readonly Constraint[];
  /** Unique constraints that no copy can stand for: the swap builds them. */
  readonly deferrable: readonly Constraint[];
  /** PostgreSQL 18's NOT NULL constraint of the column, which has a name. */
  readonly notNull: Constraint | null;
}

const names = (column: string) => (c: { readonly columns: readonly string[] }) => c.columns.includes(column);

export function subject(operation: RenameColumn, context: StrategyContext): Rename {
  const table = tableOf(operation.relation, context);
  const old = columnOf(table, operation.from);
  mustBeFree(table, operation.to);
  mustBePlain(table, "renaming a column in phases");
  mustTakeUpdates(table);
  refuseWhatCannotTravel(table, old);
  const { relation } = table;
  const hash = shortHash(context.migrationId, relation.schema ?? "", relation.name, operation.from, operation.to);
  const constraints = constraintsNaming(table, operation.from).filter((c) => !goesWithParked(c));
  const of = (kind: Constraint["kind"]) => constraints.filter((c) => c.kind === kind);
  const deferrable = of("unique").filter(isDeferrable);
  refuseDeferrable(table, deferrable);
  return {
    table,
    relation,
    old,
    to: operation.to,
    hash,
    parked: generatedName("zmigrate_dropped", operation.from, hash),
    context,
    indexes: table.indexes.filter(
      (i) =>
        i.valid && names(operation.from)(i) && !goesWithParked(i) && !deferrable.some((c) => c.name === i.constraint),
    ),
    checks: of("check"),
    foreignKeys: of("foreign-key"),
    uniques: of("unique").filter((c) => !isDeferrable(c)),
    deferrable,
    notNull: of("not-null")[0] ?? null,
  };
}

/** A name of ours for the new column's copy of a constraint or index, and for the parked column's original. */
export const copyName = (r: Rename, original: string) =>
  generatedName("zmigrate_new", original, shortHash(r.hash, original));

export const parkedName = (r: Rename, original: string) =>
  generatedName("zmigrate_dropped", original, shortHash(r.hash, original));

export const proofName = (r: Rename) => generatedName("zmigrate_new", `${r.to}_not_null`, r.hash);

export const id = (r: Rename, name: string) => `${r.context.ordinal}-${name}`;

/** What notes who writes the old name alone; null where nobody has asked for that. */
export function writersOf(r: Rename): OldWrites | null {
  if (r.context.watchesWriters !== true) return null;
  const pair = pairOf(r);
  return { relation: r.relation, hash: r.hash, column: r.old.name, ...oldWrites(pair) };
}

export const pairOf = (r: Rename) => ({ relation: r.relation, hash: r.hash, old: r.old, new: r.to });

/** The table that a foreign key points at, for the list of locks. */
export function targetOf(constraint: Constraint, r: Rename): RelationName {
  const pointing = r.context.catalog.tables.find((t) =>
    t.referencedBy.some(
      (i) =>
        i.constraint === constraint.name &&
        i.relation.name === r.relation.name &&
        i.relation.schema === r.relation.schema,
    ),
  );
  return pointing?.relation ?? r.relation;
}
