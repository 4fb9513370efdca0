import type { Column, Constraint, Index, Table } from "../../../../model/catalog.js";
import type { RelationName } from "../../../../model/name.js";
import type { RenameColumn } from "../../../../model/operation.js";
import { Refusal } from "../../../engine.js";
import { type IndexParts, indexParts } from "../../index-parts.js";
import { generatedName, shortHash } from "../../names.js";
import type { Pair } from "../../triggers/sync.js";
import { noteWriter, tellsWriters } from "../../triggers/writers.js";
import { dropsInstantly, type MysqlContext, renamesInstantly } from "../algorithms.js";
import { lentDefault, withLent } from "../lent-default.js";
import { columnOf, mustBeFree, mustBePlain, names, tableOf } from "../subject.js";
import { askedFor, implicitOf, judgesNull, lenientValue } from "./lenient.js";
import { refuseWhatCannotTravel } from "./refuse.js";

/** All that the steps of one rename need to know. */
export interface Rename {
  readonly context: MysqlContext;
  readonly table: Table;
  readonly relation: RelationName;
  /** With the default that it is lent. */
  readonly old: Column;
  /** What the original has as its default until the triggers go, and did not have before: see `lentDefault`. */
  readonly lent: string | null;
  readonly to: string;
  readonly hash: string;
  readonly parked: string;
  /** Indexes whose use new code must not miss: they are built on the new column too. */
  readonly indexes: readonly { readonly index: Index; readonly parts: IndexParts; readonly copy: string }[];
  /** MySQL renames no column that a CHECK names: these are made anew in the exchange. */
  readonly checks: readonly Constraint[];
  /** A foreign key starts or ends at the column: MySQL renames it INPLACE only. */
  readonly inForeignKey: boolean;
  readonly instant: { readonly rename: boolean; readonly drop: boolean };
}

/** INVISIBLE and IGNORED indexes serve no query, SPATIAL ones ask for NOT NULL, which the new column is not yet. */
const serves = (parts: IndexParts) => parts.special === null && !/\b(?:INVISIBLE|IGNORED)\b/i.test(parts.tail);

function copiesOf(table: Table, column: string, hash: string, context: MysqlContext): Rename["indexes"] {
  return table.indexes.filter(names(column)).flatMap((index) => {
    const parts = indexParts(index.definition, context.dialect);
    if (parts === null)
      throw new Refusal(
        `The index ${index.name} cannot be read: ${index.definition}`,
        "Please report this definition.",
      );
    return serves(parts)
      ? [{ index, parts, copy: generatedName("zmigrate_new", index.name, shortHash(hash, index.name)) }]
      : [];
  });
}

/** @throws Refusal when there is no way that keeps old and new code working */
export function renameOf(operation: RenameColumn, context: MysqlContext): Rename {
  const table = tableOf(operation.relation, context);
  const found = columnOf(table, operation.from);
  const lent = lentDefault(table, found, context);
  const old = withLent(table, found, context);
  mustBeFree(table, operation.to);
  mustBePlain(table, "renaming a column in phases");
  refuseWhatCannotTravel(table, old, context);
  const { relation } = table;
  const hash = shortHash(context.migrationId, relation.schema ?? "", relation.name, old.name, operation.to);
  const ofColumn = table.constraints.filter(names(old.name));
  return {
    context,
    table,
    relation,
    old,
    lent,
    to: operation.to,
    hash,
    parked: generatedName("zmigrate_dropped", old.name, hash),
    indexes: copiesOf(table, old.name, hash, context),
    checks: context.dialect === "mysql" ? ofColumn.filter((c) => c.kind === "check") : [],
    inForeignKey: ofColumn.some((c) => c.kind === "foreign-key") || table.referencedBy.some(names(old.name)),
    instant: {
      rename: renamesInstantly(context.version, context.dialect),
      drop: dropsInstantly(context.version, context.dialect),
    },
  };
}

export const stepId = (r: Rename, name: string): string => `${r.context.ordinal}-${name}`;

/** Is it noted who writes the old name alone? */
export const isWatched = (r: Rename): boolean => r.context.watchesWriters === true && tellsWriters(r.old);

/** What the sync triggers keep equal. */
export const pairOf = (r: Rename): Pair => ({
  relation: r.relation,
  hash: r.hash,
  old: r.old,
  new: r.to,
  rewritten: r.table.dependents.some((d) => d.kind === "trigger" && names(r.old.name)(d)),
  lenient: lenientValue(r.old, r.context.dialect),
  asked: askedFor(r.table, r.old, r.context.dialect),
  implicit: implicitOf(r.old, r.context.dialect),
  judged: judgesNull(r.old, r.context.dialect),
  ...(isWatched(r) ? { note: noteWriter(r.relation, r.hash) } : {}),
});
