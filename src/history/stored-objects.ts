import type { StoredObject } from "../model/catalog.js";
import type { AlterObject, CreateObject } from "../model/detail/object.js";
import type { RelationName } from "../model/name.js";
import type { ObjectDetail } from "../model/operation-detail.js";
import { keyOf } from "./key-of.js";
import type { Known } from "./known.js";

type Named = Pick<StoredObject, "object" | "name" | "on">;

const KINDS: ReadonlySet<string> = new Set<StoredObject["object"]>([
  "event",
  "extension",
  "function",
  "materialized-view",
  "policy",
  "procedure",
  "rule",
  "schema",
  "sequence",
  "trigger",
  "view",
]);
/** What hangs on a table: its name is that table's own affair. MySQL's triggers are named without it. */
const HANGING: ReadonlySet<string> = new Set(["policy", "rule", "trigger"]);

function sameObject(known: Known, a: Named, b: Named): boolean {
  if (a.object !== b.object || keyOf(known, a.name) !== keyOf(known, b.name)) return false;
  return a.on === null || b.on === null || keyOf(known, a.on) === keyOf(known, b.on);
}

/** How it was before is no longer how it is, and how it is now no database has said. */
const unread = (object: StoredObject): StoredObject => Object.freeze({ ...object, restore: null, comment: null });

/** The types that a routine takes, as the database calls them; null where they are not told. */
const parametersOf = (takes: readonly string[] | undefined): readonly string[] | null =>
  takes?.map((type) => type.replace(/^(.*?)(?:\[\])+$/s, "_$1")) ?? null;

/** Routines that share a name are told apart by what they take. */
const isOther = ({ parameters }: StoredObject, taken: readonly string[] | null): boolean =>
  parameters !== null && taken !== null && parameters.join("\0") !== taken.join("\0");

function made(known: Known, named: Named, { routine }: CreateObject): Known {
  const taken = parametersOf(routine?.takes);
  const others = (known.objects ?? []).filter((o) => !sameObject(known, o, named) || isOther(o, taken));
  const parameters = named.object === "function" || named.object === "procedure" ? (taken ?? []) : null;
  const fresh = { ...named, parameters, restore: null, comment: null, columns: [] };
  return { ...known, objects: Object.freeze([...others, Object.freeze(fresh)]) };
}

function touched(known: Known, named: Named, change: (object: StoredObject) => StoredObject[]): Known {
  const objects = (known.objects ?? []).flatMap((o) => (sameObject(known, o, named) ? change(o) : [o]));
  return { ...known, objects: Object.freeze(objects) };
}

function namedBy(relation: RelationName | null, { object, name }: Pick<CreateObject, "object" | "name">): Named | null {
  if (name === null || !KINDS.has(object)) return null;
  return { object: object as StoredObject["object"], name, on: HANGING.has(object) ? relation : null };
}

/** The schema that something is in behind `SET SCHEMA`; null for any other change. */
export const newSchema = ({ changes, values }: AlterObject): string | null =>
  changes[0] === "SET SCHEMA" ? (values?.[0] ?? null) : null;

/** An extension is in no schema itself. */
function nameAfter({ object, name }: StoredObject, detail: AlterObject): RelationName {
  const schema = newSchema(detail);
  return schema === null || object === "extension" ? name : { schema, name: name.name };
}

/** PostgreSQL: what hangs on a table is found by the table's new name; how it was before names the old one. */
export function movedHanging(known: Known, from: RelationName, to: RelationName): Known {
  if (known.dialect !== undefined || known.objects === undefined) return known;
  const isOn = ({ on }: StoredObject) => on !== null && keyOf(known, on) === keyOf(known, from);
  const objects = known.objects.map((o) => (isOn(o) ? unread({ ...o, on: to }) : o));
  return { ...known, objects: Object.freeze(objects) };
}

/** What is known of objects that are no tables, after a change of one. What was never read stays unread. */
export function applyStored(known: Known, relation: RelationName | null, detail: ObjectDetail): Known {
  if (known.objects === undefined || !("object" in detail)) return known;
  const named = namedBy(relation, detail);
  if (named === null) return known;
  switch (detail.kind) {
    case "create-object":
      return made(known, named, detail);
    case "drop-object":
      return touched(known, named, (o) =>
        isOther(o, parametersOf(detail.takes)) ? [o] : [Object.freeze({ ...o, gone: true })],
      );
    case "alter-object":
      return touched(known, named, (o) => [unread({ ...o, name: nameAfter(o, detail) })]);
    case "rename-object":
      return touched(known, named, (o) => [unread({ ...o, name: { schema: o.name.schema, name: detail.to } })]);
  }
}
