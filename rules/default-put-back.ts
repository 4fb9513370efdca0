import { findTable, sameRelation } from "../src/engines/engine.js";
import { isNull } from "../src/engines/postgres/effects/null-text.js";
import { ownerOfSequence, ownSequence } from "../src/engines/postgres/own-sequence.js";
import type { Column } from "../src/model/catalog.js";
import type { Operation } from "../src/model/operation.js";
import type { RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";

type Asked = Pick<RuleContext, "operation" | "catalog" | "siblings" | "laterOn" | "engine">;

/**
 * Whether the same ALTER TABLE, or the same transaction, goes on giving a column its values where an operation takes its default
 * or identity away, or lets its numbers begin again (PostgreSQL): nobody writes a row in between.
 */
export function isDefaultPutBack(context: Asked): boolean {
  const { operation, engine } = context;
  if (engine.name !== "postgres") return false;
  const identity = detailOf(operation, "add-identity");
  if (identity !== null) return identity.generated !== "always" && isCountedOn(context, identity.column);
  if (detailOf(operation, "drop-object")?.object === "sequence") return isSequenceMadeAgain(context);
  const lost =
    detailOf(operation, "drop-default") ?? detailOf(operation, "drop-identity") ?? detailOf(operation, "set-default");
  return lost !== null && isGivenAgain(context, lost.column);
}

/** The operations of its ALTER TABLE, and those behind it in its transaction, on the same table. */
function around({ operation, catalog, siblings, laterOn }: Asked): readonly Operation[] {
  const { relation } = operation;
  if (relation === null) return [];
  const isOn = (other: Operation) =>
    other !== operation && other.relation !== null && sameRelation(other.relation, relation, catalog.defaultSchema);
  return [...siblings, ...laterOn(relation.name)].filter(isOn);
}

function isGivenAgain(context: Asked, column: string): boolean {
  return around(context).some((other) => {
    if (detailOf(other, "add-identity")?.column === column) return true;
    const set = detailOf(other, "set-default");
    if (set?.column !== column || isNull(set.default)) return false;
    const sequence = NEXT.exec(set.default)?.[1];
    return !/\bnextval\b/i.test(set.default) || (sequence !== undefined && isSet(context, sequence));
  });
}

/** `nextval('public.users_ids')`: the last part of the name. */
const NEXT = /\bnextval\s*\(\s*'(?:[^'.]+\.)?"?([^'."]+)"?'/i;

/** The transaction lets a sequence count on from another number. */
const isSet = ({ laterOn }: Pick<Asked, "laterOn">, sequence: string): boolean =>
  laterOn(sequence).some((other) =>
    detailOf(other, "query")?.counts?.some((one) => "sequence" in one && one.sequence.name === sequence),
  );

function columnIn({ catalog, operation }: Pick<Asked, "catalog" | "operation">, name: string): Column | null {
  const table = operation.relation === null ? null : findTable(catalog, operation.relation);
  return table?.columns.find((column) => column.name === name) ?? null;
}

/** `pg_get_serial_sequence` names a sequence that the column owned before, as long as that is there. */
function isCountedOn(context: Asked, column: string): boolean {
  const { operation, catalog, laterOn } = context;
  const { relation } = operation;
  if (relation === null) return false;
  const known = columnIn(context, column);
  const isOwn = (other: Operation) =>
    detailOf(other, "query")?.counts?.some(
      (one) =>
        "of" in one &&
        one.column === column &&
        (known?.leftSequence === undefined || known.freeSequence === true) &&
        sameRelation(one.of, relation, catalog.defaultSchema),
    ) === true;
  return laterOn(relation.name).some(isOwn) || isSet(context, ownSequence(relation, known ?? { name: column }));
}

/** The sequence that a serial column has left goes, and its identity's gets the name. */
function isSequenceMadeAgain({ operation, catalog, laterOn }: Asked): boolean {
  const name = detailOf(operation, "drop-object")?.name ?? null;
  if (name === null) return false;
  const owner = ownerOfSequence(name, catalog);
  if (owner === null) return false;
  const later = laterOn(owner.table.relation.name);
  return later.some((other) => detailOf(other, "add-identity")?.column === owner.column.name);
}

/** The statement that lets the numbers of a new identity column count on; null where an operation makes none. */
export function countOnHelp({ operation, catalog, engine }: Asked): string | null {
  const identity = detailOf(operation, "add-identity");
  const { relation } = operation;
  if (identity === null || relation === null) return null;
  const { column } = identity;
  const name = ownSequence(relation, columnIn({ operation, catalog }, column) ?? { name: column });
  const sequence = engine.quoteRelation({ schema: relation.schema, name }).replaceAll("'", "''");
  const greatest = `SELECT max(${engine.quote(column)}) FROM ${engine.quoteRelation(relation)}`;
  return `Let it count on, behind it in the same transaction: SELECT setval('${sequence}', (${greatest}));`;
}
