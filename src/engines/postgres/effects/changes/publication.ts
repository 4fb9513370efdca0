import type { Catalog, Table } from "../../../../model/catalog.js";
import type { AlterObject, CreateObject } from "../../../../model/detail/object.js";
import type { Publication, PublicationShape } from "../../../../model/detail/publication.js";
import type { Breakage } from "../../../../model/effect.js";
import type { RelationName } from "../../../../model/name.js";
import { findTable } from "../../../engine.js";
import { knownPublication } from "../../../table-lookup.js";
import { unwrittenPart } from "../published-parts.js";
import { withPartitions } from "../relations.js";
import { isUnidentified, unwritten } from "../replica-identity.js";
import type { Subject } from "../subject.js";

type Publishing = Pick<CreateObject | AlterObject, "kind" | "name" | "reads" | "publishes">;

/**
 * The tables that a publication takes from now on, and whose UPDATEs and DELETEs it takes, though nothing tells their rows
 * apart: the server refuses both.
 */
export function unidentified({ kind, name, reads, publishes }: Publishing, { context }: Subject): Breakage[] {
  if (publishes === undefined) return [];
  const { catalog } = context;
  const before = kind === "alter-object" && name !== null ? knownPublication(catalog, name.name) : null;
  const called = name?.name ?? "";
  if (before !== null && publishes.publish !== null) return takenToo(called, before, publishes.publish, catalog);
  const taken = publishes.publish ?? before?.publish ?? ALL;
  const parts = publishes.parts ?? [];
  return [
    ...without(tablesOf(reads, publishes, catalog), taken),
    ...parts.flatMap((part) => unwrittenPart(part.relation, { ...part, name: called, publish: taken }, catalog)),
  ];
}

const ALL = ["update", "delete"];

/** SET (publish = ...): the tables that the publication has are written under more than before. */
function takenToo(name: string, before: Publication, publish: readonly string[], catalog: Catalog): Breakage[] {
  const more = publish.filter((verb) => !before.publish.includes(verb));
  const named = before.tables.map(({ relation }) => relation);
  return [
    ...without(tablesOf(named, before, catalog), more),
    ...before.tables.flatMap((part) => unwrittenPart(part.relation, { ...part, name, publish: more }, catalog)),
  ];
}

function without(tables: readonly Table[], taken: readonly string[]): Breakage[] {
  const why = "the table has no replica identity, which a primary key would be";
  return tables.filter(isUnidentified).flatMap(({ relation }) => unwritten(relation, taken, why));
}

/** The tables that are named, with their partitions, and those that are taken with all. */
function tablesOf(reads: readonly RelationName[], everyOne: Everyone, catalog: Catalog): readonly Table[] {
  const named = reads.flatMap((relation) => withPartitions(catalog, relation));
  const tables = named.flatMap((relation) => findTable(catalog, relation) ?? []);
  return [...new Set([...tables, ...catalog.tables.filter((one) => isTaken(one, everyOne, catalog.defaultSchema))])];
}

type Everyone = Pick<PublicationShape, "everyTable" | "schemas">;

/** FOR ALL TABLES and FOR TABLES IN SCHEMA leave out what is UNLOGGED, which cannot be named either. */
function isTaken(
  { relation, unlogged }: Table,
  { everyTable, schemas }: Everyone,
  defaultSchema: string | null,
): boolean {
  if (unlogged === true) return false;
  return everyTable || schemas.some((one) => (one ?? defaultSchema) === (relation.schema ?? defaultSchema));
}
