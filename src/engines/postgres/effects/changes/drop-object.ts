import type { Catalog } from "../../../../model/catalog.js";
import type { DropObject, ObjectType, RenameObject } from "../../../../model/detail/object.js";
import type { Breakage, Effect, Lock } from "../../../../model/effect.js";
import { type RelationName, show } from "../../../../model/name.js";
import { effect, refusedFor } from "../../../effect.js";
import { takesCallsOf } from "../../../overloads.js";
import type { Taken } from "../../../stored-code.js";
import { knownRoutines } from "../../../table-lookup.js";
import { leftBehind } from "../left-behind.js";
import { lock } from "../locks.js";
import { areTriggersTold, neededBy } from "../needed-by.js";
import { broken, type Subject } from "../subject.js";
import { worst } from "../worst.js";
import { onTable, PLACES, transactionOf } from "./object-places.js";

/** DROP of what is no table: what names it fails. */
export function dropObjectEffect(detail: DropObject, subject: Subject): Effect {
  const { object, name, cascade } = detail;
  if (PLACES[object] === "unknown") return worst(subject.operation);
  if (object === "statistics") return dropStatistics(detail, subject);
  const itself = PLACES[object] === "itself" && name !== null;
  const called = name === null ? `the ${object}` : `${object} ${show(name)}${argumentsOf(detail)}`;
  return effect({
    locks: [
      ...(PLACES[object] === "table" ? onTable(subject, "ACCESS EXCLUSIVE") : []),
      ...(itself ? [lock(name, "ACCESS EXCLUSIVE", "brief")] : []),
      ...(object === "schema" && cascade ? tablesOfSchema(name, subject) : []),
    ],
    breaks: brokenBy(detail, called, subject),
    ...(cascade || !HOLDABLE.has(object) ? {} : failure(detail, called, subject)),
    destroys: object === "database" || (cascade && HOLDABLE.has(object)),
    transaction: transactionOf(object),
    assumes: [
      ...(cascade ? [`CASCADE takes with it whatever needs ${called}`] : []),
      ...(detail.ifExists && PLACES[object] === "table" ? [`${called} is taken to exist`] : []),
    ],
  });
}

/** Which of several routines of the name it is, where the statement says that. */
const argumentsOf = ({ takes }: DropObject): string => (takes === undefined ? "" : `(${takes.join(", ")})`);

function failure(
  detail: DropObject,
  called: string,
  { operation, context }: Subject,
): Pick<Effect, "fails" | "needed"> {
  const { catalog, siblings = [operation] } = context;
  const needing = neededBy(detail, catalog, siblings);
  if (needing.length > 0) return refusedFor({ code: "2BP01", why: `${listed(needing)} needs ${called}` });
  const isFree =
    isTakenOver(detail, catalog) ||
    (isOfTriggers(detail, catalog) && detail.name !== null && areTriggersTold(detail.name, catalog));
  return { fails: isFree ? null : `it is refused (2BP01) where anything needs ${called}` };
}

/** As many as one can read. */
const MOST_LISTED = 3;

const listed = (all: readonly string[]): string =>
  all.length <= MOST_LISTED
    ? all.join(", ")
    : `${all.slice(0, MOST_LISTED).join(", ")} and ${all.length - MOST_LISTED} more`;

/** Nothing but triggers can call it. */
function isOfTriggers({ object, name, takes = [] }: DropObject, catalog: Catalog): boolean {
  if (object !== "function" || name === null || takes.length > 0) return false;
  const all = knownRoutines(catalog, name) ?? [];
  return all.length > 0 && all.every(({ returns }) => returns === "trigger");
}

/** What running code names, or relies on without a name. */
function brokenBy(detail: DropObject, called: string, { operation, context }: Subject): Breakage[] {
  const { object, name, cascade } = detail;
  if (isTakenOver(detail, context.catalog)) return [];
  const isOnlyTriggers = isOfTriggers(detail, context.catalog);
  if (isOnlyTriggers || (HOLDABLE.has(object) && !NAMED.has(object))) {
    if (!cascade) return [];
    const needing = neededBy(detail, context.catalog, context.siblings ?? [operation]);
    const gone = needing.length > 0 ? listed(needing) : "what needs it, if anything does,";
    const then = isOnlyTriggers ? ", and rows are written without what that did" : "";
    return [broken("both", `${gone} ${needing.length > 1 ? "go" : "goes"} with ${called}${then}`)];
  }
  if (NAMED.has(object)) {
    const taken = name === null ? null : takenBy(object, name);
    const left = taken === null ? [] : leftBehind(taken, context.catalog);
    return [broken("both", `statements that name ${called} fail`), ...left];
  }
  if (object === "publication") return [broken("reads", `${unpublished(name?.name)} any more`)];
  if (object === "subscription") {
    return [broken("reads", `what ${called} brought stays as it is: no change comes in any more`)];
  }
  const why = operation.kind === "other" && object === "other" ? RELIED_ON[operation.what] : undefined;
  return why === undefined ? [] : [broken("both", why)];
}

function takenBy(object: ObjectType, name: RelationName): Taken | null {
  if (object === "function" || object === "procedure") return { kind: "routine", name };
  return object === "view" || object === "materialized-view" ? { kind: "relation", relation: name } : null;
}

/** Another routine of the name takes all of its calls. */
function isTakenOver({ name, takes, cascade }: DropObject, catalog: Catalog): boolean {
  if (name === null || takes === undefined || cascade) return false;
  const all = knownRoutines(catalog, name) ?? [];
  const own = all.find((one) => one.takes.join() === takes.join());
  return own !== undefined && all.some((one) => one !== own && takesCallsOf(own, one));
}

const unpublished = (name: string | undefined): string =>
  `subscribers of ${name ?? "the publication"} stop (42704) and get no change`;

/** What is not named like a relation, by the words of its statement. */
const RELIED_ON: Readonly<Record<string, string>> = Object.freeze({
  "drop-cast": "statements that rely on the cast, written out or by an assignment, fail (42846, 42804)",
  "drop-operator": "statements that use the operator fail (42883)",
  "drop-text-search-configuration": "statements that name the text search configuration fail (42704)",
  "drop-user-mapping": "statements of that user on foreign tables fail (42704)",
  "rename-tsconfiguration": "statements that name the text search configuration fail (42704)",
});

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
export function renameObjectEffect(detail: RenameObject, subject: Subject): Effect {
  const { object, name } = detail;
  if (PLACES[object] === "unknown") return worst(subject.operation);
  const itself = PLACES[object] === "itself" && name !== null ? [lock(name, "ACCESS EXCLUSIVE", "brief")] : [];
  const mode = object === "statistics" ? "SHARE UPDATE EXCLUSIVE" : "ACCESS EXCLUSIVE";
  const why = renameBreaks(detail, subject);
  return effect({
    locks: [...(PLACES[object] === "table" ? onTable(subject, mode) : []), ...itself],
    breaks: why === null ? [] : [broken("both", why)],
  });
}

function renameBreaks({ object, name }: RenameObject, { operation }: Subject): string | null {
  if (object === "role") return `code that logs in as ${name?.name ?? "it"} is refused (28000)`;
  if (object === "publication") return `${unpublished(name?.name)} any more`;
  if (NAMED.has(object)) return `statements that name ${object} ${name?.name ?? ""} fail`;
  return (operation.kind === "other" && object === "other" ? RELIED_ON[operation.what] : undefined) ?? null;
}
