import type { DropObject, ObjectType, RenameObject } from "../../../../model/detail/object.js";
import type { Effect, Lock } from "../../../../model/effect.js";
import { type RelationName, show } from "../../../../model/name.js";
import { effect } from "../../../effect.js";
import { lock } from "../locks.js";

import { broken, type Subject } from "../subject.js";
import { worst } from "../worst.js";
import { onTable, PLACES, transactionOf } from "./object-places.js";

/** DROP of what is no table: what names it fails. */
export function dropObjectEffect(detail: DropObject, subject: Subject): Effect {
  const { object, name, cascade } = detail;
  if (PLACES[object] === "unknown") return worst(subject.operation);
  if (object === "statistics") return dropStatistics(detail, subject);
  const itself = PLACES[object] === "itself" && name !== null;
  const called = name === null ? `the ${object}` : `${object} ${show(name)}`;
  return effect({
    locks: [
      ...(PLACES[object] === "table" ? onTable(subject, "ACCESS EXCLUSIVE") : []),
      ...(itself ? [lock(name, "ACCESS EXCLUSIVE", "brief")] : []),
      ...(object === "schema" && cascade ? tablesOfSchema(name, subject) : []),
    ],
    breaks: NAMED.has(object) ? [broken("both", `statements that name ${called} fail`)] : [],
    fails: cascade || !HOLDABLE.has(object) ? null : `it is refused (2BP01) where anything needs ${called}`,
    destroys: object === "database" || (cascade && HOLDABLE.has(object)),
    transaction: transactionOf(object),
    assumes: [
      ...(cascade ? [`CASCADE takes with it whatever needs ${called}`] : []),
      ...(detail.ifExists && PLACES[object] === "table" ? [`${called} is taken to exist`] : []),
    ],
  });
}

/** The tables that go with a schema, as far as they are known. */
function tablesOfSchema(name: RelationName | null, { context }: Subject): Lock[] {
  const { tables, defaultSchema } = context.catalog;
  const own = tables.filter((t) => (t.relation.schema ?? defaultSchema) === name?.name);
  return own.map((t) => lock(t.relation, "ACCESS EXCLUSIVE", "brief"));
}

/** Statistics are named without their table. */
function dropStatistics({ name }: DropObject, { context }: Subject): Effect {
  const isOwn = (d: { readonly kind: string; readonly name: string }) =>
    d.kind === "statistics" && d.name === name?.name;
  const table = context.catalog.tables.find((t) => t.dependents.some(isOwn));
  if (table !== undefined) return effect({ locks: [lock(table.relation, "SHARE UPDATE EXCLUSIVE", "brief")] });
  return effect({ assumes: ["other DDL waits on the table of the statistics: it is not known"] });
}

/** What statements of the application name. */
const NAMED: ReadonlySet<ObjectType> = new Set<ObjectType>([
  "aggregate",
  "database",
  "domain",
  "extension",
  "foreign-table",
  "function",
  "materialized-view",
  "procedure",
  "schema",
  "sequence",
  "type",
  "view",
]);

/** What other objects are made of. */
const HOLDABLE: ReadonlySet<ObjectType> = new Set<ObjectType>([...NAMED, "collation", "foreign-server"]);

/** RENAME of what is no table. */
export function renameObjectEffect({ object, name }: RenameObject, subject: Subject): Effect {
  if (PLACES[object] === "unknown") return worst(subject.operation);
  const itself = PLACES[object] === "itself" && name !== null ? [lock(name, "ACCESS EXCLUSIVE", "brief")] : [];
  const mode = object === "statistics" ? "SHARE UPDATE EXCLUSIVE" : "ACCESS EXCLUSIVE";
  const why =
    object === "role"
      ? `code that logs in as ${name?.name ?? "it"} is refused (28000)`
      : `statements that name ${object} ${name?.name ?? ""} fail`;
  const breaks = NAMED.has(object) || object === "role" ? [broken("both", why)] : [];
  return effect({ locks: [...(PLACES[object] === "table" ? onTable(subject, mode) : []), ...itself], breaks });
}
