import type { Table } from "../../../../model/catalog.js";
import type { AlterObject, CreateObject } from "../../../../model/detail/object.js";
import type { Breakage } from "../../../../model/effect.js";
import { show } from "../../../../model/name.js";
import { findTable } from "../../../engine.js";
import { knownPublication } from "../../../table-lookup.js";
import { withPartitions } from "../relations.js";
import { broken, type Subject } from "../subject.js";

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
  const verbs = ["update", "delete"].filter((verb) => publish === null || publish.includes(verb));
  if (verbs.length === 0) return [];
  const named = reads.flatMap((relation) => withPartitions(catalog, relation));
  const tables = named.flatMap((relation) => findTable(catalog, relation) ?? []);
  const all = [...tables, ...catalog.tables.filter((table) => isTaken(table, publishes, catalog.defaultSchema))];
  const what = verbs.map((verb) => `${verb.toUpperCase()}s`).join(" and ");
  return [...new Set(all)].filter(isUnidentified).map(({ relation }) => ({
    ...broken(
      "writes",
      `${what} of ${show(relation)} fail (55000): they are published, and the table has no replica identity, which a primary key would be`,
    ),
    of: relation,
  }));
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

/** Rows are in partitions: the table over them has none. */
function isUnidentified(table: Table): boolean {
  const { replicaIdentity, indexes, constraints, partitionKey, partitionExpression, partitions = [], options } = table;
  const isOver = Boolean(partitionKey) || partitionExpression !== undefined || partitions.some((p) => p.bound);
  const said = replicaIdentity ?? options?.find(({ option }) => option === "REPLICA IDENTITY")?.value.toLowerCase();
  if (isOver || said === "full" || indexes.some((index) => index.replicaIdentity === true)) return false;
  if (said === "nothing") return true;
  return !constraints.some(({ kind, definition }) => kind === "primary-key" && !DEFERRABLE.test(definition));
}

/** The server takes no such key for it. */
const DEFERRABLE = /(?<!\bnot\s+)\bdeferrable\b/i;
