import type { AlterObject, CreateObject } from "../model/detail/object.js";
import type { RelationName } from "../model/name.js";
import type { ObjectDetail } from "../model/operation-detail.js";
import { keyOf } from "./key-of.js";
import type { Known } from "./known.js";
import { get, mapped, set, valuesOf, without } from "./persistent-map.js";

/** What a publication that files have made takes (PostgreSQL). */
export interface KnownPublication {
  /** Which changes of rows: `insert`, `update`. */
  readonly publish: readonly string[];
  readonly everyTable: boolean;
  readonly schemas: readonly string[];
  /** The keys of the tables that it names. */
  readonly tables: readonly string[];
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
    tables: [...before.tables, ...said.reads.map((table) => keyOf(known, table))],
  };
}

function altered(known: Known, detail: AlterObject, before: KnownPublication): KnownPublication {
  const gone = detail.reads.map((table) => keyOf(known, table));
  if (detail.changes.includes("DROP"))
    return { ...before, tables: before.tables.filter((table) => !gone.includes(table)) };
  return takenBy(known, detail, detail.changes.includes("SET") ? { ...EMPTY, publish: before.publish } : before);
}

/** A publication follows its tables to other names; one that is gone leaves it. */
export function withTablePublished(known: Known, from: RelationName, to: RelationName | null): Known {
  if (known.publications.size === 0) return known;
  const key = keyOf(known, from);
  const now = to === null ? [] : [keyOf(known, to)];
  const publications = mapped(known.publications, (one) =>
    one.tables.includes(key) ? { ...one, tables: one.tables.flatMap((table) => (table === key ? now : [table])) } : one,
  );
  return { ...known, publications };
}

/** Which changes of a table's rows are published by what files have made: `update`; nothing where none are. */
export function publishedOf(known: Known, relation: RelationName): readonly string[] {
  if (known.publications.size === 0) return [];
  const key = keyOf(known, relation);
  const schema = relation.schema ?? known.defaultSchema ?? "";
  const takes = ({ everyTable, schemas, tables }: KnownPublication) =>
    everyTable || schemas.includes(schema) || tables.includes(key);
  return valuesOf(known.publications)
    .filter(takes)
    .flatMap(({ publish }) => publish);
}
