import type { RelationName } from "../model/name.js";
import type { Operation } from "../model/operation.js";
import type { DetailKind, OperationDetail } from "../model/operation-detail.js";
import { keyOf } from "./key-of.js";
import type { Known } from "./known.js";
import { ownerOf, tableIn } from "./known-tables.js";
import { emptyMap, get, set, without } from "./persistent-map.js";

/** What may make tables, or give them names, that its text does not name. */
const ANYWHERE: ReadonlySet<DetailKind> = new Set<DetailKind>([
  "administration",
  "convert-partition",
  "convert-table",
  "use",
]);

/**
 * Which tables and indexes are gone for certain behind an operation, dropped, called otherwise, or gone with their table or column.
 *
 * @param before what was known in front of it
 * @param known as the operation leaves it
 */
export function withGone(before: Known, known: Known, operation: Operation): Known {
  if (known.gone.size === 0 && !takesAway(operation)) return known;
  if (isUnread(operation)) return { ...known, gone: emptyMap() };
  const taken = takenBy(operation, known).reduce((gone, name) => without(gone, keyOf(known, name)), known.gone);
  const goneNames = [...goneBy(operation, before), ...indexesGone(operation, before, known)];
  const left = goneNames.reduce((gone, name) => set(gone, keyOf(known, name), true), taken);
  return left === known.gone ? known : { ...known, gone: left };
}

/** The names that nothing has behind an operation: of a dropped table those of its indexes too, which PostgreSQL keeps among those of tables. */
function goneBy(operation: Operation, before: Known): readonly RelationName[] {
  const { relation } = operation;
  if (relation === null || get(before.temporary, relation.name) === true || !takesTable(operation)) return [];
  const isDropped = operation.kind === "other" && operation.detail?.kind === "drop-table";
  const indexes = isDropped && before.dialect === undefined ? (tableIn(before, relation)?.indexes ?? []) : [];
  return [relation, ...indexes.map(({ name }) => ({ schema: relation.schema, name }))];
}

/** The indexes that a table had, and has no more: PostgreSQL names them without it. */
function indexesGone(operation: Operation, before: Known, known: Known): readonly RelationName[] {
  const { relation } = operation;
  if (before.dialect !== undefined || relation === null || !takesIndexes(operation)) return [];
  const table = tableIn(before, relation) ?? ownerOf(before, relation);
  const left = table === null ? null : tableIn(known, table.relation);
  if (table === null || left === null) return [];
  const names = new Set(left.indexes.map(({ name }) => name));
  return table.indexes.filter(({ name }) => !names.has(name)).map(({ name }) => ({ schema: relation.schema, name }));
}

const INDEX_TAKERS: ReadonlySet<DetailKind> = new Set<DetailKind>([
  "drop-constraint",
  "drop-index",
  "rename-constraint",
  "rename-index",
]);

const takesIndexes = (operation: Operation): boolean =>
  operation.kind === "drop-column" ||
  (operation.kind === "other" && operation.detail !== undefined && INDEX_TAKERS.has(operation.detail.kind));

const takesTable = (operation: Operation): boolean =>
  operation.kind === "other" && (operation.detail?.kind === "drop-table" || operation.detail?.kind === "rename-table");

const takesAway = (operation: Operation): boolean => takesTable(operation) || takesIndexes(operation);

function isUnread(operation: Operation): boolean {
  if (operation.kind !== "other") return false;
  const { detail, harmless, what } = operation;
  if (detail === undefined) return !harmless;
  return ANYWHERE.has(detail.kind) || /schema|database|extension/.test(what);
}

/** The names that something has behind an operation. */
export function takenBy(operation: Operation, { dialect }: Pick<Known, "dialect">): readonly RelationName[] {
  if (operation.kind === "create-table") return [operation.relation];
  const sharesNames = dialect === undefined;
  if (operation.kind === "create-index") return sharesNames ? inSchemaOf(operation.relation, operation.name) : [];
  if (operation.kind !== "other") return [];
  const { detail, relation } = operation;
  const index = sharesNames && detail !== undefined ? nameOfIndex(detail) : null;
  if (index !== null) return inSchemaOf(relation, index);
  if (detail?.kind === "create-object") return detail.name === null ? [] : [detail.name];
  if (detail?.kind === "rename-object")
    return detail.name === null ? [] : [{ schema: detail.name.schema, name: detail.to }];
  if (detail?.kind === "rename-table") return [detail.to];
  return detail?.kind === "replace-table" && relation !== null ? [relation] : [];
}

const inSchemaOf = (relation: RelationName | null, name: string | null): readonly RelationName[] =>
  name === null ? [] : [{ schema: relation?.schema ?? null, name }];

/** What an index may be called from then on. */
function nameOfIndex(detail: OperationDetail): string | null {
  if (detail.kind === "add-constraint") return detail.constraint.name;
  return detail.kind === "rename-constraint" || detail.kind === "rename-index" ? detail.to : null;
}
