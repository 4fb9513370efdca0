import type { OtherOperation } from "../model/operation.js";
import type { OperationDetail } from "../model/operation-detail.js";
import { applyAccounts } from "./accounts.js";
import { type Apply, applyBlock, applyQuery } from "./code.js";
import { applyColumn } from "./column-changes.js";
import { applyConstraint } from "./constraint-changes.js";
import { applyIndex } from "./index-changes.js";
import type { Known } from "./known.js";
import { applyComment } from "./marks.js";
import { applyObject } from "./object-changes.js";
import { applyPartition } from "./partition-changes.js";
import { applyRights } from "./rights.js";
import { applySettings, applyTransaction, withDefault } from "./session.js";
import { applySwitch } from "./switches.js";
import { applyTable } from "./table-changes.js";
import { forgetAll } from "./tables.js";
import { applyUnread } from "./unread.js";

/** What is known after a change that is not one of the five kinds; what was not understood leaves its table uncertain. */
export function applyOther(known: Known, operation: OtherOperation, apply: Apply): Known {
  const { detail } = operation;
  return detail === undefined ? applyUnread(known, operation) : applyDetail(known, operation, detail, apply);
}

function applyDetail(known: Known, operation: OtherOperation, detail: OperationDetail, apply: Apply): Known {
  switch (detail.kind) {
    case "transaction":
      return applyTransaction(known, detail);
    case "set-variables":
      return applySettings(known, detail.settings);
    case "use":
      return withDefault(known, detail.database);
    case "opaque":
      return applyBlock(known, operation, apply);
    case "query":
      return applyQuery(known, detail, apply);
    case "administration":
      return detail.action === "drop-owned" ? forgetAll(known) : known;
    case "drop-index":
    case "rename-index":
    case "replace-index":
    case "set-index-visibility":
      return applyIndex(known, operation.relation, detail);
    case "comment":
      return applyComment(known, detail);
    case "privileges":
      return applyAccounts(applyRights(known, detail), detail);
    case "create-object":
    case "alter-object":
    case "drop-object":
    case "rename-object":
      return applyAccounts(applyObject(known, operation.relation, detail), detail);
    default:
      return applyToTable(known, operation, detail);
  }
}

function applyToTable(known: Known, { relation }: OtherOperation, detail: OperationDetail): Known {
  if (relation === null) return known;
  switch (detail.kind) {
    case "add-constraint":
    case "drop-constraint":
    case "alter-constraint":
    case "validate-constraint":
    case "rename-constraint":
      return applyConstraint(known, relation, detail);
    case "modify-column":
    case "alter-column-type":
    case "set-default":
    case "drop-default":
    case "set-not-null":
    case "drop-not-null":
    case "drop-identity":
    case "drop-expression":
    case "add-identity":
    case "set-identity":
    case "set-expression":
    case "set-column-option":
    case "set-column-visibility":
    case "rename-column-if-exists":
      return applyColumn(known, relation, detail);
    case "drop-table":
    case "rename-table":
    case "replace-table":
    case "convert-charset":
    case "set-table-option":
    case "add-period":
    case "drop-period":
      return applyTable(known, relation, detail);
    case "attach-partition":
    case "detach-partition":
    case "inherit":
    case "add-partition":
    case "drop-partition":
    case "reorganize-partition":
    case "partition-by":
    case "remove-partitioning":
    case "convert-partition":
    case "convert-table":
      return applyPartition(known, relation, detail);
    case "switch":
      return applySwitch(known, relation, detail);
    default:
      return known;
  }
}
