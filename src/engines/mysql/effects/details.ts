import type { OtherOperation } from "../../../model/operation.js";
import type { DetailKind, DetailOf } from "../../../model/operation-detail.js";
import type { Change } from "./change.js";
import { addConstraintChange } from "./changes/add-constraint.js";
import { columnVisibilityChange, dropDefaultChange, renameIfExistsChange, setDefaultChange } from "./changes/column.js";
import { alterConstraintChange, dropConstraintChange } from "./changes/constraint-state.js";
import { convertCharsetChange } from "./changes/convert-charset.js";
import { dataChange, explainChange, opaqueChange, queryChange } from "./changes/data.js";
import { dropTableChange, renameTableChange, replaceTableChange, truncateChange } from "./changes/drop-table.js";
import {
  dropIndexChange,
  indexVisibilityChange,
  renameIndexChange,
  replaceIndexChange,
} from "./changes/index-change.js";
import { maintainPartitionChange, maintainTableChange } from "./changes/maintain.js";
import {
  alterObjectChange,
  createObjectChange,
  dropObjectChange,
  privilegesChange,
  renameObjectChange,
} from "./changes/object.js";
import {
  addPartitionChange,
  dropPartitionChange,
  exchangePartitionChange,
  partitionByChange,
  partitionToTableChange,
  spreadPartitionsChange,
  tableToPartitionChange,
  truncatePartitionChange,
} from "./changes/partition.js";
import { administrationChange, lockTablesChange, nothingChange } from "./changes/session.js";
import {
  noChange,
  orderRowsChange,
  periodChange,
  rebuildChange,
  secondaryEngineChange,
  switchChange,
  systemVersioningChange,
  tablespaceFilesChange,
} from "./changes/table.js";
import { tableOptionChange } from "./changes/table-option.js";
import { modifyColumnChange } from "./modify/modify-column.js";
import type { Server } from "./server.js";
import { type Subject, subjectOf } from "./subject.js";
import { worstChange } from "./worst.js";

type Handler<K extends DetailKind> = (detail: DetailOf<K>, subject: Subject) => Change;

/** Every kind of detail. What only PostgreSQL has cannot come from this parser. */
const HANDLERS: { readonly [K in DetailKind]: Handler<K> } = {
  "add-constraint": addConstraintChange,
  "add-identity": foreign,
  "add-partition": addPartitionChange,
  "add-period": periodChange,
  administration: administrationChange,
  "alter-column-type": foreign,
  "alter-constraint": alterConstraintChange,
  "alter-object": alterObjectChange,
  "attach-partition": foreign,
  "coalesce-partition": spreadPartitionsChange,
  comment: foreign,
  "convert-charset": convertCharsetChange,
  "convert-partition": partitionToTableChange,
  "convert-table": tableToPartitionChange,
  "create-object": createObjectChange,
  "data-change": dataChange,
  "detach-partition": foreign,
  "drop-constraint": dropConstraintChange,
  "drop-default": dropDefaultChange,
  "drop-expression": foreign,
  "drop-identity": foreign,
  "drop-index": dropIndexChange,
  "drop-not-null": foreign,
  "drop-object": dropObjectChange,
  "drop-partition": dropPartitionChange,
  "drop-period": periodChange,
  "drop-table": dropTableChange,
  "exchange-partition": exchangePartitionChange,
  explain: explainChange,
  inherit: foreign,
  "lock-tables": lockTablesChange,
  "maintain-partition": maintainPartitionChange,
  "maintain-table": maintainTableChange,
  "modify-column": modifyColumnChange,
  "no-change": noChange,
  opaque: opaqueChange,
  "order-rows": orderRowsChange,
  "partition-by": partitionByChange,
  "prepare-statement": nothingChange,
  privileges: privilegesChange,
  query: queryChange,
  "rebuild-table": rebuildChange,
  "refresh-view": foreign,
  reindex: foreign,
  "remove-partitioning": partitionByChange,
  "rename-column-if-exists": renameIfExistsChange,
  "rename-constraint": foreign,
  "rename-index": renameIndexChange,
  "rename-object": renameObjectChange,
  "rename-table": renameTableChange,
  "reorganize-partition": spreadPartitionsChange,
  "replace-index": replaceIndexChange,
  "replace-table": replaceTableChange,
  "secondary-engine": secondaryEngineChange,
  "set-column-option": foreign,
  "set-column-visibility": columnVisibilityChange,
  "set-default": setDefaultChange,
  "set-expression": foreign,
  "set-identity": foreign,
  "set-index-visibility": indexVisibilityChange,
  "set-not-null": foreign,
  "set-table-option": tableOptionChange,
  "set-variables": nothingChange,
  switch: switchChange,
  "system-versioning": systemVersioningChange,
  "tablespace-files": tablespaceFilesChange,
  transaction: nothingChange,
  truncate: truncateChange,
  "truncate-partition": truncatePartitionChange,
  use: nothingChange,
  "validate-constraint": foreign,
};

function foreign(_: unknown, { operation }: Subject): Change {
  return worstChange(operation, `${operation.what} is PostgreSQL's`);
}

/** The change of an operation of kind "other": by its detail; null where it was not understood. */
export function detailChange(operation: OtherOperation, server: Server): Change | null {
  const { detail } = operation;
  if (detail === undefined) return null;
  const handle = HANDLERS[detail.kind] as Handler<DetailKind>;
  return handle(detail as DetailOf<DetailKind>, subjectOf(operation, server));
}
