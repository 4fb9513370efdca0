import type { PartitionOfTable } from "../model/catalog.js";
import type { CreateObject, DropObject } from "../model/detail/object.js";
import type { RelationName } from "../model/name.js";
import type { Operation } from "../model/operation.js";
import type { DetailOf } from "../model/operation-detail.js";
import { aclsPerhaps } from "./acls.js";
import { takenBy } from "./gone-tables.js";
import { lacksIndex } from "./index-changes.js";
import { keyOf } from "./key-of.js";
import type { Known } from "./known.js";
import { ownerOf, putType, tableIn, targetsOf, typeIn, withoutType } from "./known-tables.js";
import { without } from "./persistent-map.js";
import { withoutNew } from "./routines.js";
import { changeTable, forgetTable, incomplete, sameTable } from "./tables.js";
import { isTypeKind } from "./types.js";
import { unknownRan } from "./unread-runs.js";

/** An operation of which it is certain that what it does is done afterwards, by it or by another one before it. */
export function settled(operation: Operation): Operation {
  switch (operation.kind) {
    case "create-table":
    case "add-column":
    case "create-index":
      return { ...operation, ifNotExists: true };
    case "drop-column":
      return { ...operation, ifExists: true };
    case "rename-column":
      return operation;
    case "other": {
      const { detail } = operation;
      if (detail?.kind === "add-constraint") return { ...operation, detail: { ...detail, ifNotExists: true } };
      if (detail?.kind === "drop-constraint" || detail?.kind === "drop-index" || detail?.kind === "drop-table")
        return { ...operation, detail: { ...detail, ifExists: true } };
      return operation;
    }
  }
}

/**
 * What is known behind an operation that may not have run, or more than once. What it may change is uncertain, and only
 * that. What makes a later change worse (a foreign key, an index, a view) is taken to be there.
 *
 * @param after what is known where it has run once
 * @param what the code that it stands in, in words
 */
export function mayHaveRun(known: Known, after: Known, operation: Operation, what: string): Known {
  // What changes nothing need not be known to run.
  if (after === known) return known;
  const acls = aclsPerhaps(known, after, operation);
  const changed = changedBy(known, after, operation, what);
  const left = changed.acls === acls ? changed : { ...changed, acls: { ...acls, age: changed.acls.age } };
  // A name that it may have given to something is not gone for certain any more, and none is that it may have taken away.
  const gone = takenBy(operation, known).reduce((names, name) => without(names, keyOf(known, name)), known.gone);
  return left.gone === gone ? left : { ...left, gone };
}

function changedBy(known: Known, after: Known, operation: Operation, what: string): Known {
  const { relation } = operation;
  if (operation.kind === "create-index") return operation.unique ? uncertain(known, operation.relation) : after;
  if (operation.kind !== "other") return uncertain(known, operation.relation);
  const { detail } = operation;
  switch (detail?.kind) {
    case "create-object":
    case "drop-object":
      return maybeObject(known, after, detail, what);
    case "alter-object":
      if (isTypeKind(detail.object) && detail.name !== null) return withoutValues(known, detail.name);
      return relation === null ? unknownRan(known, what) : uncertain(known, relation);
    case "add-constraint":
      return maybeAdded(known, after, operation.relation, detail);
    case "drop-constraint":
      return maybeDropped(known, operation.relation, detail);
    case "drop-index":
      if (lacksIndex(known, relation, detail.index)) return known;
      return uncertain(known, ownerOf(known, detail.index)?.relation ?? relation);
    case "privileges":
      return after;
    case "comment":
      return known;
    default:
      return relation === null ? unknownRan(known, what) : uncertain(known, relation);
  }
}

function uncertain(known: Known, relation: RelationName | null): Known {
  return relation === null ? incomplete(known) : incomplete(forgetTable(withoutBound(known, relation), relation));
}

/** Its parent is sure no more that it takes rows. */
function withoutBound(known: Known, relation: RelationName): Known {
  const unsure = (one: PartitionOfTable): PartitionOfTable => {
    const { written: _, ...rest } = one;
    return sameTable(known, one.relation, relation) ? rest : one;
  };
  return targetsOf(known, relation).reduce(
    (k, parent) =>
      changeTable(k, parent.relation, (t) =>
        t.partitions === undefined ? t : { ...t, partitions: Object.freeze(t.partitions.map(unsure)) },
      ),
    known,
  );
}

/** A foreign key counts as there; a CHECK proves nothing of the rows; whether a key is there is not told of its table. */
function maybeAdded(
  known: Known,
  after: Known,
  relation: RelationName | null,
  { constraint }: DetailOf<"add-constraint">,
): Known {
  if (relation === null || constraint.kind === "foreign-key") return after;
  if (constraint.kind !== "check" || tableIn(known, relation) === null) return uncertain(known, relation);
  const before = new Set(tableIn(known, relation)?.constraints ?? []);
  return changeTable(after, relation, (t) => ({
    ...t,
    constraints: t.constraints.map((c) => (before.has(c) ? c : Object.freeze({ ...c, validated: false }))),
  }));
}

/** A foreign key counts as there still; a CHECK proves nothing any more. */
function maybeDropped(known: Known, relation: RelationName | null, { name }: DetailOf<"drop-constraint">): Known {
  const gone = relation === null ? undefined : tableIn(known, relation)?.constraints.find((c) => c.name === name);
  if (relation === null || (gone?.kind !== "foreign-key" && gone?.kind !== "check")) return uncertain(known, relation);
  if (gone.kind === "foreign-key") return known;
  const unproved = Object.freeze({ ...gone, validated: false });
  return changeTable(known, relation, (t) => ({
    ...t,
    constraints: t.constraints.map((c) => (c === gone ? unproved : c)),
  }));
}

/**
 * A type that is made where it is not there (`EXCEPTION WHEN duplicate_object`, CREATE TYPE has no IF NOT EXISTS) is there
 * afterwards: as the files have it, or else as this says, though which values it has is not certain. What hangs on a table is taken to be there, the worse case. */
function maybeObject(
  known: Known,
  after: Known,
  { kind, object, name }: CreateObject | DropObject,
  what: string,
): Known {
  if (name === null) return unknownRan(known, what);
  if (isTypeKind(object)) {
    if (kind === "drop-object") return incomplete(withoutType(known, name));
    return typeIn(known, name) === null ? withoutValues(after, name) : known;
  }
  return kind === "create-object" ? withoutNew(after, name) : incomplete(known);
}

function withoutValues(known: Known, name: RelationName): Known {
  const made = typeIn(known, name);
  if (made === null) return known;
  const { values: _, ...type } = made;
  return putType(known, type);
}
