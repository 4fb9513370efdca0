import type { Catalog, Table } from "../../../model/catalog.js";
import type { DropObject } from "../../../model/detail/object.js";
import { type RelationName, show } from "../../../model/name.js";
import type { Operation } from "../../../model/operation.js";
import type { KnownTrigger } from "../../known-trigger.js";
import type { KnownView } from "../../known-view.js";
import { isRoutineNew, isWhole, knownRoutines, knownViews, storedCode, triggersElsewhere } from "../../table-lookup.js";
import { isCounted, ownSequence } from "../own-sequence.js";
import { isPlainFunction } from "./query-functions.js";
import { sameRelation } from "./relations.js";

/** What PostgreSQL does not drop an object under, without CASCADE, as far as files have made it: `trigger t on users`. */
export function neededBy(detail: DropObject, catalog: Catalog, siblings: readonly Operation[]): readonly string[] {
  const { object, name } = detail;
  if (name === null) return [];
  switch (object) {
    case "function":
    case "aggregate":
      return [
        ...triggersCalling(detail, name, catalog),
        ...expressionsCalling(name, catalog),
        ...policiesCalling(name, catalog),
        ...viewsCalling(name, catalog),
      ];
    case "type":
    case "domain":
      return [...columnsOf(name, catalog), ...routinesOf(name, catalog)];
    case "sequence":
      return defaultsFrom(name, catalog);
    case "view":
    case "materialized-view":
      return [...viewsOver(name, catalog, siblings), ...routinesOf(name, catalog)];
    case "schema":
      return heldIn(name.name, catalog);
    default:
      return [];
  }
}

function triggersCalling({ takes }: DropObject, name: RelationName, catalog: Catalog): string[] {
  if (takes !== undefined && takes.length > 0) return [];
  const listed = catalog.tables.flatMap(({ relation, dependents }) =>
    dependents
      .filter(({ trigger }) => trigger?.calls !== undefined && sameRelation(catalog, trigger.calls, name))
      .map((d) => `trigger ${d.name} on ${show(relation)}`),
  );
  const others = callingElsewhere(name, catalog).filter((one) => one.unsure !== true);
  return [...listed, ...others.map((one) => `trigger ${one.name} on ${show(one.relation)}`)];
}

/** The triggers of tables that no file makes, and of views. */
const callingElsewhere = (name: RelationName, catalog: Catalog): readonly KnownTrigger[] =>
  triggersElsewhere(catalog).filter(({ calls }) => sameRelation(catalog, calls, name));

/**
 * Whether all triggers that call a function are known: files have made it, or tell all that there is, and none of its triggers is on
 * a table of which it is not told what has become.
 */
export const areTriggersTold = (name: RelationName, catalog: Catalog): boolean =>
  (isWhole(catalog) || isRoutineNew(catalog, name)) &&
  !callingElsewhere(name, catalog).some(({ unsure }) => unsure === true);

/** Of several routines of a name it is not worked out which one is called. */
function policiesCalling(name: RelationName, catalog: Catalog): string[] {
  if (knownRoutines(catalog, name)?.length !== 1) return [];
  return catalog.tables.flatMap(({ relation, dependents }) =>
    dependents
      .filter(({ policy }) => policy?.calls?.some((called) => sameRelation(catalog, called, name)) === true)
      .map((d) => `policy ${d.name} on ${show(relation)}`),
  );
}

/** Of several routines of a name it is not worked out which one is called. */
function viewsCalling(name: RelationName, catalog: Catalog): string[] {
  if (knownRoutines(catalog, name)?.length !== 1) return [];
  return knownViews(catalog)
    .filter(({ calls }) => calls.some((called) => !isPlainFunction(called) && sameRelation(catalog, called, name)))
    .map(shownView);
}

/** What of a table calls something: what stands up to an index's columns are names of other things. */
const expressionsIn = ({ relation, columns, constraints, indexes }: Table): readonly (readonly [string, string])[] => [
  ...columns.map((c) => [`column ${c.name} of ${show(relation)}`, c.generated?.expression ?? c.default ?? ""] as const),
  ...constraints
    .filter(({ kind }) => kind === "check")
    .map((c) => [`constraint ${c.name} of ${show(relation)}`, c.definition] as const),
  ...indexes
    .filter(({ constraint }) => constraint === null)
    .map((i) => [`index ${i.name} of ${show(relation)}`, i.definition.slice(i.definition.indexOf("(") + 1)] as const),
];

