import type { Catalog, Table } from "../../../model/catalog.js";
import type { PublishedPart } from "../../../model/detail/publication.js";
import type { Breakage } from "../../../model/effect.js";
import { type RelationName, show } from "../../../model/name.js";
import { findTable } from "../../engine.js";
import { publishedParts } from "../../table-lookup.js";
import { parentOf, sameRelation, withPartitions } from "./relations.js";
import { hasOwn, type Identity, identityOf, isOver, isWholeRow, keyOf } from "./replica-identity.js";
import { broken, type Subject } from "./subject.js";

type Part = Pick<PublishedPart, "filter" | "columns">;

/** What tells the rows of a table apart: every column, an index, or nothing. */
type TellsApart = Identity | "row" | null;

/** Of a partition the key of the table above it, unless it says something else. */
function tellsApart(table: Table, catalog: Catalog): TellsApart {
  if (isWholeRow(table)) return "row";
  const above = hasOwn(table) ? null : parentOf(catalog, table.relation);
  const parent = above === null ? null : findTable(catalog, above);
  return identityOf(table) ?? (parent === null || hasOwn(table) ? null : keyOf(parent));
}

/**
 * Why the server takes no UPDATE and no DELETE of a table of which a publication takes a part: its condition names what does not tell the
 * rows apart, or its columns leave out what does. Null where nothing is against it.
 */
function unfit({ filter, columns }: Part, identity: TellsApart): string | null {
  if (identity === "row")
    return columns === null ? null : "names columns of it, which does not go with REPLICA IDENTITY FULL";
  const own = identity?.columns ?? [];
  const outside = (filter ?? []).find((column) => !own.includes(column));
  if (outside !== undefined) return `has a WHERE that names ${outside}, which is not in its replica identity`;
  const left = columns === null ? undefined : own.find((column) => !columns.includes(column));
  return left === undefined ? null : `does not take ${left}, which is in its replica identity`;
}

interface Taken extends Part {
  /** The publication. */
  readonly name: string;
  /** Which changes of rows it takes from now on, and has not taken before. */
  readonly publish: readonly string[];
}

/** UPDATEs and DELETEs of a table, and of its partitions, that fail from now on, since a publication takes a part of it. */
export function unwrittenPart(relation: RelationName, taken: Taken, catalog: Catalog): Breakage[] {
  const verbs = ["update", "delete"].filter((verb) => taken.publish.includes(verb));
  if (verbs.length === 0) return [];
  return withPartitions(catalog, relation).flatMap((one) => {
    const table = findTable(catalog, one);
    // A partition that is not listed has what the table above it has.
    const known = table ?? (one === relation ? null : findTable(catalog, relation));
    if (known === null || (table !== null && isOver(table))) return [];
    const why = unfit(taken, table === null ? keyOf(known) : tellsApart(table, catalog));
    return why === null ? [] : failing(one, verbs, taken.name, why);
  });
}

function failing(relation: RelationName, verbs: readonly string[], name: string, why: string): Breakage[] {
  const what = verbs.map((verb) => `${verb.toUpperCase()}s`).join(" and ");
  const said = `${what} of ${show(relation)} fail (42P10): publication ${name} takes them, and ${why}`;
  return [{ ...broken("writes", said), of: relation, unidentified: relation, partly: true }];
}

/** The same of a table whose rows something else tells apart behind an operation. */
export function unwrittenBehind({ operation, table, context }: Subject): Breakage[] {
  const { catalog, behind } = context;
  const parts = table === null ? [] : partsOver(table.relation, catalog);
  if (table === null || parts.length === 0 || behind === undefined) return [];
  const after = findTable(behind(catalog, operation), table.relation);
  if (after === null || isOver(after)) return [];
  const [old, now] = [tellsApart(table, catalog), tellsApart(after, catalog)];
  return parts.flatMap(({ name, publish, ...part }) => {
    const verbs = ["update", "delete"].filter((verb) => publish.includes(verb));
    const why = unfit(part, now);
    // What nothing told apart failed before, or had something a moment ago.
    if (why === null || verbs.length === 0 || (old !== null && unfit(part, old) !== null)) return [];
    return failing(table.relation, verbs, name, why);
  });
}

/** Nothing tells the rows of a table apart, nor does the table above it. */
export const isUnidentifiedPart = (table: Table, catalog: Catalog): boolean =>
  !isOver(table) && tellsApart(table, catalog) === null;

/** Whether some UPDATEs or DELETEs of a table fail, since a publication takes a part of it. */
export function isUnwrittenPart(relation: RelationName, catalog: Catalog): boolean {
  const table = findTable(catalog, relation);
  return partsOver(relation, catalog).some(
    ({ publish, ...part }) =>
      table !== null &&
      (publish.includes("update") || publish.includes("delete")) &&
      unfit(part, tellsApart(table, catalog)) !== null,
  );
}

/** What publications take of a table itself, or of one that it is a partition of. */
function partsOver(relation: RelationName, catalog: Catalog) {
  const above = parentOf(catalog, relation);
  const isOther = above !== null && !sameRelation(catalog, above, relation);
  return [...publishedParts(catalog, relation), ...(isOther ? publishedParts(catalog, above) : [])];
}

/** The publications that name a column of a table, in a list or a WHERE: it stays. */
export const publishing = (relation: RelationName, column: string, catalog: Catalog): string[] =>
  publishedParts(catalog, relation)
    .filter(({ filter, columns }) => filter?.includes(column) === true || columns?.includes(column) === true)
    .map(({ name }) => name);
