import type { Catalog, Table } from "../../../model/catalog.js";
import type { Breakage } from "../../../model/effect.js";
import { type RelationName, show } from "../../../model/name.js";
import { findTable } from "../../engine.js";
import { publishedChanges } from "../../table-lookup.js";
import { sameRelation, withPartitions } from "./relations.js";
import { broken } from "./subject.js";

/** What tells the rows of a table apart for those who subscribe to it: an index, by its columns. */
export interface Identity {
  readonly name: string;
  readonly columns: readonly string[];
}

/** What a table says of it; null where it says nothing. */
function saidOf({ replicaIdentity, options }: Table): string | null {
  const option = options?.find((one) => one.option === "REPLICA IDENTITY")?.value;
  return replicaIdentity ?? option?.toLowerCase() ?? null;
}

/** Rows are in partitions: the table over them has none. */
export const isOver = ({ partitionKey, partitionExpression, partitions = [] }: Table): boolean =>
  Boolean(partitionKey) || partitionExpression !== undefined || partitions.some((p) => p.bound);

/** The server takes no such key for it. */
const DEFERRABLE = /(?<!\bnot\s+)\bdeferrable\b/i;

/** Nothing tells the rows of a table apart. */
export function isUnidentified(table: Table): boolean {
  if (isOver(table) || saidOf(table) === "full") return false;
  return identityOf(table) === null;
}

/** Every column does. */
export const isWholeRow = (table: Table): boolean =>
  saidOf(table) === "full" && !table.indexes.some((index) => index.replicaIdentity === true);

/** What tells the rows of a table apart; null for nothing, or for every column. */
export function identityOf(table: Table): Identity | null {
  const chosen = table.indexes.find((index) => index.replicaIdentity === true);
  if (chosen !== undefined) return chosen;
  return saidOf(table) === "full" || saidOf(table) === "nothing" ? null : keyOf(table);
}

export function keyOf({ constraints, indexes }: Table): Identity | null {
  const key = constraints.find(({ kind, definition }) => kind === "primary-key" && !DEFERRABLE.test(definition));
  const index = indexes.find((one) => one.constraint === key?.name);
  return key === undefined ? null : { name: key.name, columns: [...key.columns, ...(index?.columns ?? [])] };
}

/** A partition has the key of the table above it, unless it says something else. */
export const hasOwn = (table: Table): boolean =>
  table.indexes.some((index) => index.replicaIdentity === true) || /^(?:full|nothing)$/.test(saidOf(table) ?? "");

/**
 * The tables whose UPDATEs and DELETEs fail once an index, a constraint or a column of theirs is gone: they are published,
 * and it told their rows apart.
 *
 * @param goes the name of the index or constraint, or the column
 */
export function identityLost(
  table: Table | null,
  goes: { readonly name: string } | { readonly column: string },
  catalog: Catalog,
): Breakage[] {
  if (table === null) return [];
  const identity = isOver(table) ? keyOf(table) : identityOf(table);
  const isGone = "name" in goes ? identity?.name === goes.name : identity?.columns.includes(goes.column);
  if (identity === null || isGone !== true) return [];
  return withPartitions(catalog, table.relation).flatMap((relation) => {
    const isOwn = sameRelation(catalog, relation, table.relation);
    const rows = isOwn ? table : findTable(catalog, relation);
    if (rows !== null && (isOver(rows) || (!isOwn && hasOwn(rows)))) return [];
    const published = [relation, table.relation].flatMap((one) => publishedChanges(catalog, one));
    return unwritten(relation, published, `nothing but ${identity.name} told its rows apart`);
  });
}

/** UPDATEs and DELETEs of a table that fail, where its publications take them. @param why that nothing tells its rows apart */
export function unwritten(relation: RelationName, published: readonly string[], why: string): Breakage[] {
  const verbs = ["update", "delete"].filter((verb) => published.includes(verb));
  if (verbs.length === 0) return [];
  const what = verbs.map((verb) => `${verb.toUpperCase()}s`).join(" and ");
  return [
    {
      ...broken("writes", `${what} of ${show(relation)} fail (55000): they are published, and ${why}`),
      of: relation,
      unidentified: relation,
    },
  ];
}
