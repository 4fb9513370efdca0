import type { Table } from "../../../../model/catalog.js";
import type { AlterObject, CreateObject } from "../../../../model/detail/object.js";
import type { Breakage } from "../../../../model/effect.js";
import { findTable } from "../../../engine.js";
import { knownPublication } from "../../../table-lookup.js";
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
  const publish = publishes.publish ?? before;
  const named = reads.flatMap((relation) => withPartitions(catalog, relation));
  const tables = named.flatMap((relation) => findTable(catalog, relation) ?? []);
  const all = [...tables, ...catalog.tables.filter((table) => isTaken(table, publishes, catalog.defaultSchema))];
  const taken = publish ?? ["update", "delete"];
  const why = "the table has no replica identity, which a primary key would be";
  return [...new Set(all)].filter(isUnidentified).flatMap(({ relation }) => unwritten(relation, taken, why));
}

/** FOR ALL TABLES and FOR TABLES IN SCHEMA leave out what is UNLOGGED, which cannot be named either. */
function isTaken(
  { relation, unlogged }: Table,
  { everyTable, schemas }: NonNullable<Publishing["publishes"]>,
  defaultSchema: string | null,
): boolean {
  if (unlogged === true) return false;
  return everyTable || schemas.some((one) => (one ?? defaultSchema) === (relation.schema ?? defaultSchema));
}
