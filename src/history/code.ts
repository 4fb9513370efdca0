import type { Code, CodeOperation } from "../model/detail/code.js";
import type { CreateObject, DropObject } from "../model/detail/object.js";
import type { RelationName } from "../model/name.js";
import type { Operation } from "../model/operation.js";
import { type Known, putType, typeIn, withoutType } from "./known.js";
import { forgetAll, forgetTable, incomplete } from "./tables.js";
import { isTypeKind } from "./types.js";

/** What is known after one operation: the replay itself. */
export type Apply = (known: Known, operation: Operation) => Known;

/**
 * A block that has run. What runs for certain is replayed; what may run, or runs more than once, leaves its tables
 * uncertain; what is unknown leaves nothing certain.
 */
export function applyCode(known: Known, code: Code | undefined, apply: Apply): Known {
  if (code === undefined || code.unknown.length > 0 || code.operations.some(undoes)) return forgetAll(known);
  return code.operations.reduce((k, entry) => applyEntry(k, entry, apply), known);
}

/** ROLLBACK inside a block undoes what it did since the last COMMIT, and what ran before it. */
function undoes({ operation }: CodeOperation): boolean {
  const detail = operation.kind === "other" ? operation.detail : undefined;
  return detail?.kind === "transaction" && detail.action !== "commit";
}

function applyEntry(known: Known, { operation, repeated, conditional }: CodeOperation, apply: Apply): Known {
  const after = apply(known, operation);
  // What changes nothing need not be known to run.
  if ((!repeated && !conditional) || after === known) return after;
  const detail = operation.kind === "other" ? operation.detail : undefined;
  if (detail?.kind === "create-object" || detail?.kind === "drop-object") return maybeObject(known, after, detail);
  return operation.relation === null ? forgetAll(known) : incomplete(forgetTable(known, operation.relation));
}

/**
 * A type that is made where it is not there (`EXCEPTION WHEN duplicate_object`, CREATE TYPE has no IF NOT EXISTS) is there
 * afterwards: as the files have it, or else as this says, though which values it has is not certain. What hangs on a table is taken to be there, the worse case. */
function maybeObject(known: Known, after: Known, { kind, object, name }: CreateObject | DropObject): Known {
  if (name === null) return forgetAll(known);
  if (isTypeKind(object)) {
    if (kind === "drop-object") return incomplete(withoutType(known, name));
    return typeIn(known, name) === null ? withoutValues(after, name) : known;
  }
  return kind === "create-object" ? after : incomplete(known);
}

function withoutValues(known: Known, name: RelationName): Known {
  const made = typeIn(known, name);
  if (made === null) return known;
  const { values: _, ...type } = made;
  return putType(known, type);
}