/** Of several routines of a name it is not worked out which one is called. */
function expressionsCalling(name: RelationName, catalog: Catalog): string[] {
  if (knownRoutines(catalog, name)?.length !== 1) return [];
  const call = new RegExp(`(?:^|[^\\p{L}\\p{N}_$"])${namePattern(name)}\\s*\\(`, "iu");
  return catalog.tables.flatMap((table) =>
    expressionsIn(table).flatMap(([what, text]) => (call.test(text.replace(/'(?:[^']|'')*'/g, "''")) ? [what] : [])),
  );
}

/** A name as SQL writes it, with or without quotes. */
const namePattern = ({ name }: RelationName): string => {
  const plain = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return `(?:"${plain}"|${plain})`;
};

/** Tells types of a name: `s."T"[]` is of it, and `T(3)` is not another one. */
function typeOf(name: RelationName): (type: string) => boolean {
  const written = new RegExp(
    `^(?:setof\\s+)?(?:[\\p{L}\\p{N}_$]+\\.|"[^"]+"\\.)?${namePattern(name)}\\s*(?:\\[.*)?$`,
    "iu",
  );
  const plain = name.name.toLowerCase();
  // Thousands of columns are asked, nearly all of which are of other types.
  return (type) => type.toLowerCase().includes(plain) && written.test(type.trim());
}

function columnsOf(name: RelationName, catalog: Catalog): string[] {
  const isOf = typeOf(name);
  return catalog.tables.flatMap(({ relation, columns }) =>
    columns.filter(({ type }) => isOf(type)).map((c) => `column ${c.name} of ${show(relation)}`),
  );
}

/** Routines that take or give back a type, or rows of a table or view. */
export function routinesOf(name: RelationName, catalog: Catalog): string[] {
  const isOf = typeOf(name);
  return storedCode(catalog)
    .filter(({ routine }) => [...(routine?.takes ?? []), routine?.returns ?? ""].some(isOf))
    .map((code) => `${code.object} ${show(code.name)}`);
}

/** Defaults that take their numbers from a sequence, and columns that it was made for. */
const defaultsFrom = (name: RelationName, catalog: Catalog): string[] => {
  const next = new RegExp(`nextval\\s*\\(\\s*'(?:[^'.]+\\.)?${namePattern(name)}'`, "i");
  return catalog.tables.flatMap(({ relation, columns }) =>
    columns
      .filter((c) => next.test(c.default ?? "") || (isCounted(c) && name.name === ownSequence(relation, c)))
      .map((c) => `column ${c.name} of ${show(relation)}`),
  );
};

/** Views that read it, and that the same statement leaves. */
function viewsOver(name: RelationName, catalog: Catalog, siblings: readonly Operation[]): string[] {
  const beside = siblings.flatMap((o) =>
    o.kind === "other" && o.detail?.kind === "drop-object" ? (o.detail.name ?? []) : [],
  );
  const key = `${name.schema ?? catalog.defaultSchema ?? ""}\0${name.name}`;
  return knownViews(catalog)
    .filter((view) => view.reads.includes(key) && !beside.some((other) => sameRelation(catalog, other, view.name)))
    .map(shownView);
}

const shownView = ({ materialized, name }: KnownView): string =>
  `${materialized ? "materialized view" : "view"} ${show(name)}`;

/** What files have put into a schema. */
function heldIn(schema: string, catalog: Catalog): string[] {
  const isIn = (name: RelationName) => (name.schema ?? catalog.defaultSchema) === schema;
  return [
    ...catalog.tables.filter((t) => isIn(t.relation)).map((t) => `table ${show(t.relation)}`),
    ...knownViews(catalog)
      .filter((v) => isIn(v.name))
      .map((v) => `view ${show(v.name)}`),
    ...(catalog.types ?? []).filter((t) => isIn(t.relation)).map((t) => `type ${show(t.relation)}`),
    ...storedCode(catalog)
      .filter((c) => isIn(c.name))
      .map((c) => `${c.object} ${show(c.name)}`),
  ];
}
