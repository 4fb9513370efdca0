import type { PartOfTable } from "../engines/table-lookup.js";
import type { AlterObject, CreateObject } from "../model/detail/object.js";
import type { Publication, PublishedPart } from "../model/detail/publication.js";
import type { RelationName } from "../model/name.js";
import type { ObjectDetail } from "../model/operation-detail.js";
import { keyOf } from "./key-of.js";
import type { Known } from "./known.js";
import { entriesOf, get, mapped, set, valuesOf, without } from "./persistent-map.js";

/** A table that a publication names. */
interface KnownPart extends PublishedPart {
  readonly key: string;
}

/** What a publication that files have made takes (PostgreSQL). */
export interface KnownPublication extends Publication {
  readonly tables: readonly KnownPart[];
}

/** What a publication takes that says nothing of it. */
const ALL: readonly string[] = Object.freeze(["insert", "update", "delete", "truncate"]);
const EMPTY: KnownPublication = { publish: ALL, everyTable: false, schemas: [], tables: [] };

/** What each publication takes, behind a change of one (PostgreSQL). */
export function applyPublication(known: Known, detail: ObjectDetail): Known {
  if (!("object" in detail) || detail.object !== "publication" || detail.name === null) return known;
  const { name } = detail.name;
  const before = get(known.publications, name);
  switch (detail.kind) {
    case "create-object":
      return { ...known, publications: set(known.publications, name, takenBy(known, detail, EMPTY)) };
    case "alter-object":
      return before === undefined
        ? known
        : { ...known, publications: set(known.publications, name, altered(known, detail, before)) };
    case "drop-object":
      return { ...known, publications: without(known.publications, name) };
    case "rename-object": {
      const left = without(known.publications, name);
      return { ...known, publications: before === undefined ? left : set(left, detail.to, before) };
    }
  }
}

/** What is said, beside what was. */
function takenBy(known: Known, said: CreateObject | AlterObject, before: KnownPublication): KnownPublication {
  const schemas = (said.publishes?.schemas ?? []).flatMap((schema) => schema ?? known.defaultSchema ?? []);
  return {
    publish: said.publishes?.publish ?? before.publish,
    everyTable: before.everyTable || said.publishes?.everyTable === true,
    schemas: [...before.schemas, ...schemas],
    tables: [...before.tables, ...said.reads.map((table) => partOf(known, said, table))],
  };
}

function partOf(known: Known, { publishes }: CreateObject | AlterObject, table: RelationName): KnownPart {
  const key = keyOf(known, table);
  const part = publishes?.parts?.find(({ relation }) => keyOf(known, relation) === key);
  return Object.freeze({ key, relation: table, filter: part?.filter ?? null, columns: part?.columns ?? null });
}

function altered(known: Known, detail: AlterObject, before: KnownPublication): KnownPublication {
  const gone = detail.reads.map((table) => keyOf(known, table));
  if (detail.changes.includes("DROP"))
    return { ...before, tables: before.tables.filter(({ key }) => !gone.includes(key)) };
  return takenBy(known, detail, detail.changes.includes("SET") ? { ...EMPTY, publish: before.publish } : before);
}

/** A publication follows its tables to other names; one that is gone leaves it. */
export function withTablePublished(known: Known, from: RelationName, to: RelationName | null): Known {
  const moved = (part: KnownPart) => (to === null ? [] : { ...part, key: keyOf(known, to), relation: to });
  return withParts(known, from, moved);
}

/** A column that a publication names goes on under its other name. */
export function withColumnPublished(known: Known, relation: RelationName, from: string, to: string): Known {
  const all = (names: readonly string[] | null) => names?.map((name) => (name === from ? to : name)) ?? null;
  return withParts(known, relation, (part) => ({ ...part, filter: all(part.filter), columns: all(part.columns) }));
}

function withParts(known: Known, relation: RelationName, change: (part: KnownPart) => KnownPart | KnownPart[]): Known {
  if (known.publications.size === 0) return known;
  const key = keyOf(known, relation);
  const publications = mapped(known.publications, (one) =>
    one.tables.some((part) => part.key === key)
      ? { ...one, tables: one.tables.flatMap((part) => (part.key === key ? change(part) : part)) }
      : one,
  );
  return { ...known, publications };
}

/** The parts of a table that publications take, which files made. */
export function partsPublished(known: Known, relation: RelationName): readonly PartOfTable[] {
  if (known.publications.size === 0) return [];
  const key = keyOf(known, relation);
  return entriesOf(known.publications).flatMap(([name, { publish, tables }]) =>
    tables
      .filter((part) => part.key === key && (part.filter !== null || part.columns !== null))
      .map(({ filter, columns }) => ({ name, publish, filter, columns })),
  );
}

/** Which changes of a table's rows are published by what files have made: `update`; nothing where none are. */
export function publishedOf(known: Known, relation: RelationName): readonly string[] {
  if (known.publications.size === 0) return [];
  const key = keyOf(known, relation);
  const schema = relation.schema ?? known.defaultSchema ?? "";
  const takes = ({ everyTable, schemas, tables }: KnownPublication) =>
    everyTable || schemas.includes(schema) || tables.some((part) => part.key === key);
  return valuesOf(known.publications)
    .filter(takes)
    .flatMap(({ publish }) => publish);
}
