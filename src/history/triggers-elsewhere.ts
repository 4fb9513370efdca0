import type { KnownTrigger } from "../engines/known-trigger.js";
import type { Dependent } from "../model/catalog.js";
import type { CreateObject } from "../model/detail/object.js";
import type { RelationName } from "../model/name.js";
import type { Operation } from "../model/operation.js";
import type { ObjectDetail, OperationDetail } from "../model/operation-detail.js";
import { keyOf } from "./key-of.js";
import type { Known } from "./known.js";
import { tableIn } from "./known-tables.js";
import { filtered, get, mapped, set, valuesOf, without } from "./persistent-map.js";

/** What is known of triggers whose table is not, behind an operation (PostgreSQL). `known` is as the operation leaves it. */
export function withTriggersElsewhere(known: Known, operation: Operation): Known {
  if (known.dialect !== undefined) return known;
  const { relation } = operation;
  if (operation.kind === "create-table")
    return operation.ifNotExists ? known : withoutTriggersOn(known, operation.relation);
  if (operation.kind !== "other" || operation.detail === undefined) return known;
  if (relation !== null && get(known.temporary, relation.name) === true) return known;
  return afterDetail(known, relation, operation.detail);
}

function afterDetail(known: Known, relation: RelationName | null, detail: OperationDetail): Known {
  const isFirst = detail.kind === "create-object" && detail.object === "trigger";
  if (known.triggersElsewhere.size === 0 && !isFirst) return known;
  if (detail.kind === "drop-table" && relation !== null) return withoutTriggersOn(known, relation);
  if (detail.kind === "rename-table" && relation !== null) return moved(known, relation, detail.to);
  return "object" in detail && detail.name !== null ? afterObject(known, relation, detail, detail.name) : known;
}

function afterObject(known: Known, relation: RelationName | null, detail: Change, name: RelationName): Known {
  switch (detail.object) {
    case "trigger":
      return relation === null ? known : afterTrigger(known, relation, detail, name.name);
    case "view":
      if (detail.kind === "drop-object") return withoutTriggersOn(known, name);
      return detail.kind === "rename-object" ? moved(known, name, { ...name, name: detail.to }) : known;
    case "schema":
      return afterSchema(known, detail, name.name);
    case "function":
      return afterFunction(known, detail, name);
    default:
      return known;
  }
}

type Change = Extract<ObjectDetail, { readonly object: string }>;

const frozen = (trigger: KnownTrigger): KnownTrigger => Object.freeze(trigger);

function withOn(known: Known, key: string, triggers: readonly KnownTrigger[]): Known {
  const { triggersElsewhere: all } = known;
  if (triggers.length === 0 && get(all, key) === undefined) return known;
  return { ...known, triggersElsewhere: triggers.length === 0 ? without(all, key) : set(all, key, triggers) };
}

/** A table or view is gone, and what hangs on it. */
export const withoutTriggersOn = (known: Known, relation: RelationName): Known =>
  withOn(known, keyOf(known, relation), []);

function moved(known: Known, from: RelationName, to: RelationName): Known {
  const triggers = get(known.triggersElsewhere, keyOf(known, from)) ?? [];
  const left = withoutTriggersOn(withoutTriggersOn(known, from), to);
  return withOn(
    left,
    keyOf(known, to),
    triggers.map((one) => frozen({ ...one, relation: to })),
  );
}

function afterTrigger(known: Known, relation: RelationName, detail: Change, trigger: string): Known {
  const key = keyOf(known, relation);
  const before = get(known.triggersElsewhere, key) ?? [];
  const others = before.filter(({ name }) => name !== trigger);
  if (detail.kind === "create-object") return withOn(known, key, [...others, ...madeBy(known, relation, detail)]);
  if (detail.kind === "drop-object") return withOn(known, key, others);
  if (detail.kind !== "rename-object") return known;
  const renamed = (one: KnownTrigger) => (others.includes(one) ? one : frozen({ ...one, name: detail.to }));
  return withOn(known, key, before.map(renamed));
}

function madeBy(known: Known, relation: RelationName, { name, trigger }: CreateObject): readonly KnownTrigger[] {
  const calls = trigger?.calls;
  if (name === null || calls === undefined || tableIn(known, relation) !== null) return [];
  const onView = get(known.views, keyOf(known, relation)) !== undefined;
  return [frozen({ name: name.name, relation, calls, ...(onView ? { onView } : {}) })];
}

function afterSchema(known: Known, { kind }: Change, schema: string): Known {
  const isIn = ([one]: readonly KnownTrigger[]) => (one?.relation.schema ?? known.defaultSchema) === schema;
  const all = known.triggersElsewhere;
  if (kind === "drop-object") return { ...known, triggersElsewhere: filtered(all, (_, on) => !isIn(on)) };
  // What its tables are called from then on is not followed.
  if (kind !== "rename-object") return known;
  return { ...known, triggersElsewhere: mapped(all, (on) => (isIn(on) ? on.map(unsure) : on)) };
}

/** The triggers that call it go with it, or call it by another name. */
function afterFunction(known: Known, detail: Change, name: RelationName): Known {
  const isTaken = detail.kind === "drop-object" && detail.cascade;
  if (!isTaken && detail.kind !== "rename-object") return known;
  const key = keyOf(known, name);
  const after = (one: KnownTrigger): readonly KnownTrigger[] => {
    if (keyOf(known, one.calls) !== key) return [one];
    return detail.kind === "rename-object" ? [frozen({ ...one, calls: { ...one.calls, name: detail.to } })] : [];
  };
  const all = mapped(known.triggersElsewhere, (on) => on.flatMap(after));
  return { ...known, triggersElsewhere: filtered(all, (_, on) => on.length > 0) };
}

const unsure = (trigger: KnownTrigger): KnownTrigger => frozen({ ...trigger, unsure: true });

/** A table is not known any more: the triggers that files have made on it may be there still. */
export function withUnsureTriggers(known: Known, relation: RelationName, dependents: readonly Dependent[]): Known {
  const key = keyOf(known, relation);
  const noted = get(known.triggersElsewhere, key) ?? [];
  const own = dependents.flatMap(({ name, trigger }) =>
    trigger?.calls === undefined ? [] : [{ name, relation, calls: trigger.calls }],
  );
  return noted.length === 0 && own.length === 0 ? known : withOn(known, key, [...noted, ...own].map(unsure));
}

/** The triggers that files have made on tables which none of them makes, and on views: one of a view that is not known any more may be gone. */
export function triggersElsewhere(known: Known): readonly KnownTrigger[] {
  const isLost = ({ onView, relation }: KnownTrigger) =>
    onView === true && get(known.views, keyOf(known, relation)) === undefined;
  return valuesOf(known.triggersElsewhere).flatMap((on) => on.map((one) => (isLost(one) ? unsure(one) : one)));
}
