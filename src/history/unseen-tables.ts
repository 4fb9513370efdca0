import type { Constraint } from "../model/catalog.js";
import type { RelationName } from "../model/name.js";
import type { AddColumn, Operation, OtherOperation, RenameColumn } from "../model/operation.js";
import type { OperationDetail } from "../model/operation-detail.js";
import { columnConstraints, namerFor, tableConstraint } from "./definitions.js";
import { keyOf } from "./key-of.js";
import type { Known } from "./known.js";
import { tableIn } from "./known-tables.js";
import { emptyMap, get, type PersistentMap, set, without } from "./persistent-map.js";

/** CHECKs and foreign keys that files have added to tables that no file made, by the table's key. */
export type Unseen = PersistentMap<readonly Constraint[]>;

const KEPT: ReadonlySet<Constraint["kind"] | "index"> = new Set(["check", "foreign-key"] as const);

/** What may change the constraints of a table that is not named, or give its name to another. */
const ANYWHERE: ReadonlySet<OperationDetail["kind"]> = new Set<OperationDetail["kind"]>([
  "administration",
  "drop-object",
  "rename-object",
]);
/** What leaves the constraints of its table, and its columns' names, as they are. */
const HARMLESS: ReadonlySet<OperationDetail["kind"]> = new Set<OperationDetail["kind"]>([
  "data-change",
  // What code changes is replayed one by one.
  "opaque",
  "query",
  "explain",
  "comment",
  "privileges",
  "set-not-null",
  "drop-not-null",
  "set-default",
  "drop-default",
  "set-column-option",
  "maintain-table",
  "rebuild-table",
  "create-object",
  "alter-object",
  "drop-index",
  "rename-index",
  "reindex",
]);

/** What is known of tables that are not, behind an operation. `known` is as the operation leaves it. */
export function withUnseen(known: Known, operation: Operation): Known {
  if (known.unseen.size === 0 && !isAdded(operation)) return known;
  const unseen = unseenAfter(known, operation);
  return unseen === known.unseen ? known : { ...known, unseen };
}

const isAdded = (operation: Operation): boolean =>
  operation.kind === "add-column"
    ? operation.column.references !== null
    : operation.kind === "other" && operation.detail?.kind === "add-constraint";

function unseenAfter(known: Known, operation: Operation): Unseen {
  if (operation.kind === "create-index") return known.unseen;
  if (operation.kind === "add-column") return withColumn(known, operation);
  if (operation.kind === "rename-column") return withRenamed(known, operation);
  if (operation.kind === "other") return afterOther(known, operation);
  if (operation.kind === "drop-column") return withoutColumn(known, operation.relation, operation.column);
  return without(known.unseen, keyOf(known, operation.relation));
}

/** A foreign key that is written at a column goes with it. */
function withColumn(known: Known, { relation, column }: AddColumn): Unseen {
  if (column.references === null || tableIn(known, relation) !== null) return known.unseen;
  const at = keyOf(known, relation);
  const made = columnConstraints(column, namerFor(relation, null, known.dialect)).map(({ constraint }) => constraint);
  const keys = made.filter(({ kind }) => kind === "foreign-key");
  return set(known.unseen, at, Object.freeze([...(get(known.unseen, at) ?? []), ...keys]));
}

/** What a CHECK says is not read again. */
function withRenamed(known: Known, { relation, from, to }: RenameColumn): Unseen {
  const at = keyOf(known, relation);
  const keys = (get(known.unseen, at) ?? []).filter(({ kind }) => kind === "foreign-key");
  const renamed = keys.map((key) =>
    Object.freeze({ ...key, columns: key.columns.map((name) => (name === from ? to : name)) }),
  );
  return renamed.length === 0 ? without(known.unseen, at) : set(known.unseen, at, Object.freeze(renamed));
}

function withoutColumn(known: Known, relation: RelationName, column: string): Unseen {
  const at = keyOf(known, relation);
  const left = (get(known.unseen, at) ?? []).filter(
    ({ kind, columns }) => kind === "foreign-key" && !columns.includes(column),
  );
  return left.length === 0 ? without(known.unseen, at) : set(known.unseen, at, Object.freeze(left));
}

function afterOther(known: Known, { detail, relation, harmless }: OtherOperation): Unseen {
  if (detail === undefined) return harmless ? known.unseen : emptyMap();
  if (ANYWHERE.has(detail.kind)) return harmless || isHanging(detail) ? known.unseen : emptyMap();
  if (relation === null || HARMLESS.has(detail.kind)) return known.unseen;
  const at = keyOf(known, relation);
  const before = get(known.unseen, at) ?? [];
  const after = tableIn(known, relation) === null ? changed(known, relation, before, detail) : [];
  if (after === before) return known.unseen;
  return after.length === 0 ? without(known.unseen, at) : set(known.unseen, at, Object.freeze(after));
}

const isHanging = (detail: OperationDetail): boolean =>
  "object" in detail &&
  ["trigger", "policy", "rule", "statistics", "view", "materialized-view"].includes(detail.object);

function changed(
  known: Known,
  relation: RelationName,
  before: readonly Constraint[],
  detail: OperationDetail,
): readonly Constraint[] {
  switch (detail.kind) {
    case "add-constraint":
      return KEPT.has(detail.constraint.kind) ? [...before, ...addedTo(known, relation, detail)] : before;
    case "validate-constraint":
      return before.map((c) => (c.name === detail.name ? Object.freeze({ ...c, validated: true }) : c));
    case "drop-constraint":
      return before.filter((c) => c.name !== detail.name);
    case "rename-constraint":
      return before.map((c) => (c.name === detail.from ? Object.freeze({ ...c, name: detail.to }) : c));
    default:
      return [];
  }
}

/** IF NOT EXISTS may keep another one: it proves nothing. */
function addedTo(
  known: Known,
  relation: RelationName,
  { constraint, validated, enforced, ifNotExists }: Extract<OperationDetail, { kind: "add-constraint" }>,
): readonly Constraint[] {
  if (ifNotExists || !enforced) return [];
  const made = tableConstraint(constraint, [], namerFor(relation, null, known.dialect));
  return made.map((m) => Object.freeze({ ...m.constraint, validated }));
}
