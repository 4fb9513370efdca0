import type { TableLock } from "../../rules/rule.js";
import { sameRelation } from "../engines/engine.js";
import type { Catalog } from "../model/catalog.js";
import type { Operation } from "../model/operation.js";
import type { OperationDetail } from "../model/operation-detail.js";

const NONE: readonly TableLock[] = Object.freeze([]);

/**
 * The locks of LOCK TABLES behind an operation (MySQL, MariaDB): none where it ends them, or where that is not told.
 *
 * @param known the schema before the operation
 */
export function locksAfter(locks: readonly TableLock[], operation: Operation, known: Catalog): readonly TableLock[] {
  const detail = operation.kind === "other" ? operation.detail : undefined;
  if (detail?.kind === "lock-tables") return known.dialect === undefined ? NONE : locked(detail);
  if (locks.length === 0 || operation.kind !== "other") return locks;
  if (detail === undefined || ends(detail)) return NONE;
  const { relation } = operation;
  if (detail.kind !== "drop-table" || relation === null) return locks;
  return locks.filter((one) => !sameRelation(one.relation, relation, known.defaultSchema));
}

const locked = ({ tables }: Extract<OperationDetail, { kind: "lock-tables" }>): readonly TableLock[] =>
  tables.map(({ relation, alias, mode }) =>
    Object.freeze({ relation, alias: alias ?? relation.name, writes: !mode.startsWith("READ") }),
  );

/** A transaction that begins gives the locks back; so may code that is not seen. A lock under a new name is not followed. */
function ends(detail: OperationDetail): boolean {
  switch (detail.kind) {
    case "transaction":
      return detail.action === "begin" || detail.chain;
    case "opaque":
    case "prepare-statement":
    case "use":
    case "rename-table":
      return true;
    default:
      return false;
  }
}
