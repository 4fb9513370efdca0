import type { Catalog } from "../model/catalog.js";
import type { RelationName } from "../model/name.js";
import type { Operation } from "../model/operation.js";
import { type Known, knownOf } from "./known.js";
import { found } from "./known-tables.js";
import { get } from "./persistent-map.js";

/** An operation as it is told where names without a schema are looked for in several of them (PostgreSQL): its table has its schema. */
export const placed = (catalog: Catalog, operation: Operation): Operation => inPath(knownOf(catalog), operation);

/** What is made goes to the first schema of the path; what is there is of the first that has it, and is renamed in there. */
export function inPath(known: Known, operation: Operation): Operation {
  const { relation } = operation;
  if (known.otherSchemas.length === 0 || relation === null || relation.schema !== null) return operation;
  if (operation.kind === "create-table") return madeInFirst(known, operation, relation);
  const full = found(known, relation);
  if (full.schema === null) return operation;
  const moved = Object.freeze({ ...operation, relation: full });
  if (moved.kind !== "other" || moved.detail?.kind !== "rename-table" || moved.detail.to.schema !== null) return moved;
  const to = Object.freeze({ ...moved.detail.to, schema: full.schema });
  return Object.freeze({ ...moved, detail: Object.freeze({ ...moved.detail, to }) });
}

function madeInFirst(
  known: Known,
  operation: Operation & { readonly kind: "create-table" },
  { name }: RelationName,
): Operation {
  const { defaultSchema: schema } = known;
  if (operation.temporary || schema === null || get(known.temporary, name) === true) return operation;
  return Object.freeze({ ...operation, relation: Object.freeze({ schema, name }) });
}
