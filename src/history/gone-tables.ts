import type { RelationName } from "../model/name.js";
import type { Operation } from "../model/operation.js";
import type { DetailKind } from "../model/operation-detail.js";
import { type Known, keyOf } from "./known.js";
import { emptyMap, get, set, without } from "./persistent-map.js";

/** What may make tables, or give them names, that its text does not name. */
const ANYWHERE: ReadonlySet<DetailKind> = new Set<DetailKind>([
  "opaque",
  "administration",
  "convert-partition",
  "convert-table",
  "use",
]);

/**
 * Which tables are gone for certain behind an operation: dropped, or called otherwise.
 *
 * @param before what was known in front of it
 * @param known as the operation leaves it
 */
export function withGone(before: Known, known: Known, operation: Operation): Known {
  if (known.gone.size === 0 && !takesAway(operation)) return known;
  if (isUnread(operation)) return { ...known, gone: emptyMap() };
  const taken = takenBy(operation).reduce((gone, name) => without(gone, keyOf(known, name)), known.gone);
  const { relation } = operation;
  const isTemporary = relation !== null && get(before.temporary, relation.name) === true;
  const gone =
    relation === null || isTemporary || !takesAway(operation) ? taken : set(taken, keyOf(known, relation), true);
  return gone === known.gone ? known : { ...known, gone };
}

const takesAway = (operation: Operation): boolean =>
  operation.kind === "other" && (operation.detail?.kind === "drop-table" || operation.detail?.kind === "rename-table");

function isUnread(operation: Operation): boolean {
  if (operation.kind !== "other") return false;
  const { detail, harmless, what } = operation;
  if (detail === undefined) return !harmless;
  return ANYWHERE.has(detail.kind) || /schema|database|extension/.test(what);
}

/** The names that something has behind an operation. */
function takenBy(operation: Operation): readonly RelationName[] {
  if (operation.kind === "create-table") return [operation.relation];
  if (operation.kind !== "other") return [];
  const { detail, relation } = operation;
  if (detail?.kind === "create-object") return detail.name === null ? [] : [detail.name];
  if (detail?.kind === "rename-object")
    return detail.name === null ? [] : [{ schema: detail.name.schema, name: detail.to }];
  if (detail?.kind === "rename-table") return [detail.to];
  return detail?.kind === "replace-table" && relation !== null ? [relation] : [];
}
