import type { Column, Table } from "../../../../model/catalog.js";
import { type StrategyContext, sameRelation } from "../../../engine.js";
import type { MovedColumn } from "../../../moved-column.js";
import { typeName } from "../../effects/type-names.js";
import { generatedName, idPart, shortHash } from "../../names.js";
import type { KeyColumn, MovedPair, MoveSide } from "../../triggers/move.js";
import { columnOf } from "../subject.js";
import { tablesOf } from "./refuse.js";

/** All that the steps of one move need to know. */
export interface Moving extends MovedPair {
  readonly context: StrategyContext;
  readonly move: MovedColumn;
  readonly oldTable: Table;
  readonly newTable: Table;
  /** The column that goes. */
  readonly going: Column;
  /** The name that it has between the swap and the drop. */
  readonly parked: string;
}

export const id = ({ context, move }: Moving, name: string) =>
  `${context.ordinal}-${name}-${idPart(move.add.column.name)}`;

function sideOf(table: Table, column: string, keys: readonly string[]): MoveSide {
  const known = keys.map((name): KeyColumn => ({ name, comparable: columnOf(table, name).comparable }));
  return { relation: table.relation, column, keys: known };
}

/** A foreign key that is checked at once, from the new table to the old one. */
function isFollowing({ on }: MovedColumn, fresh: Table, old: Table, { catalog }: StrategyContext): boolean {
  const pairs = (columns: readonly string[], others: readonly string[]) =>
    columns.length === on.length && on.every((o) => columns.indexOf(o.to) >= 0 && others.includes(o.from));
  return old.referencedBy.some((r) => {
    const key = fresh.constraints.find((c) => c.kind === "foreign-key" && c.name === r.constraint);
    if (key === undefined || !sameRelation(r.relation, fresh.relation, catalog.defaultSchema)) return false;
    const late = /(?<!NOT )\bDEFERRABLE\b|\bNOT ENFORCED\b/i.test(key.definition);
    // Rows that were there before it may have no row that they point at.
    return !late && key.validated && on.length === 1 && pairs(key.columns, r.columns);
  });
}

/** What an INSERT without the column leaves there; undefined where each gets another value. */
function defaultOf({ default: given, defaultVolatile, domain, type }: Column): string | null | undefined {
  if (given !== null && defaultVolatile !== false) return undefined;
  const value = given ?? domain?.default ?? null;
  return value === null ? null : `(${value})::${type}`;
}

/** @throws Refusal where a table or a column is not known */
export function subject(move: MovedColumn, context: StrategyContext): Moving {
  const { old, new: fresh } = tablesOf(move, context);
  const { add, drop, on } = move;
  const going = columnOf(old, drop.column);
  const { schema, name } = fresh.relation;
  const hash = shortHash(context.migrationId, schema ?? "", name, add.column.name, old.relation.name, drop.column);
  const exact = typeName(going.type)?.schema === "pg_catalog" && add.column.collation === null;
  return {
    context,
    move,
    oldTable: old,
    newTable: fresh,
    going,
    hash,
    parked: generatedName("zmigrate_dropped", drop.column, hash),
    old: sideOf(
      old,
      drop.column,
      on.map((o) => o.from),
    ),
    new: sideOf(
      fresh,
      add.column.name,
      on.map((o) => o.to),
    ),
    comparable: going.comparable && exact,
    oldDefault: defaultOf(going),
    newDefault: add.column.default === null ? null : `(${add.column.default})::${add.column.type}`,
    follows: isFollowing(move, fresh, old, context),
  };
}
